"""Evaluation 评标: score sheets, price scores, and who ranks where."""
