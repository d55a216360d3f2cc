"""Values: codes, IDs, money, months, administrative divisions, canonical JSON."""
