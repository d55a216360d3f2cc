"""Award scenarios 中标."""
