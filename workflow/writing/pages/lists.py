"""Doors: what was written about a household, an operation or a body, and what can be written from there."""

from __future__ import annotations

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from workflow.filing import queries as filing
from workflow.filing.models import READY
from workflow.people import queries as people
from workflow.web import listed
from workflow.web.dates import format_date
from workflow.writing.models import Written
from workflow.writing.pages import about as things
from workflow.writing.pages.about import About
from workflow.writing.pages.blueprint import writing_blueprint
from workflow.writing.pages.words import audience_label, by_kind, kind_label, state_of
from workflow.writing.queries.written import failed


@writing_blueprint.get("/households/<household_id>/papers")
def of_household(household_id: str) -> Any:
    return _page(things.a_household(household_id))


@writing_blueprint.get("/operations/<operation>/written")
def of_operation(operation: str) -> Any:
    return _page(things.an_operation())


@writing_blueprint.get("/operations/<operation>/bodies/<body>/papers")
def of_body(operation: str, body: str) -> Any:
    return _page(things.a_body(body))


def _page(about: About) -> Any:
    rows, models = about.rows(), _models(about)
    states, names = _states(rows), people.names({row.made_by for row in rows})
    shown = listed.Listed(
        title=_("Papers: %(name)s", name=about.name),
        lead=_("Letters, sheets and agreements written from a model: what there is, and what can be written."),
        columns=[
            listed.Column(
                _("Paper"),
                lambda row: row.title,
                lambda row: {"text": about.typeset(row.title), "url": url_for("writing.written", written_id=row.id)},
                width=40,
            ),
            listed.Column(_("Day"), lambda row: row.day, width=14),
            listed.Column(_("For"), lambda row: ", ".join(map(audience_label, row.audiences)), width=28),
            listed.Column(_("Written by"), lambda row: names.get(row.made_by, ""), width=24),
            listed.Column(
                _("State"),
                lambda row: states[row.id][0],
                lambda row: {"text": states[row.id][0], "state": states[row.id][1], "sub": _handed(row)},
            ),
        ],
        rows=rows,
        known=len(rows),
        empty=listed.Empty(_("Nothing has been written yet"), _("Choose a model below.") if models else ""),
        place=about.place.name,
        file_name="papiers",
        more={"about": about, "models": models, "crumbs": about.crumbs, "letters_url": _letters(about)},
    )
    return listed.show(shown, "writing/papers.html")


def _letters(about: About) -> str:
    """Where one letter is written to many households."""
    if about.kind != "operation" or not things.entitled.may_write_to_households(g.identity, about.place.id):
        return ""
    return url_for("writing.letters", operation=about.place.id)


def _handed(row: Written) -> str:
    return format_date(row.handed_on, "d MMMM y") if row.handed_on else ""


def _states(rows: list[Written]) -> dict[str, tuple[str, str]]:
    found = {}
    for row in rows:
        papers = filing.papers(row.subject)
        ready = bool(papers) and all(paper.state == READY for paper in papers)
        found[row.id] = state_of(row, ready=ready, failed=not ready and failed(papers))
    return found


def _models(about: About) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """[(kind, [(address, title, for whom)])]: letters first."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    sitting = request.args.get("sitting", "")[:32]
    for model in by_kind(about.fitting()):
        readers = ", ".join(one.label or audience_label(one.name) for one in model.audiences)
        found.setdefault(kind_label(model.kind), []).append(
            (about.write_url(model.slug, sitting), about.typeset(model.title), readers)
        )
    return list(found.items())
