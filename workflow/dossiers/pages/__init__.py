"""Doors: households, dossiers, filling, decisions."""

from workflow.dossiers.pages.blueprint import dossiers

__all__ = ["dossiers"]
