"""Personal links of dossiers: made, printed and withdrawn by who may; what holds of every link stands in approvals."""

from __future__ import annotations

from workflow.access import Identity
from workflow.approvals.actions import personal_links as every
from workflow.approvals.actions.personal_links import (
    DAYS,
    LONGEST,
    Aim,
    Wish,
    fresh_token,
    keep_code,
    locked,
    note,
)
from workflow.approvals.models import PersonalLink
from workflow.dossiers import queries
from workflow.dossiers.models import Dossier
from workflow.dossiers.queries import File
from workflow.dossiers.queries import personal_links as links
from workflow.errors import Forbidden, NotFound

__all__ = [
    "DAYS",
    "LONGEST",
    "SEND_CODE",
    "SEND_LINK",
    "Wish",
    "alive",
    "fresh_token",
    "keep_code",
    "locked",
    "make_link",
    "new_link",
    "note",
    "print_code",
    "print_letter",
    "withdraw",
]

SEND_LINK, SEND_CODE = "dossiers.send_link", "dossiers.send_code"


def make_link(identity: Identity, reference: str, wish: Wish) -> PersonalLink:
    """A link for the household of a dossier, to its step that is open. An earlier one is dead from now on.

    Raises Forbidden for who does not enter what the household says there, Invalid when the wish does not hold.
    """
    file = queries.file(identity, reference)
    step = links.step_of_household(file)
    if step is None:
        raise Forbidden()
    return new_link(file, step.id, f"household:{file.row.household_id}", wish)


def new_link(file: File, step: str, person: str, wish: Wish) -> PersonalLink:
    """For actions that have looked at who asks."""
    zone = file.known.place.zone if file.known.place else "Europe/Paris"
    aim = Aim(file.row.operation_id, file.row.subject, step, person, SEND_LINK, zone)
    return every.make(aim, wish, file.identity.person)


def alive(row: Dossier, step: str, person: str) -> list[PersonalLink]:
    """The links of a person to a step that still open something, locked."""
    return every.alive(row.subject, step, person)


def withdraw(identity: Identity, reference: str, link_id: str) -> PersonalLink:
    """From now on it opens nothing. Raises NotFound for who has no say in it, Refused when it is over already."""
    row = _to_settle(identity, reference, link_id)
    every.kill(row, identity.person)
    return row


def _to_settle(identity: Identity, reference: str, link_id: str) -> PersonalLink:
    file = queries.file(identity, reference)
    known = links.link(file.row, link_id)
    if known is None or not links.may_settle(file, known):
        raise NotFound()
    return every.settling(known)


def print_letter(identity: Identity, reference: str, link_id: str) -> tuple[PersonalLink, str]:
    """The secret of a link that goes by letter, for the one paper that bears it. Raises NotFound, Refused."""
    row = _to_settle(identity, reference, link_id)
    return row, every.print_letter(row, identity.person)


def print_code(identity: Identity, reference: str, link_id: str) -> tuple[PersonalLink, str]:
    """The code of a link, for the one paper that bears it. Raises NotFound, Refused."""
    row = _to_settle(identity, reference, link_id)
    return row, every.print_code(row, identity.person)
