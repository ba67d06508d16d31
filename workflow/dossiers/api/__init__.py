"""Doors for machines: telephones and tablets that fill in forms and send them (OpenRosa)."""

from workflow.dossiers.api import forms, submitting
from workflow.dossiers.api.blueprint import openrosa

__all__ = ["forms", "openrosa", "submitting"]
