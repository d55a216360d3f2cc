"""Periods that run 期限, and the calendar of working days that they are counted by."""
