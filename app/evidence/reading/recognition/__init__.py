"""Recognition: text from pictures."""
