"""Staff 人员: which persons on the roster count as full-time and as professional social workers."""
