"""Tendering 招标: everything up to the bid opening: policies, tenders, deadlines, bids, envelopes, notices, remedies."""
