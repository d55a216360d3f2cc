"""Readers: one for each sort of file; the highest claim reads it."""
