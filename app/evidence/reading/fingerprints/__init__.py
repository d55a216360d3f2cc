"""Fingerprints of files: features that integrity checks compare between bidders."""
