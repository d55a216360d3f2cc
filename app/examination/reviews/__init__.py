"""Reviews 人工复核: a bidder requests human review of an automated result."""
