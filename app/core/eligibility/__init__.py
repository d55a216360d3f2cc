"""Eligibility 资格: whether the bidder is eligible, and why."""
