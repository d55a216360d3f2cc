"""Readers: one per family of formats; the one with the highest claim reads a file."""
