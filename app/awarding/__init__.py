"""Awarding 评审与定标: the evaluation committee, score sheets and rankings, awards, results and contracts."""
