"""Somebody contributes, or what they said is keyed for them. Their words are sealed once and never altered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from workflow import clock
from workflow.charter.models import (
    COMMENT,
    INHABITANT,
    KEPT,
    NAMED,
    NEW,
    ORGANISATION,
    PAGE,
    PUBLIC,
    RUNNING,
    UNREAD,
    WORD,
    Consultation,
    Contribution,
)
from workflow.charter.queries import drafts
from workflow.charter.queries.entitled import Reader
from workflow.charter.rules import phases
from workflow.db import db, new_id
from workflow.errors import FieldError, Invalid, NotFound, Refused
from workflow.record import actions as record
from workflow.record.models import SealedText, chain_of

LONGEST = 100_000
"""Characters of one contribution: thirty pages."""
_LATE_SOURCES = ("paper", "meeting", "desk", "phone")


@dataclass(frozen=True)
class Draft:
    """What somebody says. article: "" of a new one; title: of a new article; said_on: when it was said, today where it
    is written by its author; author, address: of somebody without an access.
    """

    article: str
    kind: str
    words: str
    title: str = ""
    lang: str = ""
    said_by: str = ORGANISATION
    organisation: str = ""
    author: str = ""
    address: str = ""
    people: int | None = None
    source: str = PAGE
    said_on: date | None = None
    consent: str = NAMED


def contribute(row: Consultation, reader: Reader, told: Draft) -> Contribution:
    """Keep what somebody with an access says for an invited organisation. Raises NotFound, Invalid, Refused."""
    if told.organisation not in reader.mine or told.source not in (PAGE, WORD):
        raise NotFound()
    return _keep(row, told, state=KEPT, person=reader.person, recorder=reader.person)


def contribute_publicly(row: Consultation, told: Draft) -> Contribution:
    """Keep what anybody says on the public page. Nothing of it is shown before somebody read it."""
    if not row.public or told.source != PUBLIC:
        raise NotFound()
    return _keep(row, told, state=UNREAD, person="", recorder="")


def record_for(row: Consultation, reader: Reader, told: Draft) -> Contribution:
    """Key what somebody else said: author and recorder are two people. Raises NotFound, Invalid, Refused."""
    if not reader.records or told.source not in _LATE_SOURCES:
        raise NotFound()
    return _keep(row, told, state=KEPT, person="", recorder=reader.person)


def _keep(row: Consultation, told: Draft, *, state: str, person: str, recorder: str) -> Contribution:
    row = drafts.held(row)
    said_on = _in_time(row, told)
    _check(row, told)
    made = Contribution(
        id=new_id(),
        operation_id=row.operation_id,
        consultation_id=row.id,
        number=row.counted + 1,
        edition=row.current,
        article=told.article,
        kind=told.kind,
        lang=told.lang,
        said_by=told.said_by,
        organisation=told.organisation,
        person=person,
        people=told.people,
        source=told.source,
        said_on=said_on,
        recorder=recorder,
        at=clock.now(),
        consent=told.consent,
        state=state,
        shown=False,
    )
    row.counted += 1
    _seal(made, told)
    db.session.add(made)
    db.session.flush()
    _note(made, "Contributed", person or recorder)
    return made


def _seal(made: Contribution, told: Draft) -> None:
    for name in ("words", "title", "author", "address"):
        setattr(made, name, record.keep_text(made.subject, getattr(told, name)))


def _in_time(row: Consultation, told: Draft) -> date:
    """The day it was said. What was said in time may be keyed while answers are given. Raises Refused, Invalid."""
    zone, now = drafts.zone_of(row), clock.now()
    today, where = clock.today(zone), phases.phase(row.state, row.opens, row.closes, now, zone)
    said_on = told.said_on or today
    if row.state != RUNNING or row.opens is None or row.closes is None or where == phases.COMING:
        raise Refused("not_open", "Nobody can contribute to this draft now. Nothing was recorded.")
    if where != phases.OPEN and told.source not in _LATE_SOURCES:
        raise Refused(
            "too_late",
            "Contributions were taken until %(day)s, midnight. Your words are not recorded: copy them before you "
            "leave this page, or call us.",
            day=_day(row.closes),
        )
    if not row.opens <= said_on <= min(row.closes, today):
        days = {"first": _day(row.opens), "last": _day(min(row.closes, today))}
        wrong = FieldError(
            "said_on",
            "Write the day on which it was said, while contributions were taken: %(first)s to %(last)s.",
            days,
        )
        raise Invalid([wrong])
    return said_on


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _check(row: Consultation, told: Draft) -> None:
    """Raises Invalid for what is missing or too long."""
    wrong: list[FieldError] = []
    if not told.words.strip():
        wrong.append(FieldError("words", "Write what you have to say."))
    if len(told.words) > LONGEST:
        wrong.append(FieldError("words", "Write at most %(count)s characters.", {"count": LONGEST}))
    if told.kind == NEW and not told.title.strip():
        wrong.append(FieldError("title", "Give the new article a title."))
    known = {one.key for one in drafts.current_parts(row)}
    whole = not told.article and told.kind in (NEW, COMMENT)
    if not whole and (told.kind == NEW or told.article not in known):
        wrong.append(FieldError("article", "Choose the article it is about."))
    if told.said_by == INHABITANT and told.organisation:
        wrong.append(FieldError("organisation", "An inhabitant speaks for nobody else: leave this empty."))
    if wrong:
        raise Invalid(wrong)


def _note(row: Contribution, kind: str, by: str, **more: Any) -> None:
    """Tell the record: who and when, and a hash of what was sealed, never what it says."""
    sealed = db.session.get(SealedText, row.words)
    told = {"contribution": row.number, "article": row.article, "what": row.kind, "source": row.source}
    mark = sha256(sealed.sealed).hexdigest() if sealed else ""
    record.note(chain_of(row.operation_id), row.subject, kind, {"person": by}, **told, sealed=mark, **more)
