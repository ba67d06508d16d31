"""Doors: relais first."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from workflow.db import db
from workflow.errors import Refused
from workflow.people import actions


@click.command()
@with_appcontext
def first() -> None:
    """Print the link for the first administrator; one printed before is dead. `relais serve` does so by itself."""
    secret = actions.offer_first_link()
    if secret is None:
        raise Refused("begun", "This installation has an administrator already.")
    db.session.commit()
    click.echo(f"{current_app.config['RELAIS'].base_url}/first/{secret}")
    click.echo(_("It works once, within a day."))
