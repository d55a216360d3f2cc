"""Contracts 合同 and their milestones: a daily job proposes the consequences of delays, an officer decides."""
