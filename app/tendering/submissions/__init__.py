"""Submissions: traces of how bids were submitted (network address, client, agent, bond account)."""
