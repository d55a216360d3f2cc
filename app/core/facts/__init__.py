"""Facts: the dossier, what its documents prove, the policy, and outcomes."""
