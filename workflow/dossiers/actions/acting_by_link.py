"""Whoever holds a personal link asks for its code, types it, and acts once."""

from __future__ import annotations

from dataclasses import dataclass

from workflow import clock
from workflow.approvals import actions as approvals
from workflow.approvals.actions import personal_links
from workflow.approvals.actions.personal_links import VISIT, note, opening, try_code
from workflow.approvals.models import PersonalLink
from workflow.circuit import commands as c
from workflow.circuit.decide import Actor
from workflow.dossiers.actions.personal_links import SEND_CODE
from workflow.dossiers.queries import personal_links as links
from workflow.record import actions as record

__all__ = ["VISIT", "Saying", "act", "ask_code", "try_code"]


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
    personal_links.ask_code(link_id, SEND_CODE)


def act(link_id: str, said: Saying) -> PersonalLink:
    """Say it, once: two who do so at once do it once. Raises Refused or Moved, and then nothing has happened."""
    row = opening(link_id)
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
