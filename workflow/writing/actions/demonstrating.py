"""Part of the demonstration: the convention with the préfecture is open for signing, its landlords are asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from workflow import clock
from workflow.access import Identity
from workflow.catalogue.queries.paper_models import model_in_use
from workflow.db import Scope, db, scoped
from workflow.filing import queries as filing
from workflow.filing.rules.signatures import typed_signature
from workflow.operations.models import Operation
from workflow.outbox import PENDING, Outbox
from workflow.outbox.running import perform
from workflow.people import queries as people
from workflow.people.models import Person
from workflow.signing.actions import opening, preparing
from workflow.signing.actions.preparing import Draft
from workflow.signing.models import Room
from workflow.signing.queries import rooms
from workflow.signing.queries.rooms import Party
from workflow.signing.rules.channels import DELIBERATION, ORDER, SCREEN
from workflow.writing.actions.writing import write
from workflow.writing.queries.facts import around
from workflow.writing.queries.orders import Wish, audiences_of

BY, MODEL = "nadia-ferhat", "convention-prefecture"
INVENTED = "Acte inventé"
"""What stands on the file of every deliberation."""
ASKED = {"logements": 280, "sur_site": 138, "hors_site": 142, "autorisation_le": ""}
MANDATES = {
    "cg-isere": (2, DELIBERATION, "05-241", date(2005, 5, 20)),
    "grenoble": (3, DELIBERATION, "2005-118", date(2005, 6, 27)),
    "prefecture-isere": (4, ORDER, "2005-07-38", date(2005, 7, 15)),
}
"""{public body: (when it is asked, under what it signs, its number, its day)}; landlords are asked first.
"""


def demonstrate_room(operation: str) -> None:
    """Done in two transactions, since a paper is sealed by a job of its own.

    Without a key nothing is sealed, and nothing is to be signed.
    """
    within = Scope(frozenset((operation,)))
    with scoped(within):
        subject = _write(operation)
        jobs = _jobs(subject)
        db.session.commit()
    for job in jobs:
        perform(job)
    with scoped(within):
        papers = [one for one in filing.papers(subject) if one.state == "ready"]
        if papers:
            _open(preparing.prepare(_by(), papers[0]))
        db.session.commit()


def _by() -> Identity:
    return people.identity_of_person(db.session.get_one(Person, BY))


def _write(operation: str) -> str:
    """The subject of the convention, on its way."""
    model, known = model_in_use(operation, MODEL), around(db.session.get_one(Operation, operation))
    wish = Wish(model, known, clock.today(), asked=ASKED)
    return write(_by(), wish, audiences_of(model)[:1]).subject


def _jobs(subject: str) -> list[str]:
    db.session.flush()
    papers = [f"paper:{one.id}" for one in filing.papers(subject)]
    return list(db.session.scalars(select(Outbox.id).where(Outbox.subject.in_(papers), Outbox.state == PENDING)))


def _open(row: Room) -> None:
    """Whoever has no name yet is asked nothing; public bodies have their deliberation or their order. Everybody of the
    cast signs from their own pages: which needs no password here.
    """
    cast = {one.name: one.id for one in people.persons_of_operation(row.operation_id)}
    for party in rooms.parties(row.id):
        if party.words.name in cast:
            told = replace(_asked(party), person=cast[party.words.name])
            preparing.put_signatory(_by(), row.reference, told, row.version, party.id)
        else:
            preparing.remove_signatory(_by(), row.reference, party.id, row.version)
    opening.open_room(_by(), row.reference, row.version)


def _asked(party: Party) -> Draft:
    row = party.row
    told = Draft(party.words, 1, SCREEN, organisation=row.organisation, field=row.field)
    if row.organisation not in MANDATES:
        return told
    rank, mandate, number, day = MANDATES[row.organisation]
    return replace(told, rank=rank, mandate=mandate, number=number, day=day, mandate_data=typed_signature(INVENTED))
