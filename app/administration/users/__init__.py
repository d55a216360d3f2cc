"""User accounts, passwords, second factors and sessions."""
