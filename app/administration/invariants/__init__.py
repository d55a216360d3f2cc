"""What must hold of the stored data at any time, whoever did what in which order; `bidscreen check` reads it all."""
