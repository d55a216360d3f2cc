"""Credit searches 信用查询: matching organizations against credit lists, with a record kept in the tender."""
