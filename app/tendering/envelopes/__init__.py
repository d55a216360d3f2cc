"""Sealed bids 密封投标: encrypted envelopes that stay unreadable until the opening, and the opening 开标."""
