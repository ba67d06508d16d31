"""Who could be asked to sign a paper: read from the places prepared in it and from what is known of organisations."""

from __future__ import annotations

from dataclasses import dataclass

from documents.fields import is_ours
from documents.signing import free_fields
from workflow.filing import queries as filing
from workflow.filing.models import Paper
from workflow.people import queries as people
from workflow.people.models import Organisation, Person
from workflow.people.rules import folded
from workflow.signing.queries.rooms import Words
from workflow.signing.rules.channels import PAPER, SCREEN


@dataclass(frozen=True)
class Proposed:
    """Somebody who could sign, before anybody looked at it."""

    field: str
    words: Words
    organisation: str = ""
    person: str | None = None

    @property
    def channel(self) -> str:
        """On the screen where there is a place for it and a way to reach them; else on paper."""
        return SCREEN if self.field and (self.person or self.words.mail) else PAPER


def places_in(paper: Paper) -> tuple[str, ...]:
    """The places prepared for signatures in a paper, the installation's own left out."""
    return tuple(one for one in free_fields(filing.bytes_of(paper, "pdf")) if not is_ours(one))


def proposed(paper: Paper) -> list[Proposed]:
    """One for each prepared place; for each party named on the paper where it has none."""
    known, staff = people.organisation_rows(), people.persons_of_operation(paper.operation_id)
    places = places_in(paper)
    if not places:
        return [_of_party(name, known, staff) for name in paper.parties]
    return [_of_place(place, known.get(place), staff) for place in places]


def _of_place(place: str, office: Organisation | None, staff: list[Person]) -> Proposed:
    if office is None:
        return Proposed(place, Words())
    return _of_office(place, office, staff)


def _of_party(name: str, known: dict[str, Organisation], staff: list[Person]) -> Proposed:
    office = next((one for one in known.values() if folded(one.name) == folded(name)), None)
    return _of_office("", office, staff) if office else Proposed("", Words(name=name))


def _of_office(place: str, office: Organisation, staff: list[Person]) -> Proposed:
    signer = office.represented_by
    person = next((one for one in staff if signer and folded(one.name) == folded(signer)), None)
    mail = (person.email if person else "") or office.email or ""
    words = Words(signer, office.capacity, office.name, mail, office.address)
    account = person.id if person and people.can_sign_in(person.id) else None
    return Proposed(place, words, office.slug, account)
