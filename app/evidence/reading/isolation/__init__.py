"""Isolation: readers run in recycled child processes with limits and no network."""
