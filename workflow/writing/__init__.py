"""Papers written outside a procedure: for one household or many, for a body, for an operation."""
