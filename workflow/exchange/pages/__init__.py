"""Doors: an operation begun and looked over; files of households brought in."""

from workflow.exchange.pages import beginning, courses, importing, overview
from workflow.exchange.pages.blueprint import exchange

__all__ = ["beginning", "courses", "exchange", "importing", "overview"]
