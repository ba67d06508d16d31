"""Door: who is there: seats with their holder or substitute, who withdraws, and guests, who have no voice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow.approvals import actions
from workflow.approvals.actions import Seated
from workflow.approvals.pages.blueprint import approvals
from workflow.approvals.pages.sitting import begin_again
from workflow.approvals.pages.sitting_room import Room
from workflow.errors import Invalid, Moved, Refused
from workflow.people import queries as people
from workflow.people.models import Seat
from workflow.record.queries import text
from workflow.web.fields import readable


@dataclass(frozen=True)
class Chair:
    """One seat as the page shows it."""

    seat: str
    organisation: str
    persons: tuple[tuple[str, str, bool, bool], ...]  # (id, name, is the substitute, is there)
    withdrawn: bool
    why: str


@approvals.route("/sittings/<sitting_id>/attendance", methods=["GET", "POST"])
def sitting_attendance(sitting_id: str) -> Any:
    room = Room(sitting_id, keeper=True)
    if request.method == "GET":
        return _ask(room)
    try:
        actions.put_attendance(g.identity, sitting_id, _told(), _guests(), _version())
    except (Invalid, Moved, Refused) as stop:
        begin_again()
        return _ask(Room(sitting_id, keeper=True), _errors(stop)), stop.status
    flash(_("Who is there is kept."), "done")
    return redirect(url_for("approvals.sitting", sitting_id=sitting_id), code=303)


def _version() -> int:
    told = request.form.get("version", "")
    return int(told) if told.isdigit() else -1


def _told() -> list[Seated]:
    """One for each box ticked: "seat:person"."""
    found = []
    for ticked in request.form.getlist("there"):
        seat, _colon, person = ticked.partition(":")
        words = readable(request.form.get(f"why-{seat}", "")).strip()
        found.append(Seated(seat, person, f"withdrawn-{seat}" in request.form, words))
    return found


def _guests() -> list[str]:
    lines = (" ".join(readable(line).split()) for line in request.form.get("guests", "").splitlines())
    return [line for line in lines if line]


def _errors(stop: Invalid | Moved | Refused) -> list[dict[str, str]]:
    if isinstance(stop, Invalid):
        return [
            {"id": one.field, "label": _("Attendance"), "message": _(one.message, **one.params)} for one in stop.errors
        ]
    return [{"id": "attendance", "label": _("Attendance"), "message": _(stop.message, **stop.params)}]


def _ask(room: Room, errors: Sequence[dict[str, str]] = ()) -> str:
    """What was typed comes back with what is to be mended."""
    seats = people.seats_of(room.body)
    chairs = [_chair(room, seat) for seat in seats if not seat.guest and (seat.person_id or seat.substitute_id)]
    return render_template(
        "approvals/sitting_attendance.html",
        **room.frame() | {"crumbs": room.crumbs(inside=True)},
        chairs=chairs,
        vacant=[
            room.organisations.get(seat.organisation, "") for seat in seats if not seat.guest and not seat.person_id
        ],
        guests=request.form.get("guests", "\n".join(room.row.guests or _usual(room, seats))),
        errors=list(errors),
    )


def _usual(room: Room, seats: Sequence[Seat]) -> list[str]:
    """Guests that have a seat without a voice are proposed the first time."""
    if room.there:
        return []
    named = ((room.name(seat.person_id), room.organisations.get(seat.organisation, "")) for seat in seats if seat.guest)
    return [", ".join(filter(None, pair)) for pair in named if pair[0]]


def _chair(room: Room, seat: Seat) -> Chair:
    there = next((one for one in room.there if one.seat == seat.id), None)
    if request.method == "POST":
        ticked = set(request.form.getlist("there"))
        withdrawn, why = f"withdrawn-{seat.id}" in request.form, request.form.get(f"why-{seat.id}", "")
    else:
        ticked = {f"{seat.id}:{there.person}"} if there else set()
        withdrawn, why = bool(there and there.withdrawn), (text(there.reason) or "") if there and there.reason else ""
    sits = ((person, person == seat.substitute_id) for person in (seat.person_id, seat.substitute_id) if person)
    persons = tuple((one, room.name(one), stands_in, f"{seat.id}:{one}" in ticked) for one, stands_in in sits)
    return Chair(seat.id, room.organisations.get(seat.organisation, seat.organisation), persons, withdrawn, why)
