"""Named satisfaction surveys of rehoused households: sent with a code, answered anywhere, counted without a name."""
