"""What commands share: input and output in JSON, formats, progress, failures and exit statuses."""
