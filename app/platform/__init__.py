"""Platform: what any service needs: settings, database, files, audit, access, web, jobs. It knows no feature."""
