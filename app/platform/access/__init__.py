"""Access control: roles, the permission table, masking."""
