"""The engine version that each screening records, so that a replay knows which rules produced it."""

ENGINE_VERSION = "3"
