"""Integrity leads 线索: what only shows when all bids of a tender are seen together. A lead never rejects; a person decides."""
