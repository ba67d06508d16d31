"""Doors of surveys: households answer with their code; the team sends, keys, follows, counts."""

from workflow.surveys.pages import by_code, calls, follow_up, keying, listing, recipient, rereading, results
from workflow.surveys.pages.blueprint import surveys

__all__ = ["by_code", "calls", "follow_up", "keying", "listing", "recipient", "rereading", "results", "surveys"]
