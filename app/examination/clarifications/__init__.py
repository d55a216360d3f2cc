"""Clarifications 澄清: asked alike, answered by the bidder, within what the bid and the registers held at the deadline."""
