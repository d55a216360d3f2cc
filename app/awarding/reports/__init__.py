"""What people read: tables and workbooks."""
