"""What the record keeps of the closing of a sitting: voices given at a desk before it, and who closed it for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _

from workflow.approvals.models import Item, Sitting
from workflow.approvals.queries.attending import vacated
from workflow.approvals.queries.standing import standing
from workflow.approvals.rules import IN_A_SITTING, OPEN, OVER, POSITION
from workflow.circuit.deadlines import local_day
from workflow.circuit.standing import Vote
from workflow.record.queries import Fact, facts, texts
from workflow.web.dates import format_date

Told = Mapping[str, str]
"""One voice as the record keeps it: organisation, person, position, at (ISO), reason (a reference, or nothing)."""


def given_before(row: Sitting, agenda: Sequence[Item]) -> dict[str, list[Told]]:
    """{subject: voices given at a desk that count beside those of the sitting}: once it is closed, those of that
    moment.
    """
    if row.state == OVER:
        closing = _closing(row)
        return dict(closing.data.get("before", {})) if closing else {}
    return spoken_before(row, agenda)


def spoken_before(row: Sitting, agenda: Sequence[Item]) -> dict[str, list[Told]]:
    """The same, as they stand now."""
    found = ((one.subject, [_told(vote) for vote in _at_a_desk(row, one)]) for one in agenda)
    return {subject: votes for subject, votes in found if votes}


def _at_a_desk(row: Sitting, one: Item) -> list[Vote]:
    if one.carried == "sent_back":  # the step begins anew: no voice stands
        return []
    here = f"{IN_A_SITTING}{row.id}"
    return [vote for vote in standing(one.subject).state.votes_at(one.step) if vote.by.through != here]


def _told(vote: Vote) -> Told:
    return {
        "organisation": vote.voice.organisation or "",
        "person": vote.voice.person,
        "position": vote.position,
        "at": vote.at.isoformat(),
        "reason": vote.reason_ref or "",
    }


def gone(row: Sitting) -> set[str]:
    """Seats that were ticked and taken away before the sitting was closed: they neither count nor sign."""
    if row.state == OPEN:
        return vacated(row)
    closing = _closing(row)
    return set(closing.data.get("gone", ())) if closing else set()


def foreseen(row: Sitting) -> dict[str, str]:
    """{subject: what it was to come to when it was entered, see rules.CARRIED}, of what is entered now."""
    found: dict[str, str] = {}
    for fact in facts(f"{IN_A_SITTING}{row.id}"):
        if fact.kind == "PositionsEntered":
            found[fact.data["dossier"]] = fact.data.get("outcome", "")
        elif fact.kind == "EntryTakenBack":
            found.pop(fact.data["dossier"], None)
    return found


def closed_for(row: Sitting) -> str | None:
    """The absent secretary in whose place a sitting was closed."""
    closing = _closing(row)
    return closing.actor.get("on_behalf_of") if closing else None


def _closing(row: Sitting) -> Fact | None:
    return next((fact for fact in facts(f"{IN_A_SITTING}{row.id}") if fact.kind == "SittingClosed"), None)


# -- in words -----------------------------------------------------------------------------------------------------


def desk_words(one: Told, organisations: Mapping[str, str], zone: str) -> str:
    """ACTIS: favourable, given at the desk on 12 November 2026."""
    return _(
        "%(who)s: %(position)s, given at the desk on %(day)s",
        who=organisations.get(one["organisation"], one["organisation"]),
        position=_(POSITION.get(one["position"], one["position"])),
        day=format_date(local_day(datetime.fromisoformat(one["at"]), zone), "long"),
    )


def desk_reasons(before: Sequence[Told], organisations: Mapping[str, str]) -> list[str]:
    """Their reservations and reasons, each after the organisation that gave it."""
    words = texts({one["reason"] for one in before if one["reason"]})
    told = ((organisations.get(one["organisation"], ""), words.get(one["reason"], "")) for one in before)
    return [_("%(who)s: %(words)s", who=who, words=said) for who, said in told if said]
