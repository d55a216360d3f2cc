"""Layout: structure of a page: lines, cells, tables, labels and their values."""
