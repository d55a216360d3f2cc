"""API keys: issuing, binding to a role, and looking up."""
