"""What `bidscreen credit import` and `credit match` do."""
