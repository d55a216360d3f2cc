"""Invented documents in many layouts, drawn at test time: no person in them exists, every check digit is valid."""
