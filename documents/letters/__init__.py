"""Letters handed over or posted, in large type: one page that bears a square for a telephone, or a code."""
