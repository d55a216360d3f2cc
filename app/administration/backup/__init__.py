"""Backups: one archive of a consistent database and its files, still encrypted, without the secret."""
