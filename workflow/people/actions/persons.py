"""Write persons: who they are, and what they prefer."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from workflow.db import db, new_id
from workflow.errors import FieldError, Invalid
from workflow.people import queries
from workflow.people.actions.links import withdraw_links
from workflow.people.actions.locking import actor, locked
from workflow.people.models import Account, Person
from workflow.record import actions as record
from workflow.record.models import HOUSE


@dataclass(frozen=True)
class PersonDraft:
    """What is told of a person. `organisation`: who employs them."""

    name: str
    email: str | None
    phone: str | None = None
    organisation: str | None = None
    lang: str = "fr"


def put_person(
    person_id: str, name: str, email: str | None, phone: str | None = None, sentence: dict[str, str] | None = None
) -> Person:
    """Create or refresh a person under an id of one's own: the demonstration."""
    row = db.session.merge(
        Person(id=person_id, name=name, email=email, phone=phone, lang="fr", sentence=sentence or {})
    )
    record.note(HOUSE, f"person:{person_id}", "PersonPut", {})
    return row


def add_person(told: PersonDraft, by: str | None) -> Person:
    """Raises Invalid when somebody is known at this address already."""
    _alone(told)
    row = Person(id=new_id(), version=1, sentence={}, mails="each", tour=[], **asdict(told))
    db.session.add(row)
    db.session.flush()
    record.note(HOUSE, f"person:{row.id}", "PersonPut", actor(by))
    return row


def change_person(person_id: str, told: PersonDraft, version: int, by: str) -> bool:
    """Whether the address changed: then the links sent to the old one are dead.

    Whoever has a password signs in as before until they confirm the new address with it (the reaction to
    AddressChanged writes to both addresses); anybody else signs in with the new one at once.
    Raises Moved when somebody changed it after `version`, Invalid when the address is somebody else's.
    """
    row = locked(Person, person_id, version)
    _alone(told, but=person_id)
    moved = (row.email or "").lower() != (told.email or "").lower()
    for name, value in asdict(told).items():
        setattr(row, name, value)
    row.version += 1
    if moved:
        row.bounced_at = None
    _move_account(row, moved, by)
    record.note(HOUSE, f"person:{person_id}", "PersonPut", actor(by), address_changed=moved)
    return moved


def prefer(person_id: str, lang: str, mails: str) -> None:
    """How somebody wants to be spoken to: their language, each mail at once or once a day."""
    row = locked(Person, person_id)
    row.lang, row.mails = lang, mails
    record.note(HOUSE, f"person:{person_id}", "PreferencesSet", actor(person_id), lang=lang, mails=mails)


def _move_account(row: Person, moved: bool, by: str) -> None:
    """The login follows the address while nobody has chosen a password; after that, only when it is confirmed.

    An address kept again, still not confirmed, is asked about again.
    """
    account = queries.account_of(row.id)
    if account is None or not (moved or (account.password_hash and queries.unconfirmed(account))):
        return
    withdraw_links(account)
    if row.email:
        _free_login(row.email, account)
    if account.password_hash:
        record.note(HOUSE, f"person:{row.id}", "AddressChanged", actor(by))
    elif row.email and "@" in account.login:
        account.login = row.email.lower()


def _free_login(email: str, account: Account) -> None:
    other = queries.account_by_login(email)
    if other is not None and other.id != account.id:
        raise Invalid([FieldError("email", "Somebody else signs in with this address.")])


def _alone(told: PersonDraft, *, but: str | None = None) -> None:
    other = queries.person_with_email(told.email, but=but) if told.email else None
    if other:
        raise Invalid([FieldError("email", "This address is already that of %(name)s.", {"name": other.name})])


def tick_tour(person_id: str, step: str) -> None:
    """Tick a step of the first day, or untick it. What somebody has read is nobody's business: no fact is kept."""
    row = db.session.get_one(Person, person_id)
    seen = list(row.tour or ())
    row.tour = [one for one in seen if one != step] if step in seen else [*seen, step]
