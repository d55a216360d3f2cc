"""Contracts 合同 and their milestones: what lateness leads to is computed each day, proposed, and decided by an officer."""
