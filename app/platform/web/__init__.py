"""HTTP plumbing: wire types, routing that fails closed, paging, idempotency, limits, logs."""
