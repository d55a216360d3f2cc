"""Approvals 复核: acts proposed by one person, which a second person agrees to or declines."""
