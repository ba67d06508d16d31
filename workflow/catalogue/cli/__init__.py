"""Doors: relais form, relais circuit. They need no installation: only the engines and files."""

from workflow.catalogue.cli.circuits import circuit
from workflow.catalogue.cli.forms import form

__all__ = ["circuit", "form"]
