"""Evidence 证据: facts from documents and public lists: extraction of files, and credit lists."""
