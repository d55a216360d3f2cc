"""The outputs of `bidscreen extract`."""
