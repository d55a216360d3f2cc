"""Reviews 人工复核: a bidder asks a person to look again at what was computed about it."""
