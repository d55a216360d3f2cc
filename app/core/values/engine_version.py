"""The version of the engine: what a screening records, so that a replay knows which rules gave it."""

ENGINE_VERSION = "1"
