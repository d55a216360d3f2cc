"""Values: what everything is made of: codes, IDs, money, months, divisions, canonical JSON."""
