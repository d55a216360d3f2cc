"""Bidders 供应商: who bids and what it submits: organizations, documents, rosters, and the dossier they form."""
