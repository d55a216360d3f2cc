"""Credit 信用: whether an organization is on a list, by code, name or resemblance."""
