"""`relais record verify | rebuild`."""

from __future__ import annotations

import json

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from workflow.db import begin_reading, db, unscoped
from workflow.record import actions, queries


@click.group()
def record() -> None:
    """The append-only log."""


@record.command()
@click.option("--json", "as_json", is_flag=True)
@with_appcontext
def verify(as_json: bool) -> None:
    """Walk every chain; name the first bad row of each."""
    begin_reading()
    faults = queries.faults()
    heads = {chain.id: chain.head_seq for chain in queries.chains()}
    if as_json:
        click.echo(json.dumps({"chains": heads, "faults": [vars(fault) for fault in faults]}))
    else:
        for fault in faults:
            click.echo(_("chain %(chain)s: row %(seq)s does not hold (%(reason)s)", **vars(fault)))
        if not faults:
            click.echo(
                _("%(count)s rows in %(chains)s chains, all whole", count=sum(heads.values()), chains=len(heads))
            )
    raise SystemExit(1 if faults else 0)


@record.command()
@with_appcontext
def rebuild() -> None:
    """Make the derived tables anew from the record."""
    with unscoped("the derived tables of every operation are made anew"):
        for name, count in actions.rebuild().items():
            click.echo(f"{name}: {count}")
        db.session.commit()
