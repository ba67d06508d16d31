"""Stored answers: their revisions, opened with the dossier's key, and their keyed marks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, select

from forms.definition import Form
from forms.expressions import Now
from forms.instance import Instance
from forms.versions import answers_hash, hashes, section_hashes
from workflow import clock
from workflow.catalogue.queries import version
from workflow.catalogue.rules import around
from workflow.circuit.standing import State
from workflow.db import db, prepared
from workflow.dossiers.models import HANDED_ON, AnswerSet, Dossier
from workflow.errors import NotFound
from workflow.operations.queries import operation as find_operation
from workflow.record.queries import key_of
from workflow.storage import fingerprint, seal, unseal

_LATEST = (
    select(AnswerSet).where(AnswerSet.dossier_id == bindparam("dossier")).order_by(AnswerSet.revision.desc()).limit(1)
)
_PRESENT = prepared(_LATEST)
_LOCKED = prepared(_LATEST.with_for_update()).execution_options(populate_existing=True)


def sets(row: Dossier) -> list[AnswerSet]:
    return list(
        db.session.scalars(select(AnswerSet).where(AnswerSet.dossier_id == row.id).order_by(AnswerSet.revision))
    )


def present_set(row: Dossier, *, lock: bool = False) -> AnswerSet:
    """The latest revision: the draft being written, or what was handed on last."""
    return db.session.scalars(_LOCKED if lock else _PRESENT, {"dossier": row.id}).one()


_REVISION = prepared(
    select(AnswerSet.id, AnswerSet.saves, AnswerSet.fingerprint)
    .where(AnswerSet.dossier_id == bindparam("dossier"))
    .order_by(AnswerSet.revision.desc())
    .limit(1)
)


def revision_of(dossier: str) -> tuple[str, int, str] | None:
    """A mark of the answers as they stand: another one as soon as they change."""
    found = db.session.execute(_REVISION, {"dossier": dossier}).first()
    return tuple(found) if found else None


def handed_on_set(row: Dossier) -> AnswerSet | None:
    """The latest revision that was handed on: what everybody but its author reads."""
    asked = select(AnswerSet).where(AnswerSet.dossier_id == row.id, AnswerSet.state == HANDED_ON)
    return db.session.scalar(asked.order_by(AnswerSet.revision.desc()).limit(1))


def decided_on_set(row: Dossier, state: State) -> AnswerSet | None:
    """The revision that was decided on before the dossier was last taken up again."""
    before = state.refreshed_at or clock.now()
    known = [one for one in sets(row) if one.state == HANDED_ON and one.saved_at <= before]
    return known[-1] if known else handed_on_set(row)


def circumstances(operation: str) -> Now:
    """What the form engine may not look up by itself, as it is where the operation takes place."""
    place = find_operation(operation)
    return around(clock.wall(place.zone) if place else clock.wall())


def opened(row: Dossier, stored: AnswerSet) -> tuple[Instance, dict[str, Any]]:
    """The answers of a revision and their provenance {path: [person, instant, source]}."""
    return unsealed(row, stored, key_to(row))


def unsealed(row: Dossier, stored: AnswerSet, key: bytes) -> tuple[Instance, dict[str, Any]]:
    """`opened` with the key, for who seals the answers again afterwards."""
    told = json.loads(unseal(key, stored.sealed, f"answers:{stored.id}"))
    form, limit = version(stored.procedure or row.procedure).form, row_limit()
    instance = Instance.from_xml(form, told["xml"], circumstances(row.operation_id), limit, submitted=False)
    return instance, told["provenance"]


def key_to(row: Dossier) -> bytes:
    """What the answers of a dossier are sealed with. NotFound once they were erased."""
    key = key_of(row.subject)
    if key is None:
        raise NotFound("These answers have been erased.")
    return key


def provenance_of(row: Dossier, stored: AnswerSet) -> dict[str, Any]:
    """Only who gave which answer, when and how: the answers themselves are not read."""
    return json.loads(unseal(key_to(row), stored.sealed, f"answers:{stored.id}"))["provenance"]


def row_limit() -> int:
    """The most lines that one list of a form may have here."""
    return current_app.config["RELAIS"].row_limit


def form_of(row: Dossier) -> Form:
    return version(row.procedure).form


def form_lang(form: Form, lang: str) -> str:
    """The form's own name of a language: "fr" → "Français (fr)"."""
    return next((name for name in form.languages if name == lang or name.endswith(f"({lang})")), form.default_language)


def section_marks(row: Dossier, instance: Instance) -> dict[str, str]:
    """{section name: keyed hash of its answers}: nobody can guess an answer from the record."""
    return _keyed(key_of(row.subject) or b"", section_hashes(instance))


@dataclass(frozen=True)
class Packed:
    """A set of answers as a row keeps it: sealed, with its keyed marks."""

    sealed: bytes
    fingerprint: str
    marks: dict[str, str]


def packed(key: bytes, set_id: str, instance: Instance, provenance: Mapping[str, Any]) -> Packed:
    """Answers and where they come from, sealed for the row of that id under the key of the dossier."""
    plain = json.dumps({"xml": instance.to_xml(), "provenance": provenance}, ensure_ascii=False).encode()
    return Packed(seal(key, plain, f"answers:{set_id}"), *marks(key, instance))


def marks(key: bytes, instance: Instance) -> tuple[str, dict[str, str]]:
    """`mark` and `section_marks` under the key of the dossier, which whoever stores answers holds already."""
    whole, sections = hashes(instance)
    return fingerprint(key, whole.encode()), _keyed(key, sections)


def _keyed(key: bytes, sections: dict[str, str]) -> dict[str, str]:
    return {name: fingerprint(key, found.encode()) for name, found in sections.items()}


def mark(row: Dossier, instance: Instance) -> str:
    return fingerprint(key_of(row.subject) or b"", answers_hash(instance).encode())
