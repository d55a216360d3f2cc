"""The index of credit lists: ten million names, found by code, name and resemblance."""
