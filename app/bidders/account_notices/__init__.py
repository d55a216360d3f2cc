"""Account notices: what admins, operators and programs did in somebody's place, shown to whom it concerns."""
