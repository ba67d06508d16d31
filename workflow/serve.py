"""The command line and, behind `relais serve`, the supervisor."""

from __future__ import annotations

import click
from flask.cli import FlaskGroup

from workflow.app import commands, create_app
from workflow.migrations import running


@click.group(cls=FlaskGroup, create_app=create_app, add_default_commands=False, add_version_option=False)
def main() -> None:
    """Relais: the forms of a rehousing operation, from hand to hand until they are signed documents."""


@main.command()
def release() -> None:
    """Bring the database to the newest shape."""
    running.upgrade()


for command in commands():
    main.add_command(command)
