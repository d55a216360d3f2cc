"""Screenings 资格筛查: immutable, replayable runs."""
