"""Staff rosters 花名册: JSON, XLSX and CSV in, roster lines out."""
