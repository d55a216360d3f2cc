"""List files: their rows as entries, whatever the columns are called."""
