"""Doors: somebody leaves, or a mission ends; everything they hold first, then who takes it over, then the hour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow import access
from workflow.access import Identity
from workflow.db import begin_reading, db, unscoped
from workflow.dossiers import actions, queries
from workflow.dossiers.models import Handover
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.leaving_form import LeavingForm, parting
from workflow.dossiers.pages.said_of import Words, caution_sentence, moment_of, said_at, stop_sentence
from workflow.dossiers.queries import Departure, Succession
from workflow.dossiers.queries.handovers import planned_for
from workflow.dossiers.queries.held import assignments, held, persons_through
from workflow.dossiers.rules import HELD, NEVER
from workflow.errors import NotFound, Refused
from workflow.operations.queries import operations as find_operations
from workflow.people import queries as people
from workflow.people.models import Person


@contextmanager
def reach(identity: Identity) -> Iterator[None]:
    """An administrator of the installation looks after whoever leaves any of its operations."""
    if access.administers(identity):
        with unscoped("an administrator of the installation closes the access of somebody who leaves"):
            yield
    else:
        yield


@dossiers.route("/people/<person_id>/leave", methods=["GET", "POST"])
def leave(person_id: str) -> Any:
    """What this person holds in the operations its reader sets up, and who takes it over."""
    with reach(g.identity):
        row = people.person(person_id)
        if row is None:
            raise NotFound()
        departures, whole = _departures(g.identity, row)
        if not departures and not whole:
            if not _may_look(g.identity, row):
                raise NotFound()
            return render_template("dossiers/leaving_nothing.html", name=row.name, back_url=_person_url(person_id))
        title = _("%(name)s leaves", name=row.name)
        return _answer(Desk(title, departures, _person_url(person_id), person_id if whole else None))


@dossiers.route("/operations/<operation>/missions/<organisation>/end", methods=["GET", "POST"])
def end_mission(operation: str, organisation: str) -> Any:
    """The same for everybody who acts for an organisation in an operation, or is paid by it."""
    if not access.may_set_up(g.identity, operation):
        raise NotFound()
    name = people.organisation_names().get(organisation)
    if name is None:
        raise NotFound()
    leaving = persons_through(operation, organisation)
    back_url = url_for("dossiers.handovers", operation=operation)
    if not leaving:
        return render_template("dossiers/leaving_nothing.html", name=name, back_url=back_url)
    departures = tuple(Departure(person, operation, organisation) for person in leaving)
    return _answer(Desk(_("The mission of %(name)s ends", name=name), departures, back_url))


def _departures(identity: Identity, row: Person) -> tuple[tuple[Departure, ...], list[Any]]:
    """(where this person holds something that this reader may close, their roles for the whole installation)."""
    everywhere = access.administers(identity)
    held_in = {one.operation_id for one in people.assignments_of(row.id) if one.operation_id}
    mine = held_in if everywhere else people.operations_set_up_by(identity)
    known = sorted(place.id for place in find_operations(mine))
    found = (place for place in known if assignments(row.id, place) or held(row.id, place))
    return tuple(Departure(row.id, place) for place in found), assignments(row.id, None) if everywhere else []


def _may_look(identity: Identity, row: Person) -> bool:
    return access.administers(identity) or (
        bool(people.operations_set_up_by(identity)) and people.sees(identity, row.id)
    )


def _person_url(person: str) -> str:
    return url_for("people.person", person_id=person)


# -- asking, confirming, doing ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Desk:
    """What one of the two pages is about. whole: the person whose roles for the whole installation end as well."""

    title: str
    departures: tuple[Departure, ...]
    back_url: str
    whole: str | None = None

    @property
    def ending(self) -> list[str]:
        """Roles for the whole installation, by code."""
        return [row.role for row in assignments(self.whole, None)] if self.whole else []


def _answer(desk: Desk) -> Any:
    form = LeavingForm(desk.departures)
    if request.method == "GET" or request.form.get("again"):
        return _ask(desk, form)
    if not form.validate():
        return _ask(desk, form), 422
    asked = form.asked()
    stops, cautions = queries.doubts(asked)
    if stops:
        return _ask(desk, form, _unless_nobody_at_all(form, asked, stops)), 422
    if not request.form.get("confirm"):
        return _confirm(desk, form, asked, cautions)
    try:
        rows = actions.leave(asked, g.identity.person, whole=desk.whole)
    except Refused as refusal:
        return _refused(desk, refusal)
    return _done(rows, asked, desk.back_url)


def _unless_nobody_at_all(
    form: LeavingForm, asked: Succession, stops: Sequence[queries.Doubt]
) -> Sequence[queries.Doubt]:
    """Without anybody chosen, one sentence is enough."""
    if asked.successor or not any(stop.code == "nobody" for stop in stops):
        return stops
    form.successor.errors = [_("Choose who takes over.")]
    return ()


def _refused(desk: Desk, refusal: Refused) -> Any:
    """Nothing was done: everything is undone before the page is shown again with what was typed."""
    db.session.rollback()
    begin_reading()
    form = LeavingForm(desk.departures)
    form.successor.errors = [_(refusal.message, **refusal.params)]
    return _ask(desk, form), 409


def _ask(desk: Desk, form: LeavingForm, stops: Sequence[queries.Doubt] = ()) -> str:
    words = Words()
    wrong = {stop.line.id: stop_sentence(stop, words) for stop in stops}
    parts = parting(desk.departures, words, wrong)
    fields = ({"id": one.id, "label": one.label.text, "message": one.errors[0]} for one in form if one.errors)
    kinds = ({"id": kind["anchor"], "label": kind["label"], "message": text} for text, kind in _wrong_kinds(parts))
    return render_template(
        "dossiers/leaving.html",
        desk=desk,
        form=form,
        parts=parts,
        candidates=form.people(),
        whole=[words.role(role) for role in desk.ending],
        planned=[row for person in dict.fromkeys(one.person for one in desk.departures) for row in planned_for(person)],
        when=moment_of,
        problems=[*fields, *kinds],
    )


def _wrong_kinds(parts: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """One sentence for each kind of line that cannot pass as asked."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for part in parts:
        for kind in part["kinds"]:
            for line in kind["lines"]:
                if line["error"]:
                    found.setdefault((line["error"], kind["anchor"]), kind)
    return [(text, kind) for (text, _anchor), kind in found.items()]


def _confirm(desk: Desk, form: LeavingForm, asked: Succession, cautions: Sequence[queries.Doubt]) -> str:
    words = Words()
    leavers = dict.fromkeys(one.person for one in asked.departures) or {desk.whole or "": None}
    return render_template(
        "dossiers/leaving_confirm.html",
        desk=desk,
        typed=[(name, value) for name, value in request.form.items(multi=True) if name not in NOT_CARRIED],
        leavers=[words.name(person) for person in leavers],
        hour=said_at(asked.at, form.zone) if asked.at else "",
        passing=_passing(asked, words),
        whole=[words.role(role) for role in desk.ending],
        cautions=list(dict.fromkeys(caution_sentence(one, words) for one in cautions)),
        close=asked.close,
        why=asked.why,
    )


NOT_CARRIED = frozenset(("csrf_token", "request_key", "confirm", "again"))


def _passing(asked: Succession, words: Words) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """[(who takes over, [(kind of thing, which ones, in words)])]; roles that end come last, under an empty name."""
    found: dict[str, dict[str, list[str]]] = {}
    for one in asked.departures:
        for line in one.lines():
            if line.kind != "task":
                found.setdefault(asked.heir(line), {}).setdefault(line.kind, []).append(words.line(line))
    told = [
        (words.name(heir) if heir != NEVER else "", [(_(HELD[kind]), kinds[kind]) for kind in HELD if kind in kinds])
        for heir, kinds in found.items()
    ]
    return sorted(told, key=lambda pair: (not pair[0], pair[0]))


def _done(rows: list[Handover], asked: Succession, back_url: str) -> Any:
    if asked.at:
        flash(_("The departure is planned. You may cancel it until its hour."), "done")
    else:
        flash(_("The access is closed, and everything has passed on."), "done")
    if len(rows) == 1:
        return redirect(url_for("dossiers.handover", operation=rows[0].operation_id, handover=rows[0].id), code=303)
    operations = {row.operation_id for row in rows}
    if len(operations) == 1:
        return redirect(url_for("dossiers.handovers", operation=operations.pop()), code=303)
    return redirect(back_url, code=303)
