"""Award decision 定标: which bidder is awarded which lot."""
