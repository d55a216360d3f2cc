"""The invented tender: agencies, staff, bids, credit lists and decisions."""
