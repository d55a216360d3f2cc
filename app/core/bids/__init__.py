"""Bids 投标: what a bid says: envelope contents, receipts, prices."""
