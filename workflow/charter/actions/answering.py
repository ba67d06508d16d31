"""The drafter's desk: read what the public sent, group what asks for the same, answer each with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from workflow import clock, outbox
from workflow.access import Identity
from workflow.charter.actions.wording import put_passage, working
from workflow.charter.models import (
    ASIDE,
    DECLINED,
    KEPT,
    NEW,
    NOT,
    REWORDED,
    RUNNING,
    TAKEN,
    UNREAD,
    WORDING,
    Consultation,
    Contribution,
    Theme,
)
from workflow.charter.queries import drafts, said
from workflow.charter.queries.entitled import may_draft
from workflow.charter.rules.text import Part, key_for
from workflow.db import db, new_id
from workflow.errors import FieldError, Invalid, Moved, NotFound, Refused
from workflow.record import actions as record
from workflow.record.models import chain_of
from workflow.record.queries import text

TELL = "charter.tell"
OUTCOMES = (TAKEN, REWORDED, DECLINED)


@dataclass(frozen=True)
class Answer:
    """What comes of a contribution, and why. article: where it is taken over, "" where it was said; put: whether its
    words go into the version that is being written as they are; whole: whether its group is answered alike.
    """

    outcome: str
    reason: str
    article: str = ""
    put: bool = False
    whole: bool = False


def keep_read(identity: Identity, row: Consultation, number: int, seen: int, *, show: bool) -> None:
    """Somebody read it: it is answered like any other, and published where its author agreed."""
    held = _held(identity, row, number, seen)
    if held.state == ASIDE:
        raise Refused("aside", "This contribution was set aside.")
    if show and held.consent == NOT:
        raise Refused("no_consent", "Its author did not agree to its being published.")
    held.state, held.shown, held.version = KEPT, show, held.version + 1
    _note(held, "ContributionRead", identity.person, shown=show)


def set_aside(identity: Identity, row: Consultation, number: int, seen: int, reason: str) -> None:
    """It is neither published nor answered: its author reads why, when they left an address."""
    held = _held(identity, row, number, seen)
    if held.state != UNREAD:
        raise Refused("read_already", "This contribution was read and kept: answer it instead.")
    if not reason.strip():
        raise Invalid([FieldError("reason", "Say why: its author reads it.")])
    held.state, held.shown, held.reason = ASIDE, False, record.keep_text(held.subject, reason)
    _done(held, identity)
    _note(held, "ContributionSetAside", identity.person)


def answer(identity: Identity, row: Consultation, number: int, seen: int, told: Answer) -> int:
    """Take over, reword or decline. Answers how many contributions were answered: its whole group where asked.

    Raises Moved, Refused, Invalid.
    """
    held = _held(identity, row, number, seen)
    if told.outcome not in OUTCOMES:
        raise Invalid([FieldError("outcome", "Say what comes of it.")])
    if not told.reason.strip():
        raise Invalid([FieldError("reason", "Say why: its author reads it.")])
    several = _alike(held) if told.whole else [held]
    article = _place(identity, row, held, told)
    for one in several:
        _answer(identity, row, one, told, article)
    return len(several)


def _alike(held: Contribution) -> list[Contribution]:
    """It, and those of its group that nobody answered yet."""
    others = said.of_theme(held.theme_id) if held.theme_id else []
    left = [said.held_one(one) for one in others if one.id != held.id and not one.outcome and one.state == KEPT]
    return [held, *left]


def _place(identity: Identity, row: Consultation, held: Contribution, told: Answer) -> str:
    """In which article it is taken over; its words are put there when asked."""
    if told.outcome == DECLINED:
        return ""
    article = told.article or held.article
    if told.put and told.outcome == TAKEN and held.kind in (WORDING, NEW):
        return _put(identity, row, held, article)
    known = {one.key for one in drafts.parts_of(drafts.written_now(row) or drafts.edition(row, row.current))}
    if article and article not in known:
        raise Invalid([FieldError("article", "Choose the article it is about.")])
    return article


def _put(identity: Identity, row: Consultation, held: Contribution, article: str) -> str:
    edition = working(identity, row)
    parts = {one.key: one for one in drafts.parts_of(edition)}
    words, title = text(held.words) or "", text(held.title) or ""
    if held.kind == NEW:
        article = key_for(title, parts)
        put_passage(row, edition, Part(article, True, title[:300], words))
    elif article in parts:
        put_passage(row, edition, Part(article, parts[article].numbered, title[:300] or parts[article].title, words))
    else:
        raise Invalid([FieldError("article", "Choose the article it is about.")])
    return article


def _answer(identity: Identity, row: Consultation, held: Contribution, told: Answer, article: str) -> None:
    if held.state == UNREAD:
        raise Refused("unread", "Read it first: publish it, keep it, or set it aside.")
    if held.state == ASIDE:
        raise Refused("aside", "This contribution was set aside.")
    record.drop_text(held.reason)
    held.outcome, held.led_to = told.outcome, article
    held.reason = record.keep_text(held.subject, told.reason)
    held.in_edition = drafts.next_number(row) if told.outcome != DECLINED else None
    _done(held, identity)
    _note(held, "ContributionAnswered", identity.person, outcome=told.outcome, led_to=article)


def _done(held: Contribution, identity: Identity) -> None:
    """Its author is told; an answer that is changed tells them again."""
    held.answered_by, held.answered_at, held.version = identity.person, clock.now(), held.version + 1
    outbox.add(TELL, subject=held.subject, version=held.version, key=f"{TELL}:{held.id}:{held.version}")


def group(identity: Identity, row: Consultation, numbers: Iterable[int], title: str) -> str:
    """Say that some ask for the same; a group of that title takes them in. Answers the id of the group."""
    _pen(identity, row)
    title = " ".join(title.split())[:200]
    if not title:
        raise Invalid([FieldError("title", "Say in a few words what they ask for.")])
    known = next((key for key, name in said.themes(row).items() if name.casefold() == title.casefold()), None)
    if known is None:
        known = new_id()
        db.session.add(Theme(id=known, operation_id=row.operation_id, consultation_id=row.id, title=title))
        db.session.flush()
    for number in sorted(set(numbers)):
        held = _held(identity, row, number, None)
        held.theme_id = known
        _note(held, "ContributionGrouped", identity.person, theme=known)
    return known


def ungroup(identity: Identity, row: Consultation, number: int) -> None:
    held = _held(identity, row, number, None)
    held.theme_id = None
    _note(held, "ContributionGrouped", identity.person, theme="")


def erase(identity: Identity, row: Consultation, number: int) -> None:
    """On the wish of its author, what it says is gone for good; that there was one, and what came of it, stays."""
    held = _held(identity, row, number, None)
    record.forget(held.subject)
    held.shown, held.version = False, held.version + 1
    _note(held, "ContributionErased", identity.person)


def _pen(identity: Identity, row: Consultation) -> None:
    if not may_draft(identity, row.operation_id):
        raise NotFound()
    if row.state != RUNNING:
        raise Refused("settled", "This version is settled: contributions to it are not answered any more.")


def _held(identity: Identity, row: Consultation, number: int, seen: int | None) -> Contribution:
    """One contribution for who holds the pen, locked, as it was shown."""
    _pen(identity, row)
    drafts.held(row)
    known = Contribution.consultation_id == row.id
    found = db.session.query(Contribution).filter(known, Contribution.number == number).one_or_none()
    if found is None:
        raise NotFound()
    held = said.held_one(found)
    if seen is not None and held.version != seen:
        raise Moved("Somebody answered this contribution meanwhile.")
    return held


def _note(row: Contribution, kind: str, by: str, **more: Any) -> None:
    told = {"contribution": row.number, **more}
    record.note(chain_of(row.operation_id), row.subject, kind, {"person": by}, **told)
