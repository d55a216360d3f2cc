"""Notices 公告: amendments of the documents, public results, and each unsuccessful bidder's own score and rank."""
