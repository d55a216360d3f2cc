"""Integrity leads 线索: computed for a tender, decided by officers, linked to earlier tenders."""
