"""Certificates: what kind of paper a page is, and the fields of that kind."""
