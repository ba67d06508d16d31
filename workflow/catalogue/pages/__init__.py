"""Doors: the published forms and their versions; a form tried before it is published."""

from workflow.catalogue.pages import (
    adapted,
    adapting,
    changing,
    comparing,
    offers,
    printing,
    proposing,
    trying,
    uses,
    version,
    versions,
)
from workflow.catalogue.pages.blueprint import catalogue

__all__ = [
    "adapted",
    "adapting",
    "catalogue",
    "changing",
    "comparing",
    "offers",
    "printing",
    "proposing",
    "trying",
    "uses",
    "version",
    "versions",
]
