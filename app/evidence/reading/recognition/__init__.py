"""Recognition: text out of pictures."""
