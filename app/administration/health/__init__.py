"""Health: the one route that answers without a key."""
