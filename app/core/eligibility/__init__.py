"""Eligibility 资格: whether the bidder meets the requirements of the tender, and why."""
