"""Where each signatory of a room stands: who signed how and when, who is asked now, who comes later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from workflow.approvals.queries import standing
from workflow.circuit.standing import State, Vote
from workflow.db import db
from workflow.record.queries import facts, text
from workflow.signing.models import OPEN, PREPARING, OnPaper, Original
from workflow.signing.queries.rooms import Open, Party, delegate_voice
from workflow.signing.rules.course import rank_of

SIGNED, REFUSED, ASKED, LATER, NOT_NEEDED, STOPPED = "signed", "refused", "asked", "later", "not_needed", "stopped"


@dataclass(frozen=True)
class Where:
    """One signatory. at: when they signed or refused; since, due: since when and until when they are asked; on: the day
    on which they signed on paper.
    """

    party: Party
    rank: int
    state: str
    at: datetime | None = None
    channel: str = ""
    through: str = ""
    recorded_by: str = ""
    reason: str = ""
    since: datetime | None = None
    due: datetime | None = None
    late: bool = False
    reminded: datetime | None = None
    on: date | None = None


def where(known: Open, now: datetime) -> list[Where]:
    """Rank by rank; before the room is open, everybody comes later."""
    if known.row.state == PREPARING:
        return [Where(one, rank_of(known.steps[one.id]), LATER) for one in known.parties]
    by_hand = {ident: one.signed_on for one in scans(known.row.id) for ident in one.signatories}
    told = _Told(standing(known.row.subject).state, _channels(known), _reminded(known), by_hand, now)
    return [_of(known, one, told) for one in known.parties]


@dataclass(frozen=True)
class _Told:
    """What the record says of a room, read once for all its signatories."""

    state: State
    channels: dict[tuple[str, str], str]
    reminded: dict[str, datetime]
    by_hand: dict[str, date]
    now: datetime


def _of(known: Open, party: Party, told: _Told) -> Where:
    step, state = known.steps[party.id], told.state
    rank, mine = rank_of(step), {party.voice.person, delegate_voice(party.row)}
    vote = next((one for one in state.votes_at(step) if one.voice.person in mine), None)
    if vote is not None:
        spoke = _spoke(party, rank, vote, told.channels.get((step, vote.voice.person), ""))
        return replace(spoke, on=told.by_hand.get(party.id))
    opened = state.open.get(step)
    if opened is not None and known.row.state == OPEN:
        late = opened.due is not None and opened.due <= told.now
        return Where(
            party, rank, ASKED, since=opened.since, due=opened.due, late=late, reminded=told.reminded.get(step)
        )
    if step in state.outcomes and state.outcomes[step] == "signed":
        return Where(party, rank, NOT_NEEDED)
    return Where(party, rank, LATER if known.row.state == OPEN else STOPPED)


def _spoke(party: Party, rank: int, vote: Vote, channel: str) -> Where:
    by = vote.by
    told = {"at": vote.at, "through": by.through or "", "recorded_by": by.recorded_by or ""}
    if vote.position == "refused":
        return Where(party, rank, REFUSED, reason=text(vote.reason_ref or "") or "", **told)
    return Where(party, rank, SIGNED, channel=channel, **told)


def _channels(known: Open) -> dict[tuple[str, str], str]:
    """(step, who) → how they signed, as the record tells it."""
    told = {}
    for fact in facts(known.row.subject):
        if fact.kind == "Signed":
            actor = fact.data["actor"]
            told[fact.data["step"], actor.get("on_behalf_of") or actor["person"]] = fact.data["channel"]
    return told


def _reminded(known: Open) -> dict[str, datetime]:
    return {fact.data["step"]: fact.at for fact in facts(known.row.subject) if fact.kind == "Reminded"}


def is_mixed(several: list[Where]) -> bool:
    """Whether some sign on paper and others in the file."""
    ways = {one.channel or one.party.row.channel for one in several}
    return "paper" in ways and len(ways) > 1


def scans(room_id: str) -> list[OnPaper]:
    """What was signed on paper and handed in."""
    return list(db.session.scalars(select(OnPaper).where(OnPaper.room_id == room_id).order_by(OnPaper.at)))


def originals(room_id: str) -> list[Original]:
    """The originals on paper, by number."""
    return list(db.session.scalars(select(Original).where(Original.room_id == room_id).order_by(Original.number)))
