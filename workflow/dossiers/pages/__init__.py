"""Doors: households, dossiers, filling, decisions."""

from workflow.dossiers.pages import checking, deciding, dossier, filling, household, households, papers, signing
from workflow.dossiers.pages.blueprint import dossiers

__all__ = ["checking", "deciding", "dossier", "dossiers", "filling", "household", "households", "papers", "signing"]
