"""Who has something open right now: a journal that forgets after minutes."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from workflow import clock
from workflow.db import own_transaction
from workflow.web.models import Presence

LASTS = timedelta(seconds=90)
"""Who has not been heard of for this long has gone. A page says every twenty seconds that it is open."""

SAID_EVERY = timedelta(seconds=15)  # no need to write more often


def note_present(subject: str, person: str, place: str) -> None:
    now = clock.now()
    with own_transaction(read_only=True) as session:
        known = session.get(Presence, (subject, person))
    if known and known.place == place and now - known.at < SAID_EVERY:
        return
    with own_transaction() as session:
        session.execute(delete(Presence).where(Presence.at < now - LASTS))
        session.merge(Presence(subject=subject, person=person, place=place, at=now))


def present(subject: str, but: str) -> list[tuple[str, str]]:
    """(person, place) of everybody else who is there, by person."""
    with own_transaction(read_only=True) as session:
        asked = select(Presence.person, Presence.place).where(
            Presence.subject == subject, Presence.person != but, Presence.at >= clock.now() - LASTS
        )
        return [(person, place) for person, place in session.execute(asked.order_by(Presence.person))]
