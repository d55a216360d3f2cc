"""The database: engine, column types, keys, and the base that tables are declared on."""
