"""Results 中标结果: announcing the awards and notifying each bidder of its own result."""
