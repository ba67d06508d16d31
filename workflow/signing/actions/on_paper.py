"""Signed by hand: the scan is kept, a named person attests that it is the same document; never called electronic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import current_app

from documents import signing as documents
from documents.authority import NoKey
from workflow import clock
from workflow.access import Identity
from workflow.approvals import actions as approvals
from workflow.approvals.queries import standing
from workflow.circuit import commands as c
from workflow.circuit.decide import Actor
from workflow.db import db, new_id
from workflow.errors import FieldError, Forbidden, Invalid, Refused
from workflow.filing import actions as files
from workflow.filing import queries as filing
from workflow.operations.queries import operation as find_operation
from workflow.signing.actions.keeping import keep, note
from workflow.signing.models import OPEN, SIGNED, OnPaper
from workflow.signing.queries import revisions, rooms
from workflow.signing.queries.entitled import runs
from workflow.signing.queries.rooms import Open, Party
from workflow.signing.rules.channels import PAPER
from workflow.signing.rules.course import ROLE

Stamps = Mapping[str, bytes]
"""{signatory: what is seen in their box, a PDF of its size}."""


@dataclass(frozen=True)
class Handed:
    """A signed paper. signatories: ids of those whose signature it bears; attested: the box that was ticked."""

    signatories: tuple[str, ...]
    data: bytes
    signed_on: date | None
    place: str
    attested: bool


def record(identity: Identity, reference: str, told: Handed, stamps: Stamps) -> OnPaper:
    """Rank by rank, all of them or none. Raises Invalid, Forbidden, Moved, Refused."""
    known = Open(rooms.room(reference))
    if not runs(identity, known.row):
        raise Forbidden()
    _check(known, told)
    row = known.row
    course = standing(row.subject, lock=True).course
    if row.state != OPEN:
        raise Refused("closed", "This room is over: nobody signs any more.")
    if known.paper.void_at is not None:
        raise Refused("paper_void", "This document counts no more: it cannot be signed.")
    kept = files.keep_file(row.operation_id, row.subject, told.data, "", identity.person)
    chosen = [one for one in known.parties if one.id in told.signatories]
    version = course.version
    for party in chosen:
        version = _say(identity, known, party, kept.sha256, version)
        _witness(known, party, stamps.get(party.id))
    made = OnPaper(
        id=new_id(),
        operation_id=row.operation_id,
        room_id=row.id,
        file_id=kept.id,
        sha256=kept.sha256,
        signatories=[one.id for one in chosen],
        signed_on=told.signed_on,
        place=told.place[:120],
        attested_by=identity.person,
        at=revisions.instant(row),
    )
    db.session.add(made)
    note(row, "PaperHandedIn", identity.person, sha256=kept.sha256, signatories=made.signatories)
    return made


def _say(identity: Identity, known: Open, party: Party, scan: str, version: int) -> int:
    """The signature in the course; the version it leads to."""
    voice = _seat(known, party)
    actor = Actor(voice, ROLE, party.row.organisation or None, recorded_by=identity.person)
    base = revisions.base(known.row).after
    command = c.Sign(step=known.steps[party.id], shown=base, channel=PAPER, scan_hash=scan)
    return approvals.act(known.row.subject, command, actor, version).course.version


def _seat(known: Open, party: Party) -> str:
    """Under which id they are asked now: their own, or that of whoever signs instead."""
    course = standing(known.row.subject)
    step = known.steps[party.id]
    passed = dict(course.state.seats.get(step, ()))
    return passed.get(party.voice, party.voice.person)


def _witness(known: Open, party: Party, stamp: bytes | None) -> None:
    """The file says so in their box, where it has one. Without a key nothing is recorded."""
    if not party.row.field:
        return
    row, place = known.row, find_operation(known.row.operation_id)
    present = revisions.present(row)
    told = {"name": party.acting.name, "reason": party.acting.capacity, "location": place.city if place else ""}
    try:
        authority = filing.authority(current_app.config["RELAIS"])
        at = revisions.instant(row).replace(microsecond=0)
        data = revisions.bytes_of(row, present)
        data = documents.sign_for(data, authority, party.row.field, at=at, stamp=stamp, **told)
    except NoKey as fault:
        message = "This installation cannot seal at the moment: nothing was signed. The person who runs it knows why."
        raise Refused("no_key", message) from fault
    except documents.CannotSign as fault:
        raise Refused(fault.code, fault.msgid, **fault.params) from fault
    keep(row, data, SIGNED, before=present.after, signatory=party.id)


def _check(known: Open, told: Handed) -> None:
    errors = []
    if not told.signatories:
        errors.append(FieldError("signatories", "Tick whose signatures the paper bears."))
    if not told.data:
        errors.append(FieldError("scan", "Attach the scan of the signed paper."))
    if told.signed_on is None or told.signed_on > clock.today(known.zone):
        errors.append(FieldError("signed_on", "Say on which day it was signed: today or before."))
    if not told.attested:
        errors.append(FieldError("attested", "Tick that you compared the paper with the document."))
    if errors:
        raise Invalid(errors)
