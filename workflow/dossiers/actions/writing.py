"""Answers are sealed under the dossier's key: one row per revision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.instance import Instance
from workflow import clock
from workflow.db import db, new_id
from workflow.dossiers import queries
from workflow.dossiers.models import DRAFT, AnswerSet, Dossier
from workflow.record import actions as record


def store(
    row: Dossier, instance: Instance, provenance: Mapping[str, Any], by: str, *, revision: int, source: str = "web"
) -> AnswerSet:
    """A new revision, as a draft."""
    stored = AnswerSet(
        id=new_id(),
        operation_id=row.operation_id,
        dossier_id=row.id,
        revision=revision,
        form_hash=instance.form.hash,
        procedure=row.procedure,
        instance_id=instance.identity.instance_id,
        deprecated_id=instance.identity.deprecated_id,
        state=DRAFT,
        saves=0,
        sealed=b"",
        fingerprint="",
        saved_at=clock.now(),
        saved_by=by,
        source=source,
    )
    write(row, stored, instance, provenance, by)
    db.session.add(stored)
    db.session.flush()
    return stored


def write(row: Dossier, stored: AnswerSet, instance: Instance, provenance: Mapping[str, Any], by: str) -> None:
    put(stored, queries.packed(record.key_for(row.subject), stored.id, instance, provenance), by)


def put(stored: AnswerSet, what: queries.Packed, by: str) -> None:
    """Write answers that were sealed before."""
    stored.sealed, stored.fingerprint, stored.marks = what.sealed, what.fingerprint, what.marks
    stored.saved_at, stored.saved_by, stored.saves = clock.now(), by, stored.saves + 1
