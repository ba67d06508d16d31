"""Doors: relais invariants."""

from __future__ import annotations

import click


@click.command()
def invariants() -> None:
    """Check what must always hold."""
