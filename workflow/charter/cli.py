"""Doors: relais charter trace."""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _
from sqlalchemy import select

from workflow.charter.models import Consultation, Contribution
from workflow.charter.queries import drafts, said
from workflow.charter.queries.entitled import Reader
from workflow.charter.queries.tracing import Trace, trace
from workflow.charter.rules.text import numbers
from workflow.db import db, unscoped

_EVERYTHING = Reader("", drafts=True, records=False, mine=frozenset())


@click.group()
def charter() -> None:
    """Texts under discussion."""


@charter.command("trace")
@click.argument("article")
@click.option("--of", "reference", help="the reference of the text, where several are under discussion")
@click.option("--json", "as_json", is_flag=True, help="one JSON document")
@with_appcontext
def trace_article(article: str, reference: str | None, as_json: bool) -> None:
    """Everything behind ARTICLE (its number, or its name in addresses): versions, contributions, answers.

    Words are shown where their author agreed to their being published; names never. 0 found, 1 no such article.
    """
    with unscoped("the command line traces an article of any operation"):
        found = _found(article, reference)
        if found is None:
            click.echo(_("No text under discussion has this article."), err=True)
            raise SystemExit(1)
        told = _told(*found)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    _speak(told)
    sys.stdout.flush()


def _found(article: str, reference: str | None) -> tuple[Consultation, Trace] | None:
    asked = select(Consultation).order_by(Consultation.made_at.desc())
    asked = asked.where(Consultation.reference == reference) if reference else asked
    for row in db.session.scalars(asked):
        counted = {str(number): key for key, number in numbers(drafts.current_parts(row)).items()}
        known = trace(row, _EVERYTHING, counted.get(article, article))
        if known is not None:
            return row, known
    return None


def _told(row: Consultation, known: Trace) -> dict[str, Any]:
    behind = {one.id: step.edition.number for step in known.steps for one in step.behind}
    return {
        "text": row.title,
        "reference": row.reference,
        "article": known.key,
        "number": known.number,
        "title": known.title,
        "versions": [
            {
                "number": step.edition.number,
                "frozen": step.edition.frozen_at.isoformat() if step.edition.frozen_at else None,
                "hash": step.edition.hash,
                "change": step.change.state if step.change else "first",
                "behind": [one.number for one in step.behind],
            }
            for step in known.steps
        ],
        "contributions": [_one(one, behind) for one in said.opened(known.contributions, _EVERYTHING)],
    }


def _one(one: said.Said, behind: dict[str, int]) -> dict[str, Any]:
    row: Contribution = one.row
    return {
        "number": row.number,
        "kind": row.kind,
        "by": row.said_by,
        "source": row.source,
        "said_on": row.said_on.isoformat(),
        "outcome": row.outcome or None,
        "version": behind.get(row.id),
        "words": one.words if row.shown else None,
        "reason": one.reason or None,
    }


def _speak(told: dict[str, Any]) -> None:
    click.echo(f"{told['text']} ({told['reference']})")
    click.echo(f"{told['number']}. {told['title']}" if told["number"] else told["title"])
    for one in told["versions"]:
        numbers_told = ", ".join(map(str, one["behind"]))
        click.echo(
            _("Version %(number)s: %(change)s", number=one["number"], change=one["change"])
            + (f" ({numbers_told})" if numbers_told else "")
        )
    for one in told["contributions"]:
        line = (
            f"{one['number']}  {one['said_on']}  {one['by']}  {one['source']}  {one['kind']}  {one['outcome'] or '-'}"
        )
        click.echo(line)
        for words in filter(None, (one["words"], one["reason"])):
            click.echo("    " + " ".join(words.split())[:300])
