"""The content-addressed file store."""
