"""Uploaded files, stored once under the hash of their content."""
