"""Facts: the dossier, what its documents bear out, the policy, and outcomes."""
