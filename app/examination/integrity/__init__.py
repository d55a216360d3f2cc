"""Integrity leads 线索 over HTTP: computed for a tender, decided by persons, remembered across tenders."""
