"""Who decided what, as a paper says it: organisations, capacities and days; never the words of a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from workflow.approvals.queries.ways import sitting_day
from workflow.approvals.rules import IN_A_SITTING
from workflow.catalogue.queries import Published
from workflow.circuit import events as e
from workflow.circuit.standing import Vote
from workflow.circuit.state import fold
from workflow.dossiers.queries.personal_links import LETTER, MAIL, by_way
from workflow.people.queries import names as people_names
from workflow.people.queries import organisation_names
from workflow.record.queries import Fact, text
from workflow.web.dates import format_date

Row = dict[str, Any]


def rows(published: Published, told: Sequence[Fact], lang: str, zone: ZoneInfo) -> list[Row]:
    """One row per voice that still counts, in the order in which they were given; filling in is no decision."""
    events = [e.from_dict(fact.data) for fact in told]
    said = [*_voices(published, events, lang), *_silences(published, events, lang)]
    return [{**row, "date": at.astimezone(zone).date()} for at, row in sorted(said, key=lambda pair: pair[0])]


def _voices(published: Published, events: list[e.Event], lang: str) -> Iterator[tuple[datetime, Row]]:
    names, disagreed = organisation_names(), _disagreements(events)
    for votes in fold(published.circuit, events).votes.values():
        for vote in votes:
            if vote.position != "submitted":
                yield vote.at, _voice(published, vote, names, lang) | _outcome(vote, vote.at in disagreed)


def _voice(published: Published, vote: Vote, names: dict[str, str], lang: str) -> Row:
    label = role_label(published, vote.voice.role, lang)
    if vote.voice.role == "household":
        return {"organisation": label, "capacity": _of_household(vote)}
    organisation = vote.voice.organisation or ""
    return {"organisation": names.get(organisation, organisation), "capacity": _capacity(vote, label)}


def _of_household(vote: Vote) -> str:
    """Whether it confirmed with an officer, or by itself from a personal link."""
    row = by_way(vote.by.through)
    words = {
        MAIL: _("person concerned, by a personal link, code by mail"),
        LETTER: _("person concerned, by a personal link, code on paper"),
    }
    return words.get(row.code_by if row else "", _("person concerned"))


def _capacity(vote: Vote, label: str) -> str:
    """In which capacity; in which sitting; who stood in for whom during an absence."""
    if (vote.by.through or "").startswith(IN_A_SITTING):
        return _in_sitting(vote, label)
    if not vote.by.on_behalf_of:
        return label
    called = people_names((vote.by.person, vote.by.on_behalf_of))
    person, absent = (called.get(one, "") for one in (vote.by.person, vote.by.on_behalf_of))
    return _("%(capacity)s (%(person)s, on behalf of %(absent)s, away)", capacity=label, person=person, absent=absent)


def _in_sitting(vote: Vote, label: str) -> str:
    """Its day, and who entered it for those who were there."""
    day = sitting_day((vote.by.through or "").removeprefix(IN_A_SITTING))
    by = people_names([vote.by.recorded_by or ""]).get(vote.by.recorded_by or "", "")
    if day is None:
        return label
    when = format_date(day, "d MMMM y")
    return _("%(capacity)s (in the sitting of %(day)s, entered by %(person)s)", capacity=label, day=when, person=by)


def _outcome(vote: Vote, disagreed: bool) -> Row:
    words = {
        "approved": _("favourable"),
        "reserved": _("favourable with a reservation"),
        "refused": _("unfavourable"),
        "signed": _("read, with a disagreement") if disagreed else _("read and confirmed"),
        "favourable": _("favourable"),
        "unfavourable": _("unfavourable"),
        "none": _("no opinion"),
    }
    return {"outcome": words.get(vote.position, vote.position)}


def _disagreements(events: list[e.Event]) -> frozenset[datetime]:
    return frozenset(event.at for event in events if isinstance(event, e.Signed) and event.disagreement)


def _silences(published: Published, events: list[e.Event], lang: str) -> Iterator[tuple[datetime, Row]]:
    """Steps that a deadline decided, nobody having answered."""
    words = {"approve": _("deemed favourable"), "refuse": _("deemed unfavourable")}
    for event in events:
        if isinstance(event, e.TacitlyDecided) and event.step:
            label = published.circuit.step(event.step).label
            outcome = words.get(event.decision, _("no opinion"))
            yield (
                event.at,
                {"organisation": _("No answer in time"), "capacity": label.get(lang, ""), "outcome": outcome},
            )


def role_label(published: Published, role: str, lang: str) -> str:
    """How the procedure calls a role; "" when it does not know it."""
    label = published.settings.get("roles", {}).get(role, {}).get("label", {})
    return label.get(lang) or label.get("fr", "")


def words_of_the_household(told: Sequence[Fact]) -> str:
    """What it wrote or said when it last confirmed; "" when nothing, or erased."""
    events = (e.from_dict(fact.data) for fact in reversed(told))
    signed = next((event for event in events if isinstance(event, e.Signed)), None)
    return (text(signed.remarks_ref) if signed else None) or ""
