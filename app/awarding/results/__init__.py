"""Results 中标结果: announcement of the awards and notification of each bidder's own result."""
