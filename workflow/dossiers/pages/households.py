"""Doors: the list of households, on a page and as a spreadsheet."""

from __future__ import annotations

from typing import Any

from flask import Response, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow import access, clock
from workflow.dossiers import queries
from workflow.dossiers.pages import spreadsheet
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.listing import Line, Listing, listing
from workflow.dossiers.pages.wording import late_by, stamp
from workflow.dossiers.queries import Found
from workflow.dossiers.rules import STATES
from workflow.web import sheets
from workflow.web.dates import format_date

Cell = dict[str, Any]


@dossiers.get("/households")
def households() -> Any:
    """Search, filters, order and page stand in the address."""
    whole = request.args.get("all") == "1"
    shown = listing(g.identity, everything=whole)
    known = queries.states_count(g.identity, shown.operation.id)
    return render_template(
        "dossiers/households.html",
        listing=shown,
        known=sum(known.values()),
        states=[(state, STATES[state][0], known[state]) for state in STATES if state in known],
        columns=_columns(shown),
        rows=[_cells(shown, line) for line in shown.lines],
        pages={} if whole else _pages(shown),
        enters=access.may_enter_households(g.identity, shown.operation.id),
        receives=access.may_fill(g.identity, shown.operation.id),
        surveys_url=_surveys_url(shown.operation.id),
        printed_by=g.identity.name,
        printed_at=stamp(clock.now(), shown.operation.zone),
    )


@dossiers.get("/households.xlsx")
def households_xlsx() -> Response:
    """The same list, whole, as a spreadsheet cut to what this reader may see."""
    shown = listing(g.identity, everything=True)
    taken = sheets.taken_by(g.identity.name, stamp(clock.now(), shown.operation.zone))
    today = clock.today(shown.operation.zone)
    return sheets.download(
        spreadsheet.of_households(shown, taken), f"menages-{shown.operation.id}-{today.isoformat()}.xlsx"
    )


def _surveys_url(operation: str) -> str:
    """Where those who run surveys ask the households that moved."""
    team = access.may_fill(g.identity, operation) or access.may_set_up(g.identity, operation)
    may = team and access.may_come("surveys.surveys", g.identity)
    return url_for("surveys.surveys", operation=operation) if may else ""


# -- the table ----------------------------------------------------------------------------------------------------


def _columns(shown: Listing) -> list[dict[str, Any]]:
    titles = [
        (_("Household"), "name" if shown.names else "reference"),
        (_("Dwelling") if shown.names else _("Part of the operation"), "dwelling" if shown.names else ""),
        (_("Situation"), "state"),
        (_("Last dossier"), ""),
        (_("Waits for"), ""),
    ]
    return [{"label": label} | (_order(shown, sort) if sort else {}) for label, sort in titles]


def _order(shown: Listing, sort: str) -> dict[str, Any]:
    """A column that orders the list: once more, the other way round."""
    current, backwards = shown.search.sort.removeprefix("-"), shown.search.sort.startswith("-")
    following = f"-{sort}" if current == sort and not backwards else sort
    told: dict[str, Any] = {"sort_url": shown.url("dossiers.households", sort=following)}
    return told | ({"sort": "descending" if backwards else "ascending"} if current == sort else {})


def _cells(shown: Listing, line: Line) -> list[Cell]:
    row = line.row
    label, family = STATES[row.state]
    form: Cell = {"text": _("not begun"), "state": ""}
    if line.form:
        form = {"text": _(line.form[0]), "state": line.form[1], "sub": line.procedure}
    return [
        _who(shown, line) | {"url": url_for("dossiers.household", household_id=row.id)},
        {"text": row.dwelling, "sub": line.place} if shown.names else {"text": line.place},
        {"text": _(label), "state": family},
        form,
        _next(line),
    ]


def _who(shown: Listing, line: Line) -> Cell:
    row = line.row
    if shown.names and row.name:
        return {"text": row.name, "sub": row.reference}
    return {"text": _("Household %(reference)s", reference=row.reference), "sub": size(row.dwelling_type, row.persons)}


def size(dwelling_type: str, persons: int | None) -> str:
    """How large: "T3, 4 persons"."""
    count = ngettext("%(num)s person", "%(num)s persons", persons) if persons else ""
    return ", ".join(part for part in (dwelling_type, count) if part)


def _next(line: Line) -> Cell:
    if line.next is None:
        return {"text": "—"}
    late = {"state": "late"} if line.next.late else {}
    return {"text": line.next.who, "sub": waits(line)} | late


def waits(line: Line) -> str:
    """Until when somebody has, or how late they are: "to be done by 12 June", "late by 3 working days"."""
    told = line.next
    if told is None or told.due is None:
        return ""
    if told.late:
        return late_by(told.days)
    return _("to be done by %(day)s", day=format_date(told.due, "d MMMM"))


def _pages(shown: Listing) -> dict[str, Any]:
    found: Found = shown.found
    before, until = (found.page - 1) * found.size, min(found.page * found.size, found.total)
    at = "dossiers.households"
    return {
        "first": before + 1,
        "last": until,
        "count": found.total,
        "previous_url": shown.url(at, page=found.page - 1) if found.page > 1 else None,
        "next_url": shown.url(at, page=found.page + 1) if until < found.total else None,
    }
