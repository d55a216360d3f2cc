"""Certificates: classify pages by kind of document, and extract the fields of that kind."""
