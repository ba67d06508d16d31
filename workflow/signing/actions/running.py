"""A room under way: people are reminded, given more time, reached at another address; it is refused or withdrawn."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflow import clock
from workflow.access import Identity
from workflow.approvals import actions as approvals
from workflow.approvals.actions.personal_links import alive, kill
from workflow.approvals.queries import standing
from workflow.circuit import commands as c
from workflow.circuit.decide import Actor
from workflow.db import db
from workflow.errors import FieldError, Forbidden, Invalid, Refused
from workflow.people import queries as people
from workflow.record import actions as record
from workflow.signing.actions import last_days
from workflow.signing.actions.keeping import note
from workflow.signing.actions.linking import reach
from workflow.signing.models import OPEN, SIGNED, Room
from workflow.signing.queries import revisions, rooms
from workflow.signing.queries.entitled import runs
from workflow.signing.queries.links import outsider_of
from workflow.signing.queries.rooms import Open, Party, delegate_voice
from workflow.signing.queries.told import RUNNING, Answers

LONGEST = 2_000
"""Characters of a reason."""


def remind(identity: Identity, reference: str) -> int:
    """Everybody who is asked now; how many steps. Raises Forbidden, Refused."""
    row = _under_way(identity, reference)
    known = standing(row.subject, lock=True)
    for step in sorted(known.state.open):
        approvals.act(row.subject, c.Remind(step=step), _running(identity), known.course.version)
    return len(known.state.open)


def extend(identity: Identity, reference: str, until: date) -> None:
    """Those who are asked now have until the end of that day; so has the room. Raises Invalid, Forbidden, Refused."""
    row = _under_way(identity, reference)
    known, zone = standing(row.subject, lock=True), Open(row).zone
    if until < clock.today(zone):
        raise Invalid([FieldError("until", "Choose a day to come.")])
    due = datetime.combine(until + timedelta(days=1), time(), ZoneInfo(zone))
    for step, opened in sorted(known.state.open.items()):
        if opened.due is None or opened.due < due:
            command = c.ExtendDeadline(step=step, due=due)
            approvals.act(row.subject, command, _running(identity), known.course.version)
    if row.until is not None and row.until < until:
        over, row.until = rooms.is_over(row, clock.today(zone)), until
        if over:
            last_days.ask(row, last_days.AGAIN)
    note(row, "RoomExtended", identity.person, until=until.isoformat())


def withdraw(identity: Identity, reference: str, words: str) -> None:
    """Nobody signs any more; who was asked is told why. What was signed stays kept."""
    row = _under_way(identity, reference)
    command = c.Cancel(reason_ref=_reason(row, words))
    approvals.act(row.subject, command, _running(identity), standing(row.subject, lock=True).course.version)


def change_address(identity: Identity, reference: str, signatory: str, mail: str, postal: str) -> bool:
    """Links that left for the former address are dead; another one leaves where they are asked now: whether it did."""
    row = _under_way(identity, reference)
    known = Open(row)
    party = known.party(signatory)
    if party.person:
        raise Refused("has_access", "This person has an access to Relais: their address is changed on their own page.")
    if mail and people.account_at(mail) is not None:
        message = "Somebody with an access to Relais reads this address: give one of the person's own."
        raise Invalid([FieldError("mail", message)])
    step = known.steps[party.id]
    for one in alive(row.subject, step, outsider_of(party)):
        kill(one, identity.person)
    _put_words(row, party, mail, postal)
    note(row, "AddressChanged", identity.person, signatory=party.id)
    if step not in standing(row.subject).state.open:
        return False
    return bool(reach(Open(row), Open(row).party(signatory), identity.person))


def _put_words(row: Room, party: Party, mail: str, postal: str) -> None:
    words = replace(party.acting, mail=mail, postal=postal)
    sealed = record.keep_text(row.subject, json.dumps(asdict(words), ensure_ascii=False))
    if party.row.delegate:
        party.row.delegation = {**(party.row.delegation or {}), "voice": delegate_voice(party.row)}
        record.drop_text(party.row.delegate)
        party.row.delegate = sealed
    else:
        record.drop_text(party.row.told)
        party.row.told = sealed
    db.session.flush()


def refuse(known: Open, party: Party, actor: Actor, words: str) -> None:
    """One says no, and why: the room ends, everybody is told. Raises Invalid, Moved, Refused."""
    row = known.row
    command = c.Refuse(step=known.steps[party.id], shown=Answers(row.subject).shown, reason_ref=_reason(row, words))
    approvals.act(row.subject, command, actor, standing(row.subject, lock=True).course.version)


def take_back(identity: Identity, reference: str) -> None:
    """One's own signature, before anybody else signed: the file is again what it was. Raises Refused."""
    row = rooms.room(reference)
    if row.state != OPEN:
        raise Refused("closed", "This room is over.")
    known = standing(row.subject, lock=True)
    last = revisions.present(row)
    approvals.act_as(identity, row.subject, c.TakeBack(), known.course.version)
    party = Open(row).party(last.signatory_id) if last.signatory_id else None
    if last.why == SIGNED and party is not None and party.person == identity.person:
        last.undone_at = clock.now()
        note(row, "SignatureTakenBack", identity.person, signatory=party.id, sha256=last.after)


def _reason(row: Room, words: str) -> str:
    if not words.strip():
        raise Invalid([FieldError("reason", "Say why.")])
    if len(words) > LONGEST:
        raise Invalid([FieldError("reason", "Write at most %(count)s characters.", {"count": LONGEST})])
    return record.keep_text(row.subject, words)


def _under_way(identity: Identity, reference: str) -> Room:
    row = rooms.room(reference)
    if not runs(identity, row):
        raise Forbidden()
    if row.state != OPEN:
        raise Refused("closed", "This room is over.")
    return row


def _running(identity: Identity) -> Actor:
    return Actor(identity.person, RUNNING, None)
