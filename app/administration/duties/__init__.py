"""The duties of every day that belong to no tender: what may be erased, the backup, the age of the credit lists."""
