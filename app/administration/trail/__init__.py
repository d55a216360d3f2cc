"""The audit trail over HTTP: listing, verification, and delivery of signed checkpoints."""
