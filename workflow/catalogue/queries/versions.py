"""Read what is published. Frozen versions are parsed once per process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from forms.definition import Form
from forms.definition import load as load_form
from workflow.catalogue.models import PUBLISHED, Adoption, LandlordForm, Procedure, ProcedureVersion, VersionFile
from workflow.catalogue.rules import Material, Party, variants_of
from workflow.circuit.definition import load as load_circuit
from workflow.circuit.model import Circuit
from workflow.db import db
from workflow.operations import queries as operations
from workflow.people import queries as people
from workflow.record.queries import facts


@dataclass(frozen=True)
class Published:
    """A frozen version, parsed."""

    hash: str
    slug: str
    label: dict[str, str]
    settings: dict[str, Any]
    form: Form
    circuit: Circuit
    models: dict[str, dict[str, str]]


def current(slug: str, operation_id: str | None = None, landlord: str = "") -> Published | None:
    """The version on which new dossiers of this procedure start: the one the operation adopted, or the common one.

    landlord: that of the household, which may ask something else of its own.
    """
    own = db.session.get(LandlordForm, (operation_id, slug, landlord)) if operation_id and landlord else None
    if own:
        return version(own.current)
    adopted_here = db.session.get(Adoption, (operation_id, slug)) if operation_id else None
    if adopted_here:
        return version(adopted_here.current)
    row = db.session.get(Procedure, slug)
    return version(row.current) if row else None


def used(operation_id: str) -> list[Published]:
    """The versions on which new dossiers of an operation begin, in one question."""
    rows = db.session.scalars(select(Adoption.current).where(Adoption.operation_id == operation_id))
    return [version(hash_) for hash_ in rows]


def adopted(operation_id: str) -> list[str]:
    """Slugs of the procedures an operation uses."""
    rows = db.session.scalars(select(Adoption.slug).where(Adoption.operation_id == operation_id))
    return sorted(rows)


def material(operation_id: str) -> Material:
    """What an operation has to fill the lists of a form with."""
    names = people.organisation_rows()
    return Material(
        partners=tuple(
            Party(row.organisation, names[row.organisation].name, names[row.organisation].kind, row.part, row.consent)
            for row in operations.partners(operation_id)
            if row.organisation in names
        ),
        zones=operations.zones(operation_id),
        places=operations.places(operation_id),
        quorums={body.slug: body.quorum for body in people.bodies(operation_id) if body.quorum},
    )


def version(hash_: str) -> Published:
    """A frozen version by its hash; KeyError when this installation never published it."""
    return _built_in.get(hash_) or _parsed(hash_)


_built_in: dict[str, Published] = {}


def register_built_in(published: Published) -> None:
    """A course that no folder holds, handed in at start: how lists speak of it, under its name instead of a hash."""
    _built_in[published.hash] = published


def files(hash_: str) -> dict[str, bytes]:
    """The files beside the form of a version: {name: content}."""
    rows = db.session.scalars(select(VersionFile).where(VersionFile.version == hash_))
    return {row.name: row.content for row in rows}


def slugs() -> list[str]:
    return [row.slug for row in db.session.query(Procedure).order_by(Procedure.slug)]


def circuits_of(now: Published) -> tuple[Circuit, ...]:
    """The circuit of a version and those of its other courses."""
    others = (one.circuit for one in variants_of(now.settings) if one.circuit)
    return (now.circuit, *map(_read, others))


@lru_cache(maxsize=64)
def _read(text: str) -> Circuit:
    return load_circuit(text)


def in_service() -> list[str]:
    """Procedures of which files are opened, wherever they are taken up."""
    return [slug for slug in slugs() if current(slug)]


@lru_cache(maxsize=64)
def _parsed(hash_: str) -> Published:
    row = db.session.get(ProcedureVersion, hash_)
    if row is None:
        raise KeyError(hash_)
    return Published(
        row.hash,
        row.slug,
        row.label,
        row.settings,
        load_form(row.form_xml, files(hash_)),
        load_circuit(row.circuit),
        row.models,
    )


@dataclass(frozen=True)
class Known:
    """One frozen version. current: new dossiers begin on it where nothing was fitted; operations: names of those in
    sight for which it was fitted, or that use it as it is. own: id of the operation whose own form it is.
    """

    hash: str
    label: dict[str, str]
    published_at: datetime
    own: str
    retired: bool
    current: bool
    operations: tuple[str, ...]


def known_versions(slug: str, sight: frozenset[str] | None) -> list[Known]:
    """Versions of a procedure, newest first; those fitted to operations out of sight are left out, because their lists
    name partners. sight: ids of operations, None for all.
    """
    now = db.session.get(Procedure, slug)
    fitted, used = fitted_to(slug), _used_by(slug)
    rows = db.session.execute(
        select(
            ProcedureVersion.hash,
            ProcedureVersion.label,
            ProcedureVersion.published_at,
            ProcedureVersion.operation,
            ProcedureVersion.retired_at.is_not(None),
        )
        .where(ProcedureVersion.slug == slug, ProcedureVersion.state == PUBLISHED)
        .order_by(ProcedureVersion.published_at.desc(), ProcedureVersion.hash)
    )
    found = [Known(*row, now is not None and now.current == row.hash, used.get(row.hash, ())) for row in rows]
    return [one for one in found if one.current or _in_sight(_whose(one, fitted), sight)]


def _whose(one: Known, fitted: dict[str, set[str]]) -> set[str]:
    """The operations to which a version belongs; none for one of the library."""
    return {one.own} if one.own else fitted.get(one.hash, set())


def _in_sight(operations_fitted: set[str], sight: frozenset[str] | None) -> bool:
    return not operations_fitted or sight is None or not sight.isdisjoint(operations_fitted)


def _used_by(slug: str) -> dict[str, tuple[str, ...]]:
    """Hash of a version → names of the operations in scope whose new dossiers begin on it."""
    names = {row.id: row.name for row in operations.every_operation()}
    rows = db.session.scalars(select(Adoption).where(Adoption.slug == slug).order_by(Adoption.operation_id))
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        found[row.current] = (*found.get(row.current, ()), names[row.operation_id])
    landlords = people.organisation_names()
    own = db.session.scalars(select(LandlordForm).where(LandlordForm.slug == slug).order_by(LandlordForm.landlord))
    for one in own:
        name = f"{names[one.operation_id]} ({landlords.get(one.landlord, one.landlord)})"
        found[one.current] = (*found.get(one.current, ()), name)
    return found


def fitted_to(slug: str) -> dict[str, set[str]]:
    """Hash of a version → the operations that ever adopted it."""
    found: dict[str, set[str]] = {}
    for fact in facts(f"procedure:{slug}"):
        if fact.kind == "ProcedureAdopted":
            found.setdefault(fact.data["hash"], set()).add(fact.chain.removeprefix("operation:"))
    return found
