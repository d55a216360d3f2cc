"""The trail of state changes: events, their hash chains, and the reading of them."""
