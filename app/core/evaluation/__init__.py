"""Evaluation 评标: score sheets, price scores, ranking."""
