"""Bidders 供应商: organizations, their documents and rosters, and the dossier that these form."""
