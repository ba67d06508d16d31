"""Contributing to a draft: a charter, or any agreement, worded by those it concerns before it is frozen."""
