"""Credit lists 信用名单: snapshots, matching, judgements."""
