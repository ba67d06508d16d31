"""A sitting of the committee and who sits there, as its secretary Bruno keeps it."""

import re
from datetime import date

from flask.testing import FlaskClient

from tests import factories
from tests.cast import BRUNO, FRANCOIS, HELENE, MIREILLE, PATRICE
from workflow import clock
from workflow.approvals import actions, queries
from workflow.approvals.actions import ALL, Entry, Seated, SittingDraft
from workflow.approvals.models import Sitting
from workflow.approvals.queries import attending
from workflow.approvals.queries.sittings import prints
from workflow.db import db
from workflow.dossiers.models import Dossier
from workflow.people import queries as people
from workflow.people.models import Body

MISTRAL, COMMITTEE = "mistral", "commission-relogement"


def committee() -> Body:
    found = people.body(MISTRAL, COMMITTEE)
    assert found is not None
    return found


def seat_of(person: str) -> str:
    seats = people.seats_of(committee())
    return next(seat.id for seat in seats if person in (seat.person_id, seat.substitute_id))


def seated(*persons: str) -> list[Seated]:
    return [Seated(seat_of(person), person) for person in persons]


THERE = (HELENE, PATRICE, FRANCOIS, MIREILLE)


def a_sitting(*dossiers: Dossier, there: tuple[str, ...] = THERE, day: date | None = None) -> Sitting:
    """Opened by Bruno, its secretary, with these dossiers on its agenda and these persons there; today unless told."""
    told = SittingDraft(day or clock.today(), "14:30")
    row = actions.open_sitting(factories.identity(BRUNO), committee(), told)
    actions.put_agenda(factories.identity(BRUNO), row.id, [one.subject for one in dossiers], row.version)
    actions.put_attendance(factories.identity(BRUNO), row.id, seated(*there), [], row.version)
    db.session.commit()
    return row


def entry(row: Sitting, dossier: Dossier, said: str = "voices", **more: object) -> Entry:
    on_it = attending.item(row, dossier.subject)
    return Entry(dossier.subject, said, seen=on_it.entries, shown=prints([on_it])[dossier.subject], **more)


def enter(row: Sitting, dossier: Dossier, said: str = "voices", **more: object) -> str:
    more.setdefault("positions", {ALL: ("favourable", "")} if said == "voices" else {})
    outcome = actions.enter(factories.identity(BRUNO), row.id, entry(row, dossier, said, **more))
    db.session.commit()
    return outcome


def close(row: Sitting, dossiers: list[Dossier]) -> None:
    for dossier in dossiers:
        actions.carry_out(factories.identity(BRUNO), row.id, dossier.subject)
        db.session.commit()
    actions.close_sitting(factories.identity(BRUNO), row.id)
    db.session.commit()


def phase(dossier: Dossier) -> str:
    return queries.standing(dossier.subject).state.phase


def drawn(client: FlaskClient, page: str) -> dict[str, str]:
    """What the form of a page says it showed."""
    [shown] = re.findall(r'name="version" value="([^"]*)"', client.get(page).text)
    return {"version": shown}
