"""Checks that a person asks for: a bid's service plan 服务方案, the supervising evaluator's own qualification."""
