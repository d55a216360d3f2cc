"""The verifier of the audit trail, which runs independently of the service: Python 3.11 and `cryptography` alone."""
