"""Background jobs: the job table, the workers that lease from it, and progress over HTTP."""
