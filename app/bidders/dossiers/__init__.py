"""Dossiers: an organization's identity, registration, particulars and roster combined."""
