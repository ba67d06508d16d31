"""From what a page posts to a command of the circuit: words are sealed, days become deadlines, persons looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from workflow import clock
from workflow.approvals.queries import standing
from workflow.circuit import commands as c
from workflow.circuit.deadlines import Calendar, deadline
from workflow.circuit.model import AUTHOR
from workflow.dossiers.models import Dossier
from workflow.dossiers.queries.taking_over import takers
from workflow.errors import Refused
from workflow.operations.queries import operation
from workflow.record import actions as record


@dataclass(frozen=True)
class Decision:
    """What somebody decided, as the page posts it. `shown` and `version` say what they had before their eyes."""

    command: str  # name of a command: Approve, SendBack, Sign…
    step: str
    version: int
    shown: str
    reason: str = ""  # or the question, or the comment
    sections: tuple[str, ...] = ()
    to: str = AUTHOR
    channel: str = "screen"
    scan_hash: str | None = None
    disagreement: bool = False
    opinion: str = ""
    from_person: str = ""
    to_person: str = ""
    due: str = ""  # the last day, ISO
    public: bool = False
    party: str = ""  # of a signature: the organisation that signs


FURTHEST = timedelta(days=730)
Given = dict[str, Any]


def command(row: Dossier, told: Decision) -> c.Command:
    """Raises Refused when the command is none that a person gives, or a person named may not be."""
    kind = c.COMMANDS.get(told.command)
    if kind is None or kind in (c.Open, c.Submit):
        raise Refused("unknown", "This decision is not known.")
    more = _GIVEN.get(kind, _nothing)(row, told, record.keep_text(row.subject, told.reason))
    return kind(step=None if kind in c.ON_DOSSIER else told.step, shown=told.shown, **more)


def _nothing(_row: Dossier, _told: Decision, _text: str) -> Given:
    return {}


def _reason(_row: Dossier, _told: Decision, text: str) -> Given:
    return {"reason_ref": text}


def _send_back(_row: Dossier, told: Decision, text: str) -> Given:
    return {"reason_ref": text, "to": told.to, "sections": told.sections}


def _sign(_row: Dossier, told: Decision, text: str) -> Given:
    return {
        "channel": told.channel,
        "scan_hash": told.scan_hash,
        "disagreement": told.disagreement,
        "remarks_ref": text or None,
    }


def _opinion(_row: Dossier, told: Decision, text: str) -> Given:
    return {"opinion": told.opinion, "reason_ref": text}


def _reopen(_row: Dossier, told: Decision, text: str) -> Given:
    return {"to": told.to, "reason_ref": text}


def _reassign(row: Dossier, told: Decision, text: str) -> Given:
    known = standing(row.subject)
    if told.step in known.state.open and told.to_person not in takers(known, told.step, told.from_person):
        raise Refused("not_fitting", "This person does not hold what this step asks for: choose somebody of the list.")
    return {"from_person": told.from_person, "to_person": told.to_person, "reason_ref": text}


def _ask_advice(_row: Dossier, told: Decision, text: str) -> Given:
    return {"of_person": told.to_person, "text_ref": text}


def _comment(_row: Dossier, told: Decision, text: str) -> Given:
    return {"text_ref": text, "public": told.public}


def _extend(row: Dossier, told: Decision, text: str) -> Given:
    place = operation(row.operation_id)
    zone = place.zone if place else "Europe/Paris"
    due, furthest = end_of(told.due, zone), furthest_day(zone)
    if _is_after(told.due, furthest):
        raise Refused("too_far", "The new last day may be %(day)s at the latest.", day=furthest.isoformat())
    return {"due": due, "reason_ref": text}


def _is_after(day: str, furthest: date) -> bool:
    try:
        return date.fromisoformat(day) > furthest
    except ValueError:
        return False


def furthest_day(zone: str) -> date:
    """The last day to which a deadline may be moved: nothing is put off for ever, or by a slip of the keyboard."""
    return clock.today(zone) + FURTHEST


def end_of(day: str, zone: str) -> datetime | None:
    """The instant at which a day ends there; None when it is no day."""
    try:
        noon = datetime.combine(date.fromisoformat(day), time(12), ZoneInfo(zone))
        return deadline(noon, 0, zone, Calendar())
    except (ValueError, OverflowError):
        return None


_GIVEN: Mapping[type[c.Command], Callable[[Dossier, Decision, str], Given]] = {
    c.SendBack: _send_back,
    c.Sign: _sign,
    c.GiveOpinion: _opinion,
    c.Advise: _opinion,
    c.Refuse: _reason,
    c.ApproveWithReservation: _reason,
    c.Cancel: _reason,
    c.Withdraw: _reason,
    c.Reopen: _reopen,
    c.Reassign: _reassign,
    c.AskAdvice: _ask_advice,
    c.Comment: _comment,
    c.ExtendDeadline: _extend,
}
"""What a command is given beside its step and what was shown."""
