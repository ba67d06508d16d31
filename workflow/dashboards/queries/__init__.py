"""Read across: what the operator's page shows, and what must always hold."""
