"""Core: the decisions as pure functions over frozen values; standard library only, no clock, no IO."""
