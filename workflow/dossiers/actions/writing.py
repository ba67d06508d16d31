"""Answers are sealed under the dossier's key: one row per revision."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from forms.instance import Instance
from workflow import clock
from workflow.db import db, new_id
from workflow.dossiers import queries
from workflow.dossiers.models import DRAFT, AnswerSet, Dossier
from workflow.record import actions as record
from workflow.storage import seal


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
    key = record.key_for(row.subject)
    plain = json.dumps({"xml": instance.to_xml(), "provenance": provenance}, ensure_ascii=False).encode()
    stored.sealed = seal(key, plain, f"answers:{stored.id}")
    stored.fingerprint, stored.marks = queries.marks(key, instance)
    stored.saved_at, stored.saved_by, stored.saves = clock.now(), by, stored.saves + 1
