"""Dossiers within a tender: which versions count at its deadline and which arrived late."""
