"""The courses a form may take in an operation: one form, one set of documents, several circuits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workflow.catalogue.models import Adoption, Procedure, ProcedureVersion
from workflow.catalogue.queries.versions import adopted
from workflow.catalogue.rules import Variant, circuit_of, variant_in, variants_of, with_quorums
from workflow.circuit.definition import load as load_circuit
from workflow.circuit.model import Circuit
from workflow.db import db
from workflow.errors import NotFound
from workflow.people import queries as people


@dataclass(frozen=True)
class Course:
    """One course, as it would run in an operation. followed: new files take it now."""

    variant: Variant
    circuit: Circuit
    followed: bool


def courses(operation: str, slug: str) -> list[Course]:
    """What an operation may choose between; empty where the form knows only one. NotFound for an unknown form."""
    row = db.session.get(Adoption, (operation, slug))
    base = _base(slug, row)
    followed = followed_in(operation, slug)
    quorums = {body.slug: body.quorum for body in people.bodies(operation) if body.quorum}
    return [_course(base, one, one.name == followed, quorums) for one in variants_of(base.settings)]


def _base(slug: str, row: Adoption | None) -> ProcedureVersion:
    known = db.session.get(Procedure, slug)
    hash_ = row.base if row else known.current if known else ""
    base = db.session.get(ProcedureVersion, hash_)
    if base is None:
        raise NotFound()
    return base


def _course(base: ProcedureVersion, one: Variant, followed: bool, quorums: Mapping[str, int]) -> Course:
    text = with_quorums(circuit_of(base.settings, base.circuit, one.name), quorums)
    return Course(one, load_circuit(text), followed)


def followed_in(operation: str, slug: str) -> str:
    """The name of the course that new files of an operation take; "" where the form is not used or knows only one."""
    row = db.session.get(Adoption, (operation, slug))
    return variant_in(db.session.get_one(ProcedureVersion, row.current).settings) if row else ""


def followed(operation: str) -> dict[str, dict[str, str]]:
    """The same for every form of an operation, as its description says it: {slug: {"variant": name}}."""
    found = {slug: followed_in(operation, slug) for slug in adopted(operation)}
    return {slug: {"variant": name} for slug, name in found.items() if name}


def with_courses(slug: str) -> bool:
    """Whether a published form knows more than one course."""
    known = db.session.get(Procedure, slug)
    return bool(known and len(variants_of(db.session.get_one(ProcedureVersion, known.current).settings)) > 1)
