"""Publish a procedure: check everything, freeze it by the hash of its content."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import yaml

from forms.definition import load as load_form
from forms.xlsform import FormRefused, compile_xlsform
from workflow import clock
from workflow.catalogue import queries
from workflow.catalogue.models import Adoption, Procedure, ProcedureVersion
from workflow.catalogue.rules import Material, lists_of, with_quorums
from workflow.circuit.definition import load as load_circuit
from workflow.db import db
from workflow.errors import Refused
from workflow.record import actions as record
from workflow.record.models import HOUSE, chain_of


def publish(folder: Path) -> ProcedureVersion:
    """Read a procedure's folder; the same content twice is the same version. Raises FormRefused, CircuitRefused."""
    settings = yaml.safe_load((folder / "procedure.yaml").read_text("utf-8"))
    form_file = _only_form(folder)
    form_xml = compile_xlsform(form_file.read_bytes(), form_file.name).xml
    circuit = (folder / "circuit.yaml").read_text("utf-8")
    load_form(form_xml)
    load_circuit(circuit)
    models = {document["name"]: _models(folder, document["name"]) for document in settings.get("documents", ())}
    source = (form_file.read_bytes(), form_file.name)
    version = _freeze(settings, form_xml, circuit, models, source)
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
    return _freeze(base.settings, form_xml, circuit, base.models, (base.source, base.source_name))


def _fitted_form(base: ProcedureVersion, told: Material) -> str:
    lists = lists_of(base.settings.get("lists", {}), told)
    if not lists or base.source is None:
        return base.form_xml
    try:
        return compile_xlsform(base.source, base.source_name, lists).xml
    except FormRefused as refused:
        first = refused.findings[0]
        raise Refused("form_refused", first.message, **first.params) from refused


def _freeze(
    settings: dict, form_xml: str, circuit: str, models: dict, source: tuple[bytes | None, str]
) -> ProcedureVersion:
    content = json.dumps([settings, form_xml, circuit, models], sort_keys=True, ensure_ascii=False)
    hash_ = sha256(content.encode()).hexdigest()
    found = db.session.get(ProcedureVersion, hash_)
    if found:
        if found.source is None:  # published before the source was kept
            found.source, found.source_name = source
        return found
    row = ProcedureVersion(
        hash=hash_,
        slug=settings["slug"],
        label=settings["label"],
        settings=settings,
        form_xml=form_xml,
        circuit=circuit,
        models=models,
        source=source[0],
        source_name=source[1],
        published_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    record.note(HOUSE, f"procedure:{row.slug}", "ProcedurePublished", {}, hash=hash_)
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
