"""Submissions: what is recorded about how a bid was submitted (submission traces)."""
