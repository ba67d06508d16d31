"""One household entered twice becomes one again: dossiers, contacts, notices and attachments come together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from workflow.access import Identity
from workflow.db import db
from workflow.dossiers import queries
from workflow.dossiers.actions.households import PLAIN
from workflow.dossiers.actions.moving import place
from workflow.dossiers.actions.remembering import remember
from workflow.dossiers.models import Contact, Dossier, Household, Notice
from workflow.dossiers.queries.mending import may_mend_household
from workflow.dossiers.rules import search_text
from workflow.errors import Forbidden, Moved, Refused
from workflow.record import actions as record
from workflow.record.models import chain_of

CHOSEN = (*(name for name in PLAIN if name not in ("reference", "lang")), "lang", "state")
"""What may differ between the two, and is chosen one by one."""


def differing(one: Household, other: Household) -> list[str]:
    """Names of the columns in which two households are not told alike; what only one of them says differs too."""
    return [name for name in CHOSEN if (getattr(one, name) or "") != (getattr(other, name) or "")]


def merge(
    identity: Identity, kept_id: str, gone_id: str, theirs: frozenset[str], versions: Mapping[str, int]
) -> Household:
    """Let `gone` lead to `kept`. `theirs`: columns taken from the one that goes; `versions`: as shown, by id."""
    kept, gone = (queries.household(identity, one) for one in (kept_id, gone_id))
    _may(identity, kept, gone)
    for row in (kept, gone):
        db.session.refresh(row, with_for_update=True)
        if row.version != versions.get(row.id):
            raise Moved("Somebody changed this household meanwhile.")
    _fit(kept, gone, theirs)
    before: dict[str, Any] = {"kept": kept.id, "gone": gone.id, "was": _sealed(kept)}
    _take(kept, gone, theirs)
    before |= _bring(kept, gone)
    gone.merged_into = kept.id
    for row in (kept, gone):
        row.version += 1
    db.session.flush()
    chain, by = chain_of(kept.operation_id), {"person": identity.person}
    record.note(chain, f"household:{gone.id}", "HouseholdMergedInto", by, into=kept.id)
    record.note(chain, f"household:{kept.id}", "HouseholdsMerged", by, other=gone.id)
    touched = [f"household:{kept.id}", f"household:{gone.id}", *(f"dossier:{one}" for one in before["dossiers"])]
    remember("merge", identity.person, kept.operation_id, touched, before)
    return kept


def _may(identity: Identity, kept: Household, gone: Household) -> None:
    if kept.operation_id != gone.operation_id or not may_mend_household(identity, kept.operation_id):
        raise Forbidden()
    if kept.id == gone.id:
        raise Refused("same_household", "Choose another household: this is the same one.")


def _fit(kept: Household, gone: Household, theirs: frozenset[str]) -> None:
    twice = open_twice(kept, gone)
    if twice:
        raise Refused(
            "open_twice",
            "Both have a dossier of the same kind under way: %(one)s and %(other)s. Annul one of the two first.",
            one=twice[0].reference,
            other=twice[1].reference,
        )
    if kept.landlord != gone.landlord:
        losing = kept if "landlord" in theirs else gone
        if _open(losing):
            raise Refused(
                "other_landlord",
                "A dossier is under way that the other landlord checks: choose that landlord, or annul the dossier.",
            )


def open_twice(one: Household, other: Household) -> tuple[Dossier, Dossier] | None:
    """Two dossiers of the same procedure that are both under way; None when the households fit together."""
    theirs = {row.slug: row for row in _open(other)}
    return next(((row, theirs[row.slug]) for row in _open(one) if row.slug in theirs), None)


def _open(row: Household) -> list[Dossier]:
    asked = select(Dossier).where(Dossier.household_id == row.id, Dossier.open_key.is_not(None))
    return list(db.session.scalars(asked))


def _sealed(row: Household) -> str:
    """How the household was told, under its own key: what an undo gives back."""
    told = {name: getattr(row, name) for name in CHOSEN} | {"state_since": row.state_since.isoformat()}
    return record.keep_text(f"household:{row.id}", json.dumps(told))


def _take(kept: Household, gone: Household, theirs: frozenset[str]) -> None:
    for name in theirs & set(CHOSEN):
        setattr(kept, name, getattr(gone, name))
    if "state" in theirs:
        kept.state_since = gone.state_since
    rewrite_search(kept)


def rewrite_search(row: Household) -> None:
    row.search = search_text(row.name, row.address, row.dwelling, row.reference, row.tenant_reference)


def _bring(kept: Household, gone: Household) -> dict[str, list[str]]:
    """What hangs under the one that goes comes to the other; ids of what came. Attachments are found through both."""
    dossiers = list(db.session.scalars(select(Dossier).where(Dossier.household_id == gone.id).order_by(Dossier.id)))
    for row in dossiers:
        place(row, kept)
    return {
        "dossiers": [row.id for row in dossiers],
        "contacts": _hand_over(Contact, Contact.household_id, gone.id, kept.id),
        "notices": _hand_over(Notice, Notice.household_id, gone.id, kept.id),
        "led": _hand_over(Household, Household.merged_into, gone.id, kept.id),
    }


def _hand_over(model: Any, column: Any, before: str, after: str) -> list[str]:
    ids = sorted(db.session.scalars(select(model.id).where(column == before)))
    db.session.execute(update(model).where(model.id.in_(ids)).values({column: after}))
    return ids


def split(identity: Identity, before: Mapping[str, Any], told: Mapping[str, Any]) -> Household:
    """Undo of a merge: each gets back what was its own. `told`: how the one that stayed was described."""
    kept, gone = (db.session.get_one(Household, before[one]) for one in ("kept", "gone"))
    for name in CHOSEN:
        setattr(kept, name, told[name])
    kept.state_since = datetime.fromisoformat(told["state_since"])
    rewrite_search(kept)
    gone.merged_into = None
    for dossier in before["dossiers"]:
        place(db.session.get_one(Dossier, dossier), gone)
    for model, column, ids in (
        (Contact, Contact.household_id, before["contacts"]),
        (Notice, Notice.household_id, before["notices"]),
        (Household, Household.merged_into, before["led"]),
    ):
        db.session.execute(update(model).where(model.id.in_(ids)).values({column: gone.id}))
    for row in (kept, gone):
        row.version += 1
        record.note(chain_of(row.operation_id), f"household:{row.id}", "HouseholdsSplit", {"person": identity.person})
    return kept
