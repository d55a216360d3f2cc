"""Consistency checks: invariants of the stored data, read by `bidscreen check`."""
