"""Doors: the files of a whole operation: its charter, agreements, campaigns, contributions; one of them is begun."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow.approvals import queries as approvals
from workflow.approvals.models import Course
from workflow.catalogue.queries import Published, version
from workflow.circuit.deadlines import local_day
from workflow.dossiers import actions, queries
from workflow.dossiers.models import Dossier
from workflow.dossiers.pages.announcing import announced
from workflow.dossiers.pages.beginning import word
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.choices import first_section
from workflow.dossiers.pages.listing import Next, bodies_of, line_of
from workflow.dossiers.pages.wording import late_by
from workflow.dossiers.queries import of_operation as found
from workflow.dossiers.queries.whom import called
from workflow.dossiers.rules import folded, terms
from workflow.errors import NotFound
from workflow.operations.models import Operation
from workflow.operations.queries import operation as find_operation
from workflow.web import listed
from workflow.web.dates import format_date
from workflow.web.places import here
from workflow.web.spoken import label, lang

OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True)
class Line:
    """One file of the operation, as the list tells of it. state: (words, family of shape and colour)."""

    row: Dossier
    name: str
    state: tuple[str, str]
    next: Next | None
    opened: date

    @property
    def waits(self) -> str:
        return self.next.who if self.next else ""


@dossiers.get("/operations/<operation>/files")
def of_operation(operation: str) -> Any:
    """Those that this reader may open; buttons for what they may begin."""
    place = _place()
    known = _lines(place, found.dossiers(g.identity, place.id))
    filters = _filters(known)
    begun = [_button(one, place) for one in found.beginnings(g.identity, place.id)]
    return listed.show(
        listed.Listed(
            title=_("Files of the operation"),
            lead=_(
                "What is decided for everybody: charter, agreements, campaigns, contributions. %(name)s",
                name=place.name,
            ),
            columns=_columns(),
            rows=_kept(known, {one.name: one.asked for one in filters}),
            known=len(known),
            empty=_empty(begun),
            filters=filters,
            counted=lambda count: ngettext("%(num)s file", "%(num)s files", count),
            place=place.name,
            file_name="dossiers-operation",
            private=False,
            more={
                "begun": begun,
                "action": url_for("dossiers.begin", operation=place.id),
                "papers_url": url_for("filing.papers", operation=place.id),
                "place_id": place.id,
            },
        ),
        "dossiers/of_operation.html",
    )


@dossiers.post("/operations/<operation>/files")
def begin(operation: str) -> Any:
    """Begin the procedure the button names; when one is under way where one is enough, that one is offered."""
    place, slug = _place(), request.form.get("procedure", "")
    published = next((one for one in found.procedures(place.id) if one.slug == slug), None)
    if published is None:
        raise NotFound()
    row, new = actions.begin_for_operation(g.identity, place.id, published)
    if not new:
        flash(
            _("“%(procedure)s” is already under way for this operation: here it is.", procedure=label(published.label)),
            "info",
        )
    file = queries.file(g.identity, row.reference)
    if not file.fills:
        return redirect(url_for("dossiers.dossier", reference=row.reference), code=303)
    return redirect(url_for("dossiers.fill", reference=row.reference, section=first_section(file)), code=303)


def _place() -> Operation:
    place = find_operation(here(g.identity))
    if place is None:
        raise NotFound()
    return place


def _button(one: found.Begun, place: Operation) -> dict[str, Any]:
    published = one.published
    under_way = one.under_way.reference if one.under_way else ""
    return {
        "slug": published.slug,
        "label": word(published, "begin"),
        "announced": announced(published),
        "describe": label(published.settings.get("describe", {"fr": ""})),
        "under_way": under_way,
        "url": url_for("dossiers.dossier", reference=under_way) if under_way else "",
    }


# -- the list -----------------------------------------------------------------------------------------------------


def _lines(place: Operation, rows: list[Dossier]) -> list[Line]:
    subjects = [row.subject for row in rows]
    courses, tasks, bodies = approvals.courses(subjects), approvals.tasks(subjects), bodies_of(place)
    names = called(rows, lang())
    told = []
    for row in rows:
        line = line_of(row, courses[row.subject], tasks.get(row.subject, []), place, bodies)
        state = _where(row, courses[row.subject], line.form)
        told.append(Line(row, names[row.subject], state, line.next, local_day(row.opened_at, place.zone)))
    return told


def _where(row: Dossier, course: Course, form: tuple[str, str]) -> tuple[str, str]:
    """In which of its many stages it is, as long as it is under way; how it ended, afterwards."""
    stages = version(row.procedure).circuit.stages
    now = next((stage for stage in stages if stage.id == course.stage), None)
    return (label(now.label), form[1]) if now and course.phase == "open" else (_(form[0]), form[1])


def _columns() -> list[listed.Column]:
    return [
        listed.Column(_("Dossier"), lambda line: line.name, _file, width=40),
        listed.Column(_("Reference"), lambda line: line.row.reference, width=16, on_page=False),
        listed.Column(_("Where it stands"), lambda line: line.state[0], _state),
        listed.Column(_("Waits for"), lambda line: line.waits, width=40),
        listed.Column(_("To do by"), lambda line: line.next.due if line.next else None, _due),
        listed.Column(_("Begun on"), lambda line: line.opened),
    ]


def _file(line: Line) -> listed.Cell:
    url = url_for("dossiers.dossier", reference=line.row.reference)
    return {"text": line.name, "url": url, "sub": line.row.reference}


def _state(line: Line) -> listed.Cell:
    return {"text": line.state[0], "state": line.state[1]}


def _due(line: Line) -> listed.Cell:
    if line.next is None or line.next.due is None:
        return {"text": "—"}
    late = late_by(line.next.days) if line.next.late else ""
    return {"text": format_date(line.next.due, "d MMMM y"), "sub": late}


def _filters(known: Iterable[Line]) -> list[listed.Filter]:
    kinds = {line.row.slug: label(_published(line).label) for line in known}
    return [
        listed.Filter("q", _("Name or reference")),
        listed.Filter("kind", _("Kind of file"), [("", _("All")), *sorted(kinds.items(), key=lambda one: one[1])]),
        listed.Filter("state", _("Where it stands"), [("", _("All")), (OPEN, _("under way")), (CLOSED, _("closed"))]),
    ]


def _published(line: Line) -> Published:
    return version(line.row.procedure)


def _kept(known: list[Line], asked: dict[str, str]) -> list[Line]:
    return [line for line in known if _fits(line, asked)]


def _fits(line: Line, asked: dict[str, str]) -> bool:
    words = folded(f"{line.name} {line.row.reference}")
    return (
        asked["kind"] in ("", line.row.slug)
        and asked["state"] in ("", CLOSED if line.row.closed else OPEN)
        and all(term in words for term in terms(asked["q"]))
    )


def _empty(begun: list[dict[str, Any]]) -> listed.Empty:
    text = _("A charter, an agreement or a campaign stands here as soon as it is begun.")
    if not begun:
        text += " " + _("Nothing can be begun by you here at the moment.")
    return listed.Empty(_("No file of the operation yet"), text)
