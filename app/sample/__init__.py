"""Sample: an invented tender with its demo, generated from a fixed seed; no person or organization in it exists."""
