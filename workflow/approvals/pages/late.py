"""Door: how late an operation is, organisation by organisation, for its meeting; never a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import g
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from workflow import clock
from workflow.approvals.pages.blueprint import approvals
from workflow.approvals.queries.lateness import Lateness, Waits, lateness, waits
from workflow.catalogue.queries import version
from workflow.errors import NotFound
from workflow.operations.models import Operation
from workflow.operations.queries import operation as find_operation
from workflow.people import queries as people
from workflow.web import listed
from workflow.web.dates import format_date
from workflow.web.spoken import label as said


@dataclass(frozen=True)
class Row:
    """One organisation at one step; at all of them, when step is empty."""

    organisation: str
    procedure: str
    step: str
    count: Lateness


@approvals.get("/operations/<operation>/late")
def late(operation: str) -> Any:
    """What waits and what is late, per organisation and step; printed on A4, or as a workbook."""
    place = find_operation(operation) if operation in g.identity.operations else None
    if place is None:
        raise NotFound()
    rows = _rows(waits(place.id), place)
    return listed.show(
        listed.Listed(
            title=_("Late, by organisation"),
            lead=_("What waits for each organisation today, and since when it is late. Nobody is named."),
            columns=_columns(),
            rows=rows,
            known=len(rows),
            empty=listed.Empty(
                _("Nothing waits"), _("Once something is asked of an organisation, it is counted here.")
            ),
            counted=lambda count: ngettext("%(num)s line", "%(num)s lines", count),
            place=place.name,
            file_name="retards",
            more={"as_of": format_date(clock.today(place.zone), "full")},
            private=False,
        ),
        "approvals/late.html",
    )


def _rows(known: list[Waits], place: Operation) -> list[Row]:
    """By organisation, first all its steps together; the organisation with most late steps first."""
    names = people.organisation_names()
    by: dict[str, list[Waits]] = {}
    for one in known:
        by.setdefault(one.organisation, []).append(one)
    wholes = {slug: _counted(found, place) for slug, found in by.items()}
    order = sorted(by, key=lambda slug: (-wholes[slug].late, -wholes[slug].open, names.get(slug, "")))
    return [row for slug in order for row in _of_one(names.get(slug) or _("Households"), wholes[slug], by[slug], place)]


def _of_one(name: str, whole: Lateness, known: list[Waits], place: Operation) -> Iterable[Row]:
    steps: dict[tuple[str, str], list[Waits]] = {}
    for one in known:
        published = version(one.procedure)
        label = (said(published.label), said(published.circuit.step(one.step).label))
        steps.setdefault(label, []).append(one)
    if len(steps) > 1:
        yield Row(name, "", "", whole)
    yield from (Row(name, *label, _counted(found, place)) for label, found in sorted(steps.items()))


def _counted(known: list[Waits], place: Operation) -> Lateness:
    return lateness(known, clock.today(place.zone), place.zone)


def _columns() -> list[listed.Column]:
    return [
        listed.Column(_("Organisation"), lambda row: row.organisation, width=34),
        listed.Column(_("Form"), lambda row: row.procedure, width=26, on_page=False),
        listed.Column(_("Step"), lambda row: row.step or _("All steps"), _step, width=36),
        listed.Column(_("Waits"), lambda row: row.count.open, width=10, number=True),
        listed.Column(_("Late"), lambda row: row.count.late, _late, width=10, number=True),
        listed.Column(_("Days late (median)"), lambda row: row.count.median, _median, width=16, number=True),
        listed.Column(_("Late since"), lambda row: row.count.oldest, _since, width=16),
    ]


def _late(row: Row) -> listed.Cell:
    return {"text": str(row.count.late), "state": "late"} if row.count.late else {"text": "0"}


def _median(row: Row) -> listed.Cell:
    return {"text": format_decimal(row.count.median) if row.count.median is not None else ""}


def _since(row: Row) -> listed.Cell:
    return {"text": format_date(row.count.oldest, "d MMM y") if row.count.oldest else ""}


def _step(row: Row) -> listed.Cell:
    """With its form beside it: on a telephone each line of a card counts."""
    return {"text": row.step or _("All steps"), "sub": row.procedure}
