"""Read drafts, and what is said of them."""
