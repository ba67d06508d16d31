"""Read what is published. Frozen versions are parsed once per process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from forms.definition import Form
from forms.definition import load as load_form
from workflow.catalogue.models import Procedure, ProcedureVersion
from workflow.circuit.definition import load as load_circuit
from workflow.circuit.model import Circuit
from workflow.db import db


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


def current(slug: str) -> Published | None:
    """The version on which new dossiers of this procedure start."""
    row = db.session.get(Procedure, slug)
    return version(row.current) if row else None


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
