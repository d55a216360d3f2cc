"""Evidence 证据: what papers and public lists say: reading files into fields, and credit lists."""
