"""bidscreen: tender and bidder-qualification screening (投标人资格筛查)."""

__version__ = "0.1.0"
