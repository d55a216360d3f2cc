"""Bids 投标: the contents of an envelope, receipts, prices."""
