"""Privacy: key rotation, retention, erasure, and reports of a person's data."""
