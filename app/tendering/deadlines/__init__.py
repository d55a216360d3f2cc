"""Statutory periods 期限, and the working-day calendar used to compute them."""
