"""Decisions, and what follows for the household and the dossier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workflow.access import Identity
from workflow.approvals import actions as approvals
from workflow.approvals.queries import Standing
from workflow.circuit import commands as c
from workflow.circuit import events as e
from workflow.dossiers import queries
from workflow.dossiers.actions.following import follow
from workflow.dossiers.actions.remembering import remember, state_of
from workflow.dossiers.actions.voiding import annulled, taken_back, taken_up
from workflow.dossiers.models import Dossier
from workflow.errors import Refused
from workflow.record import actions as record


@dataclass(frozen=True)
class Decision:
    """What somebody decided, as the page posts it. `shown` and `version` say what they had before their eyes."""

    command: str  # name of a command: Approve, SendBack, Sign…
    step: str
    version: int
    shown: str
    reason: str = ""
    sections: tuple[str, ...] = ()
    to: str = "author"
    channel: str = "screen"
    scan_hash: str | None = None
    disagreement: bool = False
    opinion: str = ""


def decide(identity: Identity, reference: str, decision: Decision) -> Standing:
    """Carry a decision out in whichever of this person's capacities allows it."""
    row = queries.dossier(identity, reference)
    kind = c.COMMANDS.get(decision.command)
    if kind is None or decision.command in ("Open", "Submit"):
        raise Refused("unknown", "This decision is not known.")
    return approvals.act_as(identity, row.subject, _command(kind, row, decision), decision.version)


def _command(kind: type[c.Command], row: Dossier, told: Decision) -> c.Command:
    given: dict[str, Any] = {"step": told.step, "shown": told.shown}
    text = record.keep_text(row.subject, told.reason)
    if kind is c.SendBack:
        given |= {"reason_ref": text, "to": told.to, "sections": told.sections}
    elif kind is c.Sign:
        given |= {
            "channel": told.channel,
            "scan_hash": told.scan_hash,
            "disagreement": told.disagreement,
            "remarks_ref": text or None,
        }
    elif kind is c.GiveOpinion:
        given |= {"opinion": told.opinion, "reason_ref": text}
    elif kind in (c.Refuse, c.ApproveWithReservation, c.Cancel, c.Withdraw):
        given["reason_ref"] = text
    if kind in c.ON_DOSSIER:
        given["step"] = None
    return kind(**given)


def after_decision(subject: str, new: list[e.Event]) -> None:
    """What follows for the household and the dossier, in the same transaction."""
    row = queries.by_subject(subject)
    by = next((event.actor.person for event in new if event.actor), "clock")
    before = state_of(row.household)
    for event in new:
        follow(row, event, by)
        if isinstance(event, e.Completed | e.Withdrawn):
            row.closed, row.open_key = True, None
        if isinstance(event, e.Refreshed):
            taken_up(row)
        if isinstance(event, e.Cancelled):
            annulled(row, event, by)
        if isinstance(event, e.TakenBack):
            taken_back(row, by)
    if row.household.state != before["state"] and not isinstance(new[0], e.Cancelled | e.TakenBack):
        touched = (row.subject, f"household:{row.household_id}")
        remember("decision", by, row.operation_id, touched, {"dossier": row.id} | before)
