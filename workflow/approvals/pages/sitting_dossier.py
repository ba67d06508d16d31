"""Door: one dossier of a sitting: what the body reads of it, the position of each, who withdraws, what is sent back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request
from flask_babel import gettext as _

from workflow.approvals import actions, queries
from workflow.approvals.actions import Entry
from workflow.approvals.models import Item
from workflow.approvals.pages.blueprint import approvals
from workflow.approvals.pages.sitting import begin_again
from workflow.approvals.pages.sitting_room import Line, Room, choices, sentence
from workflow.approvals.queries.sittings import AUTHOR, NOT_ASKED, SITS, SPOKE, WITHDRAWN, Case, Place, lens_name
from workflow.approvals.rules import ADJOURN, NONE, POSITION, POSITIONS, SEND_BACK, VOICES
from workflow.circuit.model import RETURNING, Kind
from workflow.errors import Invalid, Moved, NotFound, Refused
from workflow.record.queries import text
from workflow.web.fields import readable
from workflow.web.journals import note_sensitive_read
from workflow.web.spoken import lang

WHY_NOT = {
    WITHDRAWN: "withdraws for this dossier",
    AUTHOR: "withdraws by the rule: wrote what is judged, or decided at an earlier step",
    NOT_ASKED: "no voice on this dossier: the household did not agree to it",
}


@dataclass(frozen=True)
class Seat:
    """A seat as the page shows it: what may be entered, or why nothing is."""

    place: Place
    organisation: str
    name: str
    note: str
    position: str
    words: str
    withdrawn: bool
    why: str

    @property
    def sits(self) -> bool:
        """Whether its position is entered here; who withdraws for this dossier alone may come back."""
        comes_back = self.place.standing == WITHDRAWN and not self.place.whole
        return (self.place.standing == SITS or comes_back) and self.place.voice is not None


@approvals.route("/sittings/<sitting_id>/dossiers/<reference>", methods=["GET", "POST"])
def sitting_dossier(sitting_id: str, reference: str) -> Any:
    room = Room(sitting_id)
    line = _line(room, reference)
    if request.method == "GET":
        return _ask(room, line)
    try:
        actions.enter(g.identity, sitting_id, _entry(line.item.subject))
    except Invalid as bad:
        errors = [(one.field, _(one.message, **one.params)) for one in bad.errors]
        return _again(sitting_id, reference, errors), bad.status
    except (Moved, Refused) as stop:
        told = sentence(stop.message, stop.params, line.item.subject)
        return _again(sitting_id, reference, [(_field_of(stop, room), told)]), stop.status
    flash(_("%(reference)s is entered.", reference=reference), "done")
    return redirect(_next(room, line), code=303)


def _line(room: Room, reference: str) -> Line:
    """NotFound when it is not on this agenda, or not for this reader."""
    found = next((line for line in room.lines() if line.reference == reference), None)
    if found is None or not room.may_look(found.item):
        raise NotFound()
    return found


def _next(room: Room, line: Line) -> str:
    """The next dossier that is still to be decided; the sitting once there is none."""
    if "next" not in request.form:
        return room.url
    later = (one for one in room.lines() if one.number > line.number and not one.item.said and not one.item.carried)
    return next((one.mine for one in later), room.url)


def _field_of(stop: Moved | Refused, room: Room) -> str:
    """What is to be changed: the seat of who was named, else what is entered for all."""
    named = (one.seat for one in room.there if one.person == stop.params.get("person"))
    return next((f"position-{seat}" for seat in named), "said") if stop.code == "spoke_already" else "said"


def _again(sitting_id: str, reference: str, errors: Sequence[tuple[str, str]]) -> str:
    """errors: (field, what is to be mended in it)."""
    begin_again()
    room = Room(sitting_id)
    return _ask(room, _line(room, reference), [_anchored(room, *one) for one in errors])


def _anchored(room: Room, field: str, message: str) -> dict[str, str]:
    """A fault beside its field, named as the page names it."""
    about, _dash, seat = field.partition("-")
    who = next((room.organisations.get(one.organisation, "") for one in room.there if one.seat == seat), "")
    if about == "words":
        return {"id": field, "label": _("If it is sent back or adjourned: why"), "message": message}
    if who:
        asked = {"why": _("Conflict of interest"), "reason": _("Reservation or reason")}
        label = _("%(field)s, %(who)s", field=asked.get(about, _("Position of each")), who=who)
        return {"id": field, "label": label, "message": message}
    if about == "position":
        return {"id": "positions", "label": _("Position of each"), "message": message}
    return {"id": "entering", "label": _("What is entered"), "message": message}


def _entry(subject: str) -> Entry:
    told, seen = request.form, request.form.get("seen", "")
    seats = told.getlist("seat")
    withdrawn = {seat: _words(f"why-{seat}") for seat in seats if f"withdrawn-{seat}" in told}
    positions = {
        seat: (told.get(f"position-{seat}", NONE), _words(f"reason-{seat}")) for seat in seats if seat not in withdrawn
    }
    return Entry(
        subject=subject,
        said=told.get("said", VOICES),
        positions={seat: pair for seat, pair in positions.items() if pair[0]},
        words=_words("words"),
        sections=tuple(told.getlist("sections")),
        withdrawn=withdrawn,
        seen=int(seen) if seen.isdigit() else -1,
        shown=told.get("shown", ""),
    )


def _words(name: str) -> str:
    return readable(request.form.get(name, "")).strip()


# -- asking -------------------------------------------------------------------------------------------------------


def _ask(room: Room, line: Line, errors: Sequence[dict[str, str]] = ()) -> str:
    case = Case(room.row, line.item, there=room.there)
    read = queries.journey(line.item.subject).excerpt(line.item.subject, lens_name(case.step), lang())
    reads = room.reads_answers(line.item, waits=case.is_open)
    if reads:
        note_sensitive_read(line.item.subject, g.identity.person, read.levels)
    around = {one.number: one.mine for one in room.lines() if room.may_look(one.item)}
    return render_template(
        "approvals/sitting_dossier.html",
        **room.frame() | {"crumbs": room.crumbs(inside=True)},
        line=line,
        case=case,
        seats=[_seat(room, line.item, place) for place in case.places],
        positions=[(one, _(POSITION[one])) for one in POSITIONS if one in (NONE, *dict(choices(case.step)))],
        nothing=_("no opinion") if case.step.kind is Kind.OPINION else "",
        said=request.form.get("said") or line.item.said or VOICES,
        words=request.form.get("words") or (text(line.item.reason) if line.item.reason else "") or "",
        sections=_sections(case, read, line.item) if case.step.kind in RETURNING else None,
        reads=reads,
        answers=read.sections if reads else (),
        enters=room.works and not line.item.carried and case.is_open,
        previous=around.get(line.number - 1),
        following=around.get(line.number + 1),
        kinds={"voices": VOICES, "send_back": SEND_BACK, "adjourn": ADJOURN},
        errors=list(errors),
        faults={one["id"]: one["message"] for one in errors},
    )


def _sections(case: Case, read: Any, on_it: Item) -> list[dict[str, Any]]:
    """Sections that may be sent back: those the step looks at and the body reads."""
    chosen = request.form.getlist("sections") or on_it.sections
    return [
        {"name": one["name"], "label": one["label"], "chosen": one["name"] in chosen}
        for one in read.sections
        if case.step.looks_at(one["name"])
    ]


def _seat(room: Room, on_it: Item, place: Place) -> Seat:
    position, reason = on_it.positions.get(place.seat, ("", ""))
    told, sent = request.form, request.method == "POST"
    why = on_it.withdrawn.get(place.seat, "")
    return Seat(
        place=place,
        organisation=room.organisations.get(place.organisation, place.organisation),
        name=room.name(place.person),
        note=_note(place, on_it),
        position=told.get(f"position-{place.seat}", "") if sent else position,
        words=told.get(f"reason-{place.seat}", "") if sent else (text(reason) or "" if reason else ""),
        withdrawn=f"withdrawn-{place.seat}" in told if sent else place.seat in on_it.withdrawn,
        why=told.get(f"why-{place.seat}", "") if sent else (text(why) or "" if why else ""),
    )


def _note(place: Place, on_it: Item) -> str:
    if place.standing == SPOKE:
        return _("gave its voice before: %(position)s", position=_(POSITION.get(place.position, place.position)))
    if place.standing == WITHDRAWN and place.seat not in on_it.withdrawn:
        return _("withdraws for the whole sitting")
    return _(WHY_NOT[place.standing]) if place.standing in WHY_NOT else ""
