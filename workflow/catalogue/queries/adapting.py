"""What an operation or a landlord has changed in a form, and what becomes of the form with these changes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from forms.adapting import Adapted, Change, NotPossible, Shown, adapt, shown, stored, told
from forms.definition import Form
from forms.definition import load as load_form
from forms.findings import Finding, FormRefused
from forms.xlsform import Compiled, compile_xlsform
from workflow.catalogue.models import Adaptation, AdaptationVersion, Adoption, LandlordForm, Procedure, ProcedureVersion
from workflow.catalogue.queries.leaning import needs
from workflow.catalogue.queries.versions import files, material, version
from workflow.catalogue.rules import lists_of
from workflow.db import db
from workflow.errors import NotFound, Refused
from workflow.operations import queries as operations
from workflow.web import spoken

OPERATION, LANDLORD = "operation", "organisation"
_BY_DESIGN = {"hide": "never_shown"}
"""What the check remarks of a row because somebody wanted it so."""


@dataclass(frozen=True)
class Holder:
    """Whose changes they are. `kind`: that of an operation, or of a landlord for its households everywhere."""

    kind: str
    id: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"

    @property
    def prefix(self) -> str:
        """How the names of the questions begin that are added here."""
        return "op" if self.kind == OPERATION else "ll"


@dataclass(frozen=True)
class Preview:
    """A form with changes laid on it. `form` is none when it cannot be used; `missed` and `remarks` are by the place of
    the change in the list, remarks under -1 belong to no change; `shown`: its words as they are written, by place.
    """

    base: str
    source: bytes
    name: str
    form: Form | None
    missed: Mapping[int, NotPossible]
    remarks: Mapping[int, Sequence[Finding]]
    shown: Mapping[str, Shown]

    def refused(self, place: int) -> Finding | None:
        """What of this change stops the form."""
        return next((one for one in self.remarks.get(place, ()) if one.level == "refused"), None)


def adaptation(holder: Holder, slug: str) -> Adaptation | None:
    return db.session.get(Adaptation, (holder.key, slug))


def adapted_versions(holder: Holder, slug: str) -> list[AdaptationVersion]:
    """What was put into use, the latest first."""
    asked = select(AdaptationVersion).where(AdaptationVersion.holder == holder.key, AdaptationVersion.slug == slug)
    return list(db.session.scalars(asked.order_by(AdaptationVersion.number.desc())))


def drafted(row: Adaptation | None) -> tuple[Change, ...]:
    """The changes as they are to become; those in use when nothing waits."""
    if row is None:
        return ()
    return told(row.changes if row.pending is None else row.pending)


def in_force(row: Adaptation | None) -> tuple[Change, ...]:
    return told(row.changes) if row else ()


def ground(holder: Holder, slug: str) -> ProcedureVersion:
    """The version the changes are laid on. NotFound where the form is not used."""
    if holder.kind == OPERATION:
        adopted = db.session.get(Adoption, (holder.id, slug))
        hash_ = adopted.base if adopted else ""
    else:
        known = db.session.get(Procedure, slug)
        hash_ = known.current if known else ""
    row = db.session.get(ProcedureVersion, hash_)
    if row is None:
        raise NotFound()
    return row


def adapting_landlords(operation_id: str, slug: str) -> list[str]:
    """Landlords of an operation that have changed this form for their households."""
    keys = {f"{LANDLORD}:{row.slug}": row.slug for row in operations.landlords(operation_id)}
    rows = db.session.scalars(select(Adaptation).where(Adaptation.slug == slug, Adaptation.holder.in_(keys)))
    return sorted(keys[row.holder] for row in rows if row.changes)


def landlord_forms(operation_id: str, slug: str) -> list[LandlordForm]:
    """What the households of such landlords are asked in an operation."""
    asked = select(LandlordForm).where(LandlordForm.operation_id == operation_id, LandlordForm.slug == slug)
    return list(db.session.scalars(asked.order_by(LandlordForm.landlord)))


def layers(operation_id: str, slug: str, landlord: str = "") -> tuple[tuple[Change, ...], ...]:
    """What is laid on the form of an operation, in order: the landlord's changes, then its own."""
    holders = ([Holder(LANDLORD, landlord)] if landlord else []) + [Holder(OPERATION, operation_id)]
    found = (in_force(adaptation(holder, slug)) for holder in holders)
    return tuple(changes for changes in found if changes)


def laid(base: ProcedureVersion, changes: Sequence[Sequence[Change]]) -> tuple[bytes, str]:
    """The workbook of a version with those changes, and its name. Raises FormRefused, Refused."""
    last = _laid(base.hash, tuple(_packed(one) for one in changes), spoken.lang())
    return last.workbook, last.filename


def preview(holder: Holder, slug: str, changes: Sequence[Change]) -> Preview:
    """The form as it would be asked with these changes, with the lists of the operation in it."""
    base = ground(holder, slug)
    lists = lists_of(base.settings.get("lists", {}), material(holder.id)) if holder.kind == OPERATION else {}
    return _previewed(base.hash, _packed(changes), json.dumps(lists), spoken.lang())


def _packed(changes: Sequence[Change]) -> str:
    return json.dumps(stored(changes))


@lru_cache(maxsize=32)
def _laid(base: str, packed: tuple[str, ...], _lang: str) -> Adapted:
    """Kept: versions never change. Reasons are worded in a language."""
    row, now = db.session.get_one(ProcedureVersion, base), version(base)
    if row.source is None:
        raise Refused("no_source", "This form was published before its workbook was kept: it cannot be changed here.")
    last = Adapted(row.source, row.source_name, {}, {})
    form = now.form
    for place, changes in enumerate(packed):
        if place:
            beside = files(base)
            done = compiled(last.workbook, last.filename, "{}", tuple(sorted(beside.items())))
            form = load_form(done.xml, beside)
        last = adapt(last.workbook, last.filename, form, told(json.loads(changes)), needs(now))
    return last


@lru_cache(maxsize=64)
def compiled(source: bytes, name: str, lists: str, beside: tuple[tuple[str, bytes], ...]) -> Compiled:
    """A form with these lists in it (JSON, see `lists_of`). Kept: most changes of an operation leave them as they are.
    Raises FormRefused.
    """
    return compile_xlsform(source, name, json.loads(lists), dict(beside))


@lru_cache(maxsize=16)
def _previewed(base: str, packed: str, lists: str, lang: str) -> Preview:
    made, beside = _laid(base, (packed,), lang), files(base)
    known = version(base).form
    words = shown(made.workbook, made.filename, known.default_language)
    form: Form | None = None
    try:
        done = compiled(made.workbook, made.filename, lists, tuple(sorted(beside.items())))
        form, found = load_form(done.xml, beside), done.findings
    except FormRefused as refused:
        found = refused.findings
    remarks = _of_changes(made.blamed(found), json.loads(packed))
    return Preview(base, made.workbook, made.filename, form, made.missed, remarks, words)


def _of_changes(blamed: Mapping[int, list[Finding]], packed: list[dict[str, Any]]) -> dict[int, list[Finding]]:
    """Remarks on what was changed, and whatever stops the form."""
    found = {}
    for place, said in blamed.items():
        wanted = _BY_DESIGN.get(packed[place]["do"], "") if place >= 0 else ""
        told = [one for one in said if one.level == "refused" or (place >= 0 and one.code != wanted)]
        if told:
            found[place] = told
    return found
