"""The date a paper bears: today as a rule, and never so far away that it is a slip of the pen."""

from __future__ import annotations

from datetime import date, timedelta

FURTHEST = timedelta(days=366)
TOO_FAR = "Write a date less than a year away: %(day)s is probably a slip."


def too_far(day: date, today: date) -> bool:
    return abs(day - today) > FURTHEST
