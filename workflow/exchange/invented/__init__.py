"""Invented households for the demonstration: pure and seeded, so that every installation invents the same people.

`households(operation, count)` says who lives where; `answers(household, operation, ...)` says what one of them told the
officer, as nested answers to the form `diagnostic-social`. Nothing here reads a file, a clock or a database.
"""

from workflow.exchange.invented.answers import answers
from workflow.exchange.invented.homes import households

__all__ = ["answers", "households"]
