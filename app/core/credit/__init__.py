"""Credit 信用: whether an organization is on a list, by code, by name or by a similar name."""
