"""Clarifications 澄清: the same question to every bidder concerned, answered within what the bid and public registers
held at the deadline.
"""
