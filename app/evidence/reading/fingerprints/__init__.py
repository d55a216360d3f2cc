"""Fingerprints of files: what integrity checks compare between bidders."""
