"""Reading: extract fields with page and box from a file; no database, no HTTP."""
