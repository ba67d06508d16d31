"""Somebody signs instead of another, under a mandate of their own that is recorded."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date

from workflow.access import Identity
from workflow.approvals import actions as approvals
from workflow.approvals.queries import standing
from workflow.circuit import commands as c
from workflow.circuit.decide import Actor
from workflow.errors import FieldError, Forbidden, Invalid, Refused
from workflow.people import queries as people
from workflow.record import actions as record
from workflow.signing.actions.keeping import note
from workflow.signing.actions.preparing import keep_mandate
from workflow.signing.models import OPEN
from workflow.signing.queries import rooms
from workflow.signing.queries.entitled import runs
from workflow.signing.queries.rooms import Open, Party, Words, delegate_voice
from workflow.signing.queries.told import RUNNING
from workflow.signing.rules.channels import DELIBERATION, ORDER, POWER
from workflow.signing.rules.course import ROLE


@dataclass(frozen=True)
class Delegate:
    """Who signs instead. data: the file of their mandate."""

    words: Words
    person: str | None
    kind: str
    number: str
    day: date | None
    data: bytes


def may(identity: Identity, known: Open, party: Party) -> bool:
    """Whoever runs the room, and the signatory themself; nobody passes on what was passed on."""
    if known.row.state != OPEN or party.row.delegate:
        return False
    return runs(identity, known.row) or party.person == identity.person


def delegate(identity: Identity, reference: str, signatory: str, told: Delegate) -> None:
    """Raises Invalid (no mandate), Forbidden, Refused (they signed already, it is not their turn)."""
    known = Open(rooms.room(reference))
    party, row = known.party(signatory), known.row
    if not may(identity, known, party):
        raise Forbidden()
    _check(told)
    before = party.voice.person
    course, step = standing(row.subject, lock=True), known.steps[party.id]
    if step not in course.state.open:
        raise Refused("not_open", "This step is not open now.")
    kept = keep_mandate(row, told.data, identity.person) if told.data else None
    party.row.delegate = record.keep_text(row.subject, json.dumps(asdict(told.words), ensure_ascii=False))
    party.row.delegate_person = told.person
    day = told.day.isoformat() if told.day else ""
    party.row.delegation = {"kind": told.kind, "number": told.number, "day": day, "file": kept}
    own = identity.person == before
    actor = (
        Actor(identity.person, ROLE, party.row.organisation or None) if own else Actor(identity.person, RUNNING, None)
    )
    command = c.Reassign(step=step, from_person=before, to_person=delegate_voice(party.row))
    approvals.act(row.subject, command, actor, course.course.version)
    note(row, "SignatoryDelegated", identity.person, signatory=party.id, mandate=told.kind)


def _check(told: Delegate) -> None:
    errors = []
    if told.kind not in (DELIBERATION, ORDER, POWER):
        errors.append(FieldError("mandate", "Choose one of the mandates."))
    if not told.data:
        errors.append(FieldError("mandate_file", "Attach the order or the power."))
    if told.person is None and not (told.words.mail or told.words.postal):
        errors.append(FieldError("mail", "Choose somebody with an access, or give an address."))
    if told.words.mail and told.person is None and people.account_at(told.words.mail):
        message = "Somebody with an access to Relais reads this address: choose that person, or give another address."
        errors.append(FieldError("mail", message))
    if errors:
        raise Invalid(errors)
