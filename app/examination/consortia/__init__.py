"""Consortia 联合体: several suppliers who bid as one."""
