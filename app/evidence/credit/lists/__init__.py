"""List files: read rows as entries, whatever their column names."""
