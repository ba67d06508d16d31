"""Doors: relais form check."""

from __future__ import annotations

import click


@click.group()
def form() -> None:
    """Forms."""
