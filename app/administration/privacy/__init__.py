"""People's data over time: rotation of keys, retention, erasure, and what is held about a person."""
