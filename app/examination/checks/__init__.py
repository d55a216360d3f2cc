"""Checks on request: a bid's service plan 服务方案, and the qualification of the monitoring body 监管评估机构."""
