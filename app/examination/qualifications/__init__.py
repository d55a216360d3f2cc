"""Qualifications 资格审查结论: an officer's decision on a screening's proposal."""
