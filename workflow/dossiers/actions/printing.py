"""Told: a form left with the answers of a household on it."""

from __future__ import annotations

from workflow.dossiers.models import Dossier
from workflow.record import actions as record
from workflow.record.models import chain_of


def note_printed(row: Dossier, by: str, lang: str) -> None:
    """Who printed the answers of which dossier, and when: a paper can be read by whoever holds it."""
    told = {"dossier": row.id, "lang": lang}
    of = f"household:{row.household_id}" if row.household_id else row.subject
    record.note(chain_of(row.operation_id), of, "FormPrinted", {"person": by}, **told)
