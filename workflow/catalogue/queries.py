"""Read what is published. Frozen versions are parsed once per process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from forms.definition import Form
from forms.definition import load as load_form
from workflow.catalogue.models import Adoption, Procedure, ProcedureVersion
from workflow.catalogue.rules import Material, Party
from workflow.circuit.definition import load as load_circuit
from workflow.circuit.model import Circuit
from workflow.db import db
from workflow.operations import queries as operations
from workflow.people import queries as people


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


def current(slug: str, operation_id: str | None = None) -> Published | None:
    """The version on which new dossiers of this procedure start: the one the operation adopted, or the common one."""
    adopted_here = db.session.get(Adoption, (operation_id, slug)) if operation_id else None
    if adopted_here:
        return version(adopted_here.current)
    row = db.session.get(Procedure, slug)
    return version(row.current) if row else None


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
    return _parsed(hash_)


def slugs() -> list[str]:
    return [row.slug for row in db.session.query(Procedure).order_by(Procedure.slug)]


@lru_cache(maxsize=64)
def _parsed(hash_: str) -> Published:
    row = db.session.get(ProcedureVersion, hash_)
    if row is None:
        raise KeyError(hash_)
    return Published(
        row.hash, row.slug, row.label, row.settings, load_form(row.form_xml), load_circuit(row.circuit), row.models
    )
