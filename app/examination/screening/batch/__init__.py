"""Batch screening: folders, JSONL and tables of dossiers."""
