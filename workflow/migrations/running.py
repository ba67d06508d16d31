"""Bring the database to the newest shape, or to any other."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(to: str = "head") -> None:
    command.upgrade(_config(), to)


def downgrade(to: str) -> None:
    command.downgrade(_config(), to)


def new(message: str, number: str) -> None:
    """Write a migration from the difference between models and database (developers)."""
    command.revision(_config(), message=message, autogenerate=True, rev_id=number)


def check() -> None:
    """Raises when the models and the database differ."""
    command.check(_config())
