"""Audit events 审计, written in the transaction of each state change."""
