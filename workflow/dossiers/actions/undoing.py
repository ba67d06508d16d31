"""The last action is taken back, while nobody has acted since."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from workflow import clock
from workflow.access import Identity
from workflow.approvals import actions as approvals
from workflow.circuit.commands import TakeBack
from workflow.db import db
from workflow.dossiers.actions.households import put_state_back
from workflow.dossiers.actions.merging import split
from workflow.dossiers.actions.moving import hand_file, note_move, place, refuse_second
from workflow.dossiers.actions.referents import set_referent
from workflow.dossiers.models import Contact, Dossier, Household, Undo
from workflow.dossiers.queries.attachments import household_of
from workflow.dossiers.queries.undoable import WITHIN, acted_since, household_by_id, undo_of
from workflow.errors import Refused
from workflow.filing import actions as filing
from workflow.filing import queries as files
from workflow.people.queries import names
from workflow.record import actions as record
from workflow.record.models import chain_of
from workflow.record.queries import text, version_of

Before = dict[str, Any]


def undo(identity: Identity, undo_id: str) -> Undo:
    """Put back what was before. Raises Refused when somebody has acted since, or it is too late."""
    row = undo_of(identity, undo_id)
    if row.spent_at is not None:
        raise Refused("undone_already", "This was already taken back.")
    if row.at <= clock.now() - WITHIN:
        raise Refused("too_late", "This can only be taken back for a day: the day is over.")
    since = acted_since(row)
    if since:
        who = since.actor["person"]
        raise Refused("acted_since", "%(who)s has acted since: this can no longer be taken back.", who=_named(who))
    _UNDOING[row.action](identity, row.before)
    row.spent_at = clock.now()
    return row


def _named(person: str) -> str:
    return names([person]).get(person, person)


def _contact(identity: Identity, before: Before) -> None:
    line = db.session.get_one(Contact, before["contact"])
    home = household_by_id(line.household_id)
    record.drop_text(line.note)
    db.session.execute(delete(Contact).where(Contact.id == line.id))
    record.note(chain_of(home.operation_id), f"household:{home.id}", "ContactTakenBack", _by(identity), contact=line.id)
    put_state_back(home, before, identity.person)


def _by(identity: Identity) -> dict[str, str]:
    return {"person": identity.person}


def _state(identity: Identity, before: Before) -> None:
    put_state_back(household_by_id(before["household"]), before, identity.person)


def _referent(identity: Identity, before: Before) -> None:
    set_referent(household_by_id(before["household"]), before["referent"], identity.person)


def _void(identity: Identity, before: Before) -> None:
    """The circuit judges, as for every decision that is taken back; what follows is written there."""
    subject = f"dossier:{before['dossier']}"
    approvals.act_as(identity, subject, TakeBack(), version_of(subject))


def _move(identity: Identity, before: Before) -> None:
    row = db.session.get_one(Dossier, before["dossier"])
    origin, target = household_by_id(before["from"]), row.household
    refuse_second(row, origin)
    place(row, origin)
    if before["papers_at"]:
        filing.void(row.subject, clock.now())
        filing.restore(row.subject, datetime.fromisoformat(before["papers_at"]))
    for told in before["states"]:
        put_state_back(household_by_id(told["household"]), told, identity.person)
    note_move(row, target, origin, identity.person, back=True)


def _file(identity: Identity, before: Before) -> None:
    row = files.file(before["file"])
    target = household_of(row)
    kind, _, told = before["subject"].partition(":")
    origin: Household = household_by_id(told) if kind == "household" else db.session.get_one(Dossier, told).household
    hand_file(row, before["subject"], target, origin, identity.person, back=True)


def _merge(identity: Identity, before: Before) -> None:
    told = text(before["was"])
    if told is None:
        raise Refused("erased", "This household was erased meanwhile.")
    split(identity, before, json.loads(told))
    record.drop_text(before["was"])


_UNDOING: dict[str, Callable[[Identity, Before], None]] = {
    "contact": _contact,
    "state": _state,
    "referent": _referent,
    "void": _void,
    "move": _move,
    "file": _file,
    "merge": _merge,
}
