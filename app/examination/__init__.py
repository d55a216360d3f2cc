"""Examination 资格审查: whether each bidder is eligible, and which leads its bid raises."""
