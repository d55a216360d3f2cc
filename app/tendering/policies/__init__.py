"""Policies 评审规则 as dated data, and their validating loader."""
