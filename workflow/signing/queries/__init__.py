"""Read rooms for signing: where they stand, who signs, what the file is, who may come."""
