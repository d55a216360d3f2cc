"""The index of credit lists: up to ten million names, searchable by code, name and similarity."""
