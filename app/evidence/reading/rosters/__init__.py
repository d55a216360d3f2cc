"""Roster files 人员名册: spreadsheet rows into roster lines."""
