"""Doors: the list of operations, and what each is described with."""

from workflow.operations.pages import buildings, changing, listing, parameters, partners, places, tranches, values
from workflow.operations.pages.blueprint import operations

__all__ = ["buildings", "changing", "listing", "operations", "parameters", "partners", "places", "tranches", "values"]
