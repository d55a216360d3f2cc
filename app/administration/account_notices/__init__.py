"""Account notices: what admins and operators did to an account or made in its place, shown to whom it concerns."""
