"""Credit searches 信用查询: matching the bidders of a tender, with the record that stays."""
