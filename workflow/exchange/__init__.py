"""Import, export and the demonstration data."""
