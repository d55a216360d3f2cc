"""bidscreen: tender and bidder-qualification screening (投标人资格筛查)."""
