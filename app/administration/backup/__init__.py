"""Backups: one archive of database and files as they were at one moment, encrypted as they are, without the secret."""
