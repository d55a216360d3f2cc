"""HTTP plumbing that all features share."""
