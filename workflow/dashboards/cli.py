"""Doors: relais invariants."""

from __future__ import annotations

import json

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from workflow.dashboards.queries.invariants import Finding, findings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@with_appcontext
def invariants(as_json: bool) -> None:
    """Check what must always hold; 1 when something does not. Works on an empty installation, without server."""
    found = findings()
    well = not any(finding.faults for finding in found)
    if as_json:
        told = {finding.name: {"count": finding.count, "faults": list(finding.faults)} for finding in found}
        click.echo(json.dumps({"ok": well, "invariants": told}))
    else:
        for finding in found:
            click.echo(_sentence(finding))
    raise SystemExit(0 if well else 1)


def _sentence(finding: Finding) -> str:
    words = {
        "record": _("The journals are whole, from their first line to their last"),
        "courses": _("Every dossier has a course, every course its dossier"),
        "projections": _("What lists show is what the journals tell"),
        "jobs": _("Every job is done, waiting or shown as failed; none is stuck"),
        "papers": _("There is one document for each purpose, never two"),
        "files": _("Every document that was made is there, and what it was"),
        "leftovers": _("Nothing is stored that nobody needs"),
        "departures": _("Whoever left owns nothing any more"),
        "references": _("Every reference in the database leads somewhere"),
    }
    if not finding.faults:
        return _("ok     %(what)s (%(count)s)", what=words[finding.name], count=finding.count)
    shown = ", ".join(finding.faults[:10]) + (" …" if len(finding.faults) > 10 else "")
    return _("WRONG  %(what)s: %(faults)s", what=words[finding.name], faults=shown)
