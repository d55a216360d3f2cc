"""Qualifications 资格审查结论: a person decides on what a screening proposes."""
