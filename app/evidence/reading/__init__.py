"""Reading: a file into fields with page and box; no database, no HTTP."""
