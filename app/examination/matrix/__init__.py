"""The screening matrix 资格审查一览: the bidders of a tender against its requirements, in one response."""
