"""Doors: the published forms and their versions; a form tried before it is published."""

from workflow.catalogue.pages import comparing, trying, versions
from workflow.catalogue.pages.blueprint import catalogue

__all__ = ["catalogue", "comparing", "trying", "versions"]
