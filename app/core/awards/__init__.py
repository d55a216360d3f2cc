"""Awards 定标: who is awarded which lot."""
