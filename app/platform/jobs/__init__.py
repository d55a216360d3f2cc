"""Work that outlives a request: the job table, the workers that lease from it, and its progress over HTTP."""
