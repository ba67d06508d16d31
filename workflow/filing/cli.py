"""Doors: relais document write, relais verify."""

from __future__ import annotations

import click


@click.group()
def document() -> None:
    """Papers."""


@click.command()
def verify() -> None:
    """Check a PDF."""
