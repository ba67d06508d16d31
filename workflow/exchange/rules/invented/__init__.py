"""Invented households for the demonstration: pure and seeded, so that every installation invents the same people.

`households(operation, count)` says who lives where; `answers(household, operation, ...)` says what one of them told the
officer, as nested answers to the form `diagnostic-social`; `courses(operation, people, today)` says how far sixty of
these diagnoses have come. Nothing here reads a file, a clock or a database.
"""

from workflow.exchange.rules.invented.answers import answers
from workflow.exchange.rules.invented.courses import courses
from workflow.exchange.rules.invented.homes import households

__all__ = ["answers", "courses", "households"]
