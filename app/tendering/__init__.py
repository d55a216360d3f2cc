"""Tendering 招标: everything before the examination: policies, tenders, deadlines, bids, envelopes, notices, remedies."""
