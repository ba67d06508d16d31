"""Doors: papers written outside a procedure."""

from workflow.writing.pages import answers, caused, drafts, letters, lists, papers, run, writing
from workflow.writing.pages.blueprint import writing_blueprint

__all__ = ["answers", "caused", "drafts", "letters", "lists", "papers", "run", "writing", "writing_blueprint"]
