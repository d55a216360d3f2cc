"""What `bidscreen screen` does: the run over its inputs, and its outputs."""
