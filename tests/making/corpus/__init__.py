"""Invented papers in many layouts, drawn at test time: nobody in them exists, every check digit is valid."""
