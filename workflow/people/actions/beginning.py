"""An installation without anybody: the link printed once, and the first administrator behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from workflow import clock
from workflow.db import db
from workflow.errors import FieldError, Invalid, Refused
from workflow.people import queries
from workflow.people.actions.accounts import add_account, check_password
from workflow.people.actions.assignments import assign
from workflow.people.actions.links import make_link
from workflow.people.actions.locking import locked
from workflow.people.actions.organisations import OrganisationDraft, add_organisation
from workflow.people.actions.persons import PersonDraft, add_person
from workflow.people.models import Account, Assignment, OneTimeLink
from workflow.record import actions as record
from workflow.record.models import HOUSE

FIRST_LIFE = timedelta(hours=24)


@dataclass(frozen=True)
class Beginning:
    """What the first administrator tells: themselves and where they work. `hashed`: the password, hashed before."""

    name: str
    email: str
    password: str
    hashed: str
    organisation: OrganisationDraft


def needs_first_administrator() -> bool:
    """Whether nobody ever looked after this installation."""
    asked = select(Assignment.id).where(Assignment.role == "administrator", Assignment.operation_id.is_(None))
    return db.session.scalar(asked.limit(1)) is None


def offer_first_link() -> str | None:
    """The secret of a link for the first administrator; those offered before are dead. None when there is one."""
    if not needs_first_administrator():
        return None
    for row in db.session.scalars(_unused()):
        row.withdrawn_at = clock.now()
    record.note(HOUSE, "installation", "FirstLinkOffered", {})
    return make_link(None, "first", FIRST_LIFE)


def begin(token: str, told: Beginning) -> Account:
    """Spend the link: the organisation, the person, the account and the first assignment, all or nothing.

    Raises Refused when the link is dead or somebody was faster, Invalid when what was told does not hold.
    """
    row = queries.known_link(token, "first")
    row = locked(OneTimeLink, row.token_hash) if row else None
    if row is None or queries.fate(row) != "alive" or not needs_first_administrator():
        raise Refused("link_spent", "This link has been used or is too old.")
    check_password(told.password, told.email)
    if queries.account_by_login(told.email) is not None:
        raise Invalid([FieldError("email", "Somebody else signs in with this address.")])
    person = add_person(PersonDraft(told.name, told.email), None)
    same = queries.same_organisation(told.organisation.name)
    organisation = same or add_organisation(told.organisation, person.id)
    person.organisation = organisation.slug
    account = add_account(person, told.email.lower(), told.hashed, by=person.id)
    assign(person.id, "administrator", organisation.slug, None, since=clock.today(), by=person.id)
    row.used_at = clock.now()
    return account


def _unused():
    return select(OneTimeLink).where(
        OneTimeLink.purpose == "first", OneTimeLink.used_at.is_(None), OneTimeLink.withdrawn_at.is_(None)
    )
