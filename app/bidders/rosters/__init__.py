"""Staff rosters 花名册: roster lines from JSON, XLSX, XLS, ODS and CSV."""
