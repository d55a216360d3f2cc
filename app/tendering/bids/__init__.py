"""Bids 投标 recorded at the opening."""
