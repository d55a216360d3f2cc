"""Sample: an invented tender with its demo, generated from a fixed seed; nobody in it exists."""
