"""Every household has one named referent at each moment; the record keeps who, since when, until when."""

from __future__ import annotations

from collections.abc import Iterable

from workflow.dossiers.actions.remembering import remember
from workflow.dossiers.models import Household
from workflow.record import actions as record
from workflow.record.models import chain_of


def set_referent(row: Household, person: str | None, by: str) -> bool:
    """Name who follows a household from now on. Whether anything changed."""
    if row.referent == person:
        return False
    before, row.referent = row.referent, person
    row.version += 1
    note_referent(row, before, by)
    return True


def name_referent(row: Household, person: str | None, by: str) -> bool:
    """The same, as an act of its own that may be taken back."""
    before = {"household": row.id, "referent": row.referent}
    changed = set_referent(row, person, by)
    if changed:
        remember("referent", by, row.operation_id, [f"household:{row.id}"], before)
    return changed


def set_referents(rows: Iterable[Household], person: str, by: str) -> int:
    """The same for several households at once; how many changed hands."""
    return sum(set_referent(row, person, by) for row in rows)


def note_referent(row: Household, before: str | None, by: str) -> None:
    record.note(
        chain_of(row.operation_id),
        f"household:{row.id}",
        "ReferentSet",
        {"person": by},
        referent=row.referent,
        before=before,
    )
