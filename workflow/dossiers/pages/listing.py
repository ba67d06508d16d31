"""A list of households as one reader may see it: what the address asked for, and one line for each household."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import request, url_for

from workflow import access, clock
from workflow.access import Identity
from workflow.approvals.models import Course, Task
from workflow.catalogue.queries import Published, version
from workflow.circuit.deadlines import last_day
from workflow.dossiers import queries
from workflow.dossiers.models import Dossier, Household, WholeOperation
from workflow.dossiers.queries import Found, Search
from workflow.dossiers.queries.agreed import knows_of_households
from workflow.dossiers.queries.freshness import is_stale
from workflow.dossiers.rules import FORM_STATES, STATES, aged, form_state
from workflow.errors import NotFound
from workflow.operations.models import Operation
from workflow.operations.queries import operation as find_operation
from workflow.operations.queries import zones
from workflow.operations.rules import calendar_of
from workflow.people import queries as people
from workflow.web import places
from workflow.web.spoken import label

NAMED_SORTS = ("name", "dwelling", "state", "since", "reference")
OTHER_SORTS = ("reference", "state", "since")


@dataclass(frozen=True)
class Next:
    """Whom the open steps wait for, until which day, and whether it is past; `days` counts the working days since."""

    who: str
    due: date | None
    late: bool
    days: int


@dataclass(frozen=True)
class Line:
    """One household. `form` is the state of its latest dossier (msgid, family), `procedure` what it is."""

    row: Household | WholeOperation
    place: str
    form: tuple[str, str] | None
    dossier: str | None
    next: Next | None
    procedure: str = ""


@dataclass(frozen=True)
class Listing:
    """What was asked, what was found, and whether this reader may know the names."""

    operation: Operation
    names: bool
    search: Search
    found: Found
    lines: list[Line]
    buildings: dict[str, str]  # id → name; empty for who may not know where a household lives

    def url(self, endpoint: str, *, whole: bool = False, **changed: Any) -> str:
        """The address of this list with something changed; what is not asked does not stand in it."""
        asked = replace(self.search, **({"page": 1} | changed))
        told = {
            "q": asked.words,
            "state": asked.state,
            "building": asked.building,
            "mine": "1" if asked.mine else "",
            "sort": asked.sort if asked.sort != self.usual_sort else "",
            "page": asked.page if asked.page > 1 else "",
            "all": "1" if whole else "",
            "operation": self.operation.id if "operation" in request.args else "",
        }
        return url_for(endpoint, **{name: value for name, value in told.items() if value})

    @property
    def usual_sort(self) -> str:
        return _sorts(self.names)[0]

    @property
    def filtered(self) -> bool:
        return bool(self.search.words or self.search.state or self.search.building or self.search.mine)


def listing(identity: Identity, *, everything: bool = False) -> Listing:
    """The list the address asks for, cut to what this reader may see. NotFound without an operation."""
    place = _operation(identity)
    names = access.may_read_names(identity, place.id)
    buildings = {row.id: row.name for row in queries.buildings_by_id(place.id).values()} if names else {}
    search = _search(names)
    found = queries.households(identity, place.id, search, everything=everything)
    return Listing(place, names, search, found, _lines(place, found, buildings), buildings)


def _operation(identity: Identity) -> Operation:
    """The operation of the address, or the one this reader looked at last."""
    found = find_operation(places.here(identity))
    if found is None or not knows_of_households(identity, found.id):
        raise NotFound()
    return found


def _search(names: bool) -> Search:
    """What the address asks. Who may not know where a household lives cannot ask for it either."""
    told = request.args
    sort = told.get("sort", "")
    return Search(
        words=told.get("q", "").strip()[:200],
        state=told.get("state", "") if told.get("state") in STATES else "",
        building=told.get("building", "")[:32] if names else "",
        mine=names and told.get("mine") == "1",
        sort=sort if sort.removeprefix("-") in _sorts(names) else _sorts(names)[0],
        page=told.get("page", 1, type=int),
    )


def _sorts(names: bool) -> tuple[str, ...]:
    return NAMED_SORTS if names else OTHER_SORTS


# -- lines --------------------------------------------------------------------------------------------------------


def _lines(place: Operation, found: Found, buildings: Mapping[str, str]) -> list[Line]:
    bodies = bodies_of(place)
    parts = {slug: label(words) for slug, words in zones(place.id).items()}
    return [
        _line(place, row, found, bodies, buildings.get(row.building_id or "") or parts.get(row.zone, ""))
        for row in found.rows
    ]


def _line(place: Operation, row: Household, found: Found, bodies: Mapping[str, str], where: str) -> Line:
    dossier = found.dossiers.get(row.id)
    course = found.courses.get(dossier.subject) if dossier else None
    if dossier is None or course is None:
        return Line(row, where, None, None, None)
    return line_of(dossier, course, found.tasks.get(dossier.subject, []), place, bodies, where=where)


def line_of(
    dossier: Dossier,
    course: Course,
    tasks: list[Task],
    place: Operation,
    bodies: Mapping[str, str],
    *,
    where: str = "",
    newer: bool = False,
) -> Line:
    """A household with one of its dossiers. `newer`: another one was begun after it."""
    published = version(dossier.procedure)
    sent_back = any(task.sent_back for task in tasks)
    state = form_state(course.phase, course.stage, sent_back, published.circuit.stages[0].id, again=course.round > 1)
    state = aged(state, dossier.about.state, stale=is_stale(dossier, place.zone), newer=newer)
    waits = _next(place, tasks, published, bodies)
    return Line(dossier.about, where, FORM_STATES[state], dossier.reference, waits, label(published.label))


def bodies_of(place: Operation) -> dict[str, str]:
    """What the bodies of an operation are called, by slug."""
    return {body.slug: label(body.label) for body in people.bodies(place.id)}


def _next(place: Operation, tasks: list[Task], published: Published, bodies: Mapping[str, str]) -> Next | None:
    if not tasks:
        return None
    who = dict.fromkeys(_asked(published, task.step, bodies) for task in tasks)
    due = min((last_day(task.due, place.zone) for task in tasks if task.due), default=None)
    today = clock.today(place.zone)
    late = due is not None and due < today
    return Next(", ".join(who), due, late, calendar_of(place.figures).count(due, today) if due and late else 0)


def _asked(published: Published, step_id: str, bodies: Mapping[str, str]) -> str:
    """Whom a step asks, as one says it: a role or a body."""
    who = published.circuit.step(step_id).who
    if who.body:
        return bodies.get(who.body, "")
    roles = published.settings.get("roles", {})
    return ", ".join(label(roles.get(role, {}).get("label", {})) for role in who.role)
