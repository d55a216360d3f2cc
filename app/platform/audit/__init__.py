"""The audit trail: events, their hash chains, and verification."""
