"""Score sheets 评分 and rankings 排名."""
