"""Doors: papers written outside a procedure."""

from workflow.writing.pages import answers, drafts, letters, lists, papers, run, writing
from workflow.writing.pages.blueprint import writing_blueprint

__all__ = ["answers", "drafts", "letters", "lists", "papers", "run", "writing", "writing_blueprint"]
