"""Read what a paper says, what was written, and for whom."""
