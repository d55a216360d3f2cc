"""HTTP: wire types, guarded routing, paging, idempotency, limits, logs."""
