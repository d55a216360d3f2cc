"""Platform: settings, database, files, audit, access, web and jobs. It depends on no feature."""
