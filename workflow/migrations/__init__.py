"""The database's shape, version by version."""
