"""Publish a procedure: check everything, freeze it by the hash of its content."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from forms.definition import load as load_form
from forms.xlsform import FormRefused, compile_xlsform
from workflow import clock
from workflow.catalogue import queries
from workflow.catalogue.models import Adoption, Procedure, ProcedureVersion, VersionFile
from workflow.catalogue.rules import Beside, Material, lists_of, with_quorums
from workflow.circuit.definition import load as load_circuit
from workflow.db import db
from workflow.errors import Refused
from workflow.record import actions as record
from workflow.record.models import HOUSE, chain_of


@dataclass(frozen=True)
class Content:
    """What a version is made of, and what its hash stands for."""

    settings: dict[str, Any]
    form_xml: str
    circuit: str
    models: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        parts = [self.settings, self.form_xml, self.circuit, self.models]
        if self.files:
            parts.append({name: sha256(content).hexdigest() for name, content in self.files.items()})
        return sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def publish(folder: Path) -> ProcedureVersion:
    """Read a procedure's folder; the same content twice is the same version. Raises FormRefused, CircuitRefused."""
    settings = yaml.safe_load((folder / "procedure.yaml").read_text("utf-8"))
    form_file = _only_form(folder)
    beside = Beside(folder)
    form_xml = compile_xlsform(form_file.read_bytes(), form_file.name, media=beside).xml
    circuit = (folder / "circuit.yaml").read_text("utf-8")
    files = {name: beside[name] for name in load_form(form_xml, beside).files if name in beside}
    load_circuit(circuit)
    models = {document["name"]: _models(folder, document["name"]) for document in settings.get("documents", ())}
    source = (form_file.read_bytes(), form_file.name)
    version = _freeze(Content(settings, form_xml, circuit, models, files), source)
    db.session.merge(Procedure(slug=version.slug, current=version.hash))
    return version


def adopt(operation_id: str, slug: str) -> ProcedureVersion:
    """Take a procedure into an operation: its lists of partners, landlords, zones and places become the operation's,
    its bodies decide with the operation's quorum.

    Done again after partners, zones or bodies changed: new dossiers start on what was fitted, those under way stay on
    theirs.
    Raises Refused when the procedure was never published here, or when the form can no longer be compiled.
    """
    known = db.session.get(Procedure, slug)
    if known is None:
        raise Refused("not_published", "This form is not available yet on this installation.")
    base = db.session.get_one(ProcedureVersion, known.current)
    fitted = _fit(base, operation_id)
    row = db.session.get(Adoption, (operation_id, slug)) or Adoption(operation_id=operation_id, slug=slug, current="")
    if row.current != fitted.hash:
        row.base, row.current, row.adopted_at = base.hash, fitted.hash, clock.now()
        db.session.add(row)
        db.session.flush()
        record.note(chain_of(operation_id), f"procedure:{slug}", "ProcedureAdopted", {}, hash=fitted.hash)
    return fitted


def refit(operation_id: str) -> None:
    """The partners, zones or bodies of an operation changed: fit the procedures it has adopted again."""
    for slug in queries.adopted(operation_id):
        adopt(operation_id, slug)


def _fit(base: ProcedureVersion, operation_id: str) -> ProcedureVersion:
    told = queries.material(operation_id)
    circuit = with_quorums(base.circuit, told.quorums)
    form_xml = _fitted_form(base, told)
    if (form_xml, circuit) == (base.form_xml, base.circuit):
        return base
    content = Content(base.settings, form_xml, circuit, base.models, queries.files(base.hash))
    return _freeze(content, (base.source, base.source_name))


def _fitted_form(base: ProcedureVersion, told: Material) -> str:
    lists = lists_of(base.settings.get("lists", {}), told)
    if not lists or base.source is None:
        return base.form_xml
    files = tuple(sorted(queries.files(base.hash).items()))
    try:
        return _compiled(base.source, base.source_name, json.dumps(lists), files)
    except FormRefused as refused:
        first = refused.findings[0]
        raise Refused("form_refused", first.message, **first.params) from refused


@lru_cache(maxsize=16)
def _compiled(source: bytes, name: str, lists: str, files: tuple[tuple[str, bytes], ...]) -> str:
    """The form fitted with these lists. Kept: most changes of an operation leave its lists as they are."""
    return compile_xlsform(source, name, json.loads(lists), dict(files)).xml


def _freeze(content: Content, source: tuple[bytes | None, str]) -> ProcedureVersion:
    found = db.session.get(ProcedureVersion, content.hash)
    if found:
        if found.source is None:  # published before the source was kept
            found.source, found.source_name = source
        return found
    row = ProcedureVersion(
        hash=content.hash,
        slug=content.settings["slug"],
        label=content.settings["label"],
        settings=content.settings,
        form_xml=content.form_xml,
        circuit=content.circuit,
        models=content.models,
        source=source[0],
        source_name=source[1],
        published_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    db.session.add_all(VersionFile(version=row.hash, name=name, content=made) for name, made in content.files.items())
    record.note(HOUSE, f"procedure:{row.slug}", "ProcedurePublished", {}, hash=row.hash)
    return row


def _only_form(folder: Path) -> Path:
    found = [folder / name for name in ("form.xlsx", "form.md") if (folder / name).exists()]
    if len(found) != 1:
        raise Refused("one_form", "A procedure has exactly one form: form.md or form.xlsx.")
    return found[0]


def _models(folder: Path, name: str) -> dict[str, str]:
    """{language: text}: documents/NAME.md is French, documents/<lang>/NAME.md the others."""
    found = {"fr": (folder / "documents" / f"{name}.md").read_text("utf-8")}
    for path in sorted((folder / "documents").glob(f"??/{name}.md")):
        found[path.parent.name] = path.read_text("utf-8")
    return found
