"""Reports for people: terminal tables and workbooks."""
