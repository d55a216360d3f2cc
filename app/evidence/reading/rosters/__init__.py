"""Roster files 人员名册: convert spreadsheet rows to roster lines."""
