"""Doors: the agenda of a sitting: dossiers are picked among those that wait, put in an order, printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow import clock
from workflow.approvals import actions, queries
from workflow.approvals.pages.blueprint import approvals
from workflow.approvals.pages.sitting import begin_again
from workflow.approvals.pages.sitting_groups import Asked, asked_at, groups, in_order
from workflow.approvals.pages.sitting_room import Line, Room
from workflow.approvals.queries.sittings import named, waiting_at
from workflow.catalogue.queries import version
from workflow.circuit.deadlines import last_day, local_day
from workflow.errors import Invalid, Moved
from workflow.web import listed
from workflow.web.dates import format_date

ORDERS = ("as_it_is", "due", "reference")


@dataclass(frozen=True)
class Pick:
    """A dossier that may be put on the agenda, or stands on it. fixed: something was entered for it."""

    subject: str
    rank: int
    reference: str
    household: str
    what: Asked
    days: int
    due: str
    late: bool
    fixed: bool

    @property
    def picked(self) -> bool:
        return self.rank > 0


@approvals.route("/sittings/<sitting_id>/agenda", methods=["GET", "POST"])
def sitting_agenda(sitting_id: str) -> Any:
    """Tick the dossiers; `tick=all` in the address ticks every one that is shown, `q` finds some."""
    room = Room(sitting_id, keeper=True)
    if request.method == "GET":
        return _choose(room)
    try:
        actions.put_agenda(g.identity, sitting_id, _chosen(room), _version())
    except (Invalid, Moved) as stop:
        begin_again()
        told = stop.errors[0].message if isinstance(stop, Invalid) else stop.message
        errors = [{"id": "picks", "label": _("Agenda"), "message": _(told)}]
        return _choose(Room(sitting_id, keeper=True), errors), stop.status
    flash(_("The agenda is kept."), "done")
    return redirect(url_for("approvals.sitting", sitting_id=sitting_id), code=303)


def _version() -> int:
    told = request.form.get("version", "")
    return int(told) if told.isdigit() else -1


def _chosen(room: Room) -> list[str]:
    """The dossiers ticked, in the order asked for, those of one form and step together; those that the search did not
    show stay where they are.
    """
    picks = {pick.subject: pick for pick in _picks(room)}
    ticked, shown = request.form.getlist("pick"), set(request.form.getlist("shown"))
    unseen = [pick.subject for pick in picks.values() if pick.picked and pick.subject not in shown]
    wanted = [*unseen, *ticked]
    return in_order(_ordered(wanted, picks), {subject: pick.what for subject, pick in picks.items()})


def _ordered(wanted: Sequence[str], picks: Mapping[str, Pick]) -> list[str]:
    order = request.form.get("order", "")
    if order == "reference":
        return sorted(wanted, key=lambda one: picks[one].reference if one in picks else "")
    if order == "due":
        places = {subject: place for place, subject in enumerate(picks)}
        return sorted(wanted, key=lambda one: places.get(one, len(places)))
    return sorted(wanted, key=lambda one: _number(one, picks[one].rank if one in picks else 0))


def _number(subject: str, rank: int) -> int:
    told = request.form.get(f"rank-{subject}", "").strip()
    return int(told) if told.isdigit() and len(told) < 5 else rank or 10_000


def _choose(room: Room, errors: Sequence[dict[str, str]] = ()) -> str:
    words = request.args.get("q", "").strip().casefold()
    picks = _picks(room)
    picks.sort(key=lambda one: one.what.order)  # due first within each
    shown = [one for one in picks if not words or words in _words_of(one)]
    return render_template(
        "approvals/sitting_agenda.html",
        **room.frame() | {"crumbs": room.crumbs(inside=True)},
        picks=shown,
        groups=groups(shown),
        known=len(picks),
        q=words,
        ticked=request.args.get("tick") == "all",
        errors=list(errors),
    )


def _words_of(one: Pick) -> str:
    return f"{one.reference} {one.household} {one.what.words}".casefold()


def _picks(room: Room) -> list[Pick]:
    """What waits for the body, due first; what stands on this agenda among it."""
    here = {one.subject: one for one in room.agenda}
    waiting = {task.subject: (task, course) for task, course in waiting_at(room.body)}
    tasks, courses = queries.tasks(here), queries.courses(here)
    for subject, one in here.items():
        found = next((task for task in tasks.get(subject, ()) if task.step == one.step), None)
        if found:
            waiting[subject] = (found, courses[subject])
    told = queries.sentences(waiting, room.identity)
    rows = sorted(waiting.values(), key=lambda pair: (pair[0].due is None, pair[0].due, pair[0].opened_at))
    return [_pick(room, task, course, told[task.subject], here.get(task.subject)) for task, course in rows]


def _pick(room: Room, task: Any, course: Any, told: Any, on_it: Any) -> Pick:
    step = version(course.procedure).circuit.step(task.step)
    due, today = last_day(task.due, room.zone) if task.due else None, clock.today(room.zone)
    names = named(room.identity, room.row.operation_id, step)
    return Pick(
        subject=task.subject,
        rank=on_it.rank if on_it else 0,
        reference=told["reference"],
        household=(told["who"] if names or told["whole"] else None)
        or _("household %(reference)s", reference=told["household"]),
        what=asked_at(course, task.step),
        days=(today - local_day(task.opened_at, room.zone)).days,
        due=format_date(due, "d MMMM y") if due else "",
        late=bool(due and due < today),
        fixed=bool(on_it and (on_it.said or on_it.carried)),
    )


@approvals.get("/sittings/<sitting_id>/order")
def sitting_order(sitting_id: str) -> Any:
    """The agenda to be printed and sent: references, what is asked; no name where the body reads none."""
    room = Room(sitting_id)
    lines = room.lines()
    return listed.show(
        listed.Listed(
            title=_("Agenda: %(sitting)s", sitting=room.title),
            lead=room.when,
            columns=_columns(),
            rows=lines,
            known=len(lines),
            counted=lambda count: ngettext("%(num)s dossier", "%(num)s dossiers", count),
            empty=listed.Empty(_("No dossier on the agenda yet"), _("Choose those that wait for this body.")),
            place=room.place,
            file_name=f"ordre-du-jour-{room.row.body}-{room.row.number}",
            page=listed.WHOLE,
            more=room.frame() | {"crumbs": room.crumbs(inside=True)},
        ),
        "approvals/sitting_order.html",
    )


def _columns() -> list[listed.Column]:
    def link(line: Line) -> listed.Cell:
        return {"text": line.reference, "url": line.url} if line.url else {"text": line.reference}

    return [
        listed.Column(_("No."), lambda line: line.number, number=True, width=6),
        listed.Column(_("Dossier"), lambda line: line.reference, link),
        listed.Column(_("Household"), lambda line: line.household),
        listed.Column(_("What is asked"), lambda line: line.what.words, width=34),
    ]
