"""Whoever holds a personal link asks for its code, types it, and acts once."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from workflow import clock, outbox
from workflow.approvals import actions as approvals
from workflow.circuit import commands as c
from workflow.circuit.decide import Actor
from workflow.dossiers.actions.personal_links import SEND_CODE, locked, note
from workflow.dossiers.models import PersonalLink
from workflow.dossiers.queries import personal_links as links
from workflow.dossiers.queries.personal_links import ALIVE, LIMIT, MAIL, fate
from workflow.errors import Refused
from workflow.people.rules import normalised
from workflow.record import actions as record

VISIT = timedelta(minutes=45)
"""How long one may read after the right code; then the code is asked for again."""


@dataclass(frozen=True)
class Saying:
    """What somebody says by their link. what: one of queries.personal_links.SAID; shown, version: what they read."""

    what: str
    version: int
    shown: str
    words: str = ""
    opinion: str = ""


def ask_code(link_id: str) -> None:
    """The code leaves by mail, a new one each time. Raises Refused when the link is over. The door counts how often."""
    row = _alive(link_id)
    if row.code_by == MAIL:
        rank = row.codes + 1
        outbox.add(SEND_CODE, subject=f"link:{row.id}", key=f"{SEND_CODE}:{row.id}:{rank}", version=rank)


def try_code(link_id: str, typed: str) -> str:
    """The secret of a visit when the code is right, "" when it is wrong: that is counted, and to be committed.

    A code that came by mail opens one visit, one on paper as many as its link lives. Raises Refused when the link is
    over, or when there is no code that could be right.
    """
    row = _alive(link_id)
    if not links.has_code(row):
        raise Refused("no_code", "This code is too old, or was typed wrong too often.")
    if not hmac.compare_digest(row.code_hash or "", links.code_mark(row.id, normalised(typed))):
        row.wrong += 1
        if row.wrong >= LIMIT:
            note(row, "LinkBlocked")
        return ""
    return _visit(row)


def _visit(row: PersonalLink) -> str:
    if row.opened_at is None:
        note(row, "LinkOpened")
    row.opened_at, row.wrong = row.opened_at or clock.now(), 0
    if row.code_by == MAIL:
        row.code_hash = None
    secret = secrets.token_urlsafe(24)
    row.visit_hash, row.visit_until = links.hashed(secret), clock.now() + VISIT
    return secret


def act(link_id: str, said: Saying) -> PersonalLink:
    """Say it, once: two who do so at once do it once. Raises Refused or Moved, and then nothing has happened."""
    row = _alive(link_id)
    household = links.of_household(row)
    actor = Actor(row.person, "household" if household else "expert", None, through=links.through(row))
    approvals.act(row.subject, _of_household(row, said) if household else _of_expert(row, said), actor, said.version)
    row.used_at, row.said = clock.now(), said.what
    row.code_hash = None
    note(row, "LinkUsed")
    return row


def _of_household(row: PersonalLink, said: Saying) -> c.Command:
    told = {"step": row.step, "shown": said.shown}
    text = record.keep_text(row.subject, said.words)
    if said.what == "correction":
        return c.SendBack(**told, reason_ref=text)
    return c.Sign(**told, channel="screen", disagreement=said.what == "disagreed", remarks_ref=text or None)


def _of_expert(row: PersonalLink, said: Saying) -> c.Command:
    text = record.keep_text(row.subject, said.words)
    return c.Advise(step=row.step, shown=said.shown, opinion=said.opinion, reason_ref=text)


def _alive(link_id: str) -> PersonalLink:
    row = locked(link_id)
    if fate(row) != ALIVE:
        raise Refused(f"link_{fate(row)}", "This link opens nothing any more.")
    return row
