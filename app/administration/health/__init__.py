"""Health of the service, without authentication."""
