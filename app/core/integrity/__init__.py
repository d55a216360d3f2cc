"""Integrity leads 线索: patterns visible only when all bids of a tender are compared. A lead never rejects a bid; an
officer decides.
"""
