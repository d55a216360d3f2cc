"""The sample tender, generated with a fixed seed; nobody in it exists."""
