"""Staff 人员: who on the roster counts as full-time and as a professional social worker."""
