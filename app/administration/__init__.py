"""Administration 管理: users and keys, the audit trail, health, privacy, backup and consistency checks."""
