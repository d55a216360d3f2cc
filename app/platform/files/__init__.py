"""Uploaded bytes, kept once under the hash of what they are."""
