"""Dossiers: what organization, registration, particulars and roster form together."""
