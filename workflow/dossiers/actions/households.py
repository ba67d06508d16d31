"""Households: registered, refreshed, moved to another status, erased, contacted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from workflow import clock
from workflow.db import db, new_id
from workflow.dossiers.actions.referents import note_referent
from workflow.dossiers.actions.remembering import remember, state_of
from workflow.dossiers.models import Contact, Household
from workflow.dossiers.rules import CONTACT_MOVES, search_text
from workflow.record import actions as record
from workflow.record.models import chain_of


def put_household(operation: str, told: Mapping[str, Any], by: str) -> Household:
    """Register a household, or refresh what is known of it by its reference."""
    row = db.session.scalar(
        select(Household).where(Household.operation_id == operation, Household.reference == told["reference"])
    ) or Household(id=new_id(), operation_id=operation, state="to_contact", state_since=clock.now(), version=0)
    followed_by = row.referent
    for name in PLAIN:
        if name in told:
            setattr(row, name, told[name])
    row.search = search_text(row.name, row.address, row.dwelling, row.reference, row.tenant_reference)
    row.version += 1
    db.session.add(row)
    db.session.flush()
    record.note(chain_of(operation), f"household:{row.id}", "HouseholdPut", {"person": by})
    if row.version > 1 and row.referent != followed_by:
        note_referent(row, followed_by, by)
    return row


PLAIN = (
    *("reference", "name", "building_id", "entrance", "floor", "dwelling", "dwelling_type", "surface", "address"),
    *("phone", "email", "tenant_reference", "persons", "referent", "landlord", "zone"),
)


def set_state(row: Household, state: str, by: str) -> None:
    """Move a household to another status."""
    if row.state == state:
        return
    row.state, row.state_since = state, clock.now()
    row.version += 1
    record.note(chain_of(row.operation_id), f"household:{row.id}", "HouseholdStateSet", {"person": by}, state=state)


def put_state_back(row: Household, before: Mapping[str, str], by: str) -> None:
    """Give a household the status it had, since when it had it."""
    if row.state != before["state"]:
        set_state(row, before["state"], by)
        row.state_since = datetime.fromisoformat(before["since"])


Forgetting = Callable[[Household], None]
_forgetting: list[Forgetting] = []


def register_forgetting(forget: Forgetting) -> None:
    """Let a part above forget what it keeps of a household that is erased."""
    if forget not in _forgetting:
        _forgetting.append(forget)


def erase_household(row: Household, by: str) -> None:
    """Forget who a household was: its plain columns are emptied, what was sealed under its key is lost for good.

    Those that were found to be the same one are forgotten with it.
    """
    merged = db.session.scalars(select(Household).where(Household.merged_into == row.id)).all()
    for one in (row, *merged):
        one.name, one.address, one.phone, one.email, one.tenant_reference = "", "", None, None, None
        one.search = search_text(one.reference)
        one.version += 1
        record.forget(f"household:{one.id}")
        for forget in _forgetting:
            forget(one)
        record.note(chain_of(one.operation_id), f"household:{one.id}", "HouseholdErased", {"person": by})


def note_contact(row: Household, kind: str, words: str, by: str) -> Contact:
    """Add a line to the contact log; an appointment or a refusal moves a household that was not surveyed yet."""
    before = state_of(row)
    line = Contact(
        id=new_id(),
        operation_id=row.operation_id,
        household_id=row.id,
        kind=kind,
        at=clock.now(),
        person=by,
        note=record.keep_text(f"household:{row.id}", words),
    )
    db.session.add(line)
    record.note(
        chain_of(row.operation_id), f"household:{row.id}", "Contacted", {"person": by}, contact=line.id, how=kind
    )
    if kind in CONTACT_MOVES and row.state in ("to_contact", "appointment", "unreachable", "interview_refused"):
        set_state(row, CONTACT_MOVES[kind], by)
    remember("contact", by, row.operation_id, [f"household:{row.id}"], before | {"contact": line.id})
    return line
