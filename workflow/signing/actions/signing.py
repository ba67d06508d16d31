"""Somebody signs, now, this very file. One waits for the other; nothing is ever half signed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app

from documents import signing as documents
from documents.authority import Authority, NoKey
from documents.fields import sizes
from workflow import clock
from workflow.access import Identity
from workflow.approvals import actions as approvals
from workflow.approvals.actions.personal_links import opening, spend
from workflow.approvals.models import PersonalLink
from workflow.approvals.queries import standing
from workflow.approvals.queries.personal_links import through
from workflow.circuit import commands as c
from workflow.circuit.decide import Actor
from workflow.errors import FieldError, Forbidden, Invalid, NotFound, Refused
from workflow.filing import queries as filing
from workflow.operations.queries import operation as find_operation
from workflow.signing.actions.keeping import keep, note, seen
from workflow.signing.actions.running import outsider_of
from workflow.signing.models import OPEN, SIGNED, Revision
from workflow.signing.queries import revisions, rooms
from workflow.signing.queries.rooms import Open, Party
from workflow.signing.rules.channels import IN_THE_FILE, SCREEN
from workflow.signing.rules.course import ROLE


@dataclass(frozen=True)
class Told:
    """What somebody says when they sign. capacity, consent: boxes they ticked; mark: a PNG of what they drew or typed;
    base: fingerprint of what was asked to be signed; seen: of the file they had before them; version: of the course.
    """

    capacity: bool
    consent: bool
    mark: bytes
    base: str
    seen: str
    version: int


@dataclass(frozen=True)
class Stamped:
    """What is seen in the box of the signature, set beforehand; at: the instant it speaks of."""

    pdf: bytes | None
    at: datetime
    lines: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Signer:
    """Somebody about to sign: for which signatory, in which capacity of the course."""

    known: Open
    party: Party
    actor: Actor


def signer_inside(identity: Identity, known: Open, signatory: str) -> Signer:
    """Somebody with an account, from their own session. Nobody signs in another's name: Forbidden."""
    party = known.party(signatory)
    if party.person != identity.person:
        raise Forbidden()
    return Signer(known, party, Actor(identity.person, ROLE, party.row.organisation or None))


def signer_by_link(link: PersonalLink) -> Signer:
    """Somebody without account, by their link. Raises NotFound when it is for nobody here any more."""
    known = Open(rooms.by_subject(link.subject))
    party = next((one for one in known.parties if outsider_of(one) == link.person), None)
    if party is None:
        raise NotFound()
    actor = Actor(link.person, ROLE, party.row.organisation or None, through=through(link))
    return Signer(known, party, actor)


def box_of(who: Signer) -> tuple[float, float] | None:
    """Width and height in points of the box they sign in."""
    data = revisions.bytes_of(who.known.row, revisions.present(who.known.row))
    return sizes(data).get(who.party.row.field)


Act = Callable[[Signer], Revision]
"""What signs, for whoever is found to be the signer once everything is locked."""


def check(told: Told, *, marked: bool = True) -> None:
    """Raises Invalid, before anything is set or locked. marked: whether something must be drawn or typed."""
    errors = []
    if not told.capacity:
        errors.append(FieldError("capacity", "Tick that you sign in this capacity."))
    if not told.consent:
        errors.append(FieldError("consent", "Tick that you have read the document and agree to sign it."))
    if marked and not told.mark:
        errors.append(FieldError("mark", "Draw your signature, or type your name."))
    if errors:
        raise Invalid(errors)


def sign(who: Signer, told: Told, stamped: Stamped) -> Revision:
    """On the screen. Raises Invalid, and what `put` raises."""
    check(told)
    return put(who, SCREEN, told, lambda data: _signed(who, data, stamped))


def put(who: Signer, channel: str, told: Told, signed: Callable[[bytes], bytes]) -> Revision:
    """The signature is in the course and in the file, or in neither. signed: the file as it stands → with the
    signature. Raises Moved, Refused (not their turn, the last day has passed), whatever `signed` raises.
    """
    row = who.known.row
    course = standing(row.subject, lock=True).course  # whoever signs at the same instant waits here
    _may_still(who, channel)
    command = c.Sign(step=who.known.steps[who.party.id], shown=told.base, channel=channel)
    approvals.act(row.subject, command, who.actor, told.version or course.version)
    present = revisions.present(row)
    data = signed(revisions.bytes_of(row, present))
    made = keep(row, data, SIGNED, before=present.after, signatory=who.party.id)
    by = who.actor.recorded_by or who.actor.person
    seen(row, by, told.seen)
    note(row, "FileSigned", by, signatory=who.party.id, seen=told.seen, before=made.before, after=made.after)
    return made


def sign_by_link(link_id: str, act: Act) -> Revision:
    """By a personal link, which is used once. Locks are taken in one order: the link, the course."""
    link = opening(link_id)
    made = act(signer_by_link(link))
    spend(link, "signed")
    return made


def _may_still(who: Signer, channel: str) -> None:
    row, zone = who.known.row, who.known.zone
    if row.state != OPEN:
        raise Refused("closed", "This room is over: nobody signs any more.")
    if who.known.paper.void_at is not None:
        raise Refused("paper_void", "This document counts no more: it cannot be signed.")
    if rooms.is_over(row, clock.today(zone)):
        raise Refused("too_late", "The last day to sign has passed. Ask whoever opened the signatures for more time.")
    if who.party.row.channel != channel:
        raise Refused("other_channel", "This signature was asked for in another way.")
    if channel in IN_THE_FILE and not who.party.row.field:
        raise Refused("no_field", "This document has no place for this signature.")


def _signed(who: Signer, data: bytes, stamped: Stamped) -> bytes:
    """One more state of the file. Without a key nothing is signed."""
    with sealing() as authority:
        return documents.sign_for(
            data,
            authority,
            who.party.row.field,
            at=revisions.instant(who.known.row).replace(microsecond=0),
            name=who.party.acting.name,
            reason=capacity_of(who),
            location=city_of(who),
            stamp=stamped.pdf,
        )


def capacity_of(who: Signer) -> str:
    """In what capacity, for which organisation."""
    return ", ".join(filter(None, (who.party.acting.capacity, who.party.words.organisation)))


def city_of(who: Signer) -> str:
    place = find_operation(who.known.row.operation_id)
    return place.city if place else ""


@contextmanager
def sealing() -> Iterator[Authority]:
    """The keys of the installation; whatever keeps them from sealing or the file from being signed is Refused."""
    try:
        yield filing.authority(current_app.config["RELAIS"])
    except NoKey as fault:
        message = "This installation cannot seal at the moment: nothing was signed. The person who runs it knows why."
        raise Refused("no_key", message) from fault
    except documents.CannotSign as fault:
        raise Refused(fault.code, fault.msgid, **fault.params) from fault
