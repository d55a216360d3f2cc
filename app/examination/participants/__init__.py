"""Participants: which organizations take part in a tender."""
