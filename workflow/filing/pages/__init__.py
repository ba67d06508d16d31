"""Doors: papers are checked by anybody; letterheads; all papers in one list."""

from workflow.filing.pages import letterheads, papers, verify  # noqa: F401  their addresses
from workflow.filing.pages.blueprint import filing

__all__ = ["filing"]
