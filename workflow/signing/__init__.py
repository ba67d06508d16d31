"""Rooms in which one paper is signed: by whom, in what order, by which channel, and what became of it."""
