"""Notices 公告: amendments of the documents, results to everybody, and to each loser its own score and rank."""
