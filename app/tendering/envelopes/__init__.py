"""Sealed bids 密封投标: envelopes that nobody reads before the opening, and the opening 开标 itself."""
