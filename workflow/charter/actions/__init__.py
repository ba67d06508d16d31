"""Verbs of drafts: begin, word, open, contribute, read, answer, freeze, publish."""
