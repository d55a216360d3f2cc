"""Bids 投标, as recorded after the opening."""
