"""Doors: relais demo."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from workflow.config import DEMONSTRATION, private_file
from workflow.db import db, unscoped
from workflow.exchange import actions
from workflow.filing import actions as filing
from workflow.migrations import running

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
OPERATION = TEMPLATES / "operations" / "mistral.yaml"
SURVEYED = TEMPLATES / "operations" / "la-duchere.yaml"


@click.command()
@with_appcontext
def demo() -> None:
    """Fill an empty installation with invented people. Repeating it changes nothing."""
    settings = current_app.config["RELAIS"]
    running.upgrade()
    filing.ensure_authority(settings)
    with unscoped("the demonstration is made for an empty installation"):
        actions.publish_procedures(TEMPLATES / "procedures")
        db.session.commit()
        description = actions.read_operation(OPERATION)
        if actions.installed(description["slug"]):
            click.echo("Les données de démonstration sont déjà là.")
        else:
            acts = 0
            for stretch in actions.demonstrate(description):
                acts += stretch == "course"
            db.session.commit()
            actions.demonstrate_survey(actions.read_operation(SURVEYED))
            db.session.commit()
            actions.demonstrate_more(description["slug"])
            click.echo(f"280 ménages inventés, {acts} actes rejoués.")
    private_file(settings.home / DEMONSTRATION, b"invented data\n")
    db.session.info.clear()
