"""Publish a procedure: check everything, freeze it by the hash of its content."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import yaml

from forms.definition import load as load_form
from forms.xlsform import compile_xlsform
from workflow import clock
from workflow.catalogue.models import Procedure, ProcedureVersion
from workflow.circuit.definition import load as load_circuit
from workflow.db import db
from workflow.errors import Refused
from workflow.record import actions as record
from workflow.record.models import HOUSE


def publish(folder: Path) -> ProcedureVersion:
    """Read a procedure's folder; the same content twice is the same version. Raises FormRefused, CircuitRefused."""
    settings = yaml.safe_load((folder / "procedure.yaml").read_text("utf-8"))
    form_file = _only_form(folder)
    form_xml = compile_xlsform(form_file.read_bytes(), form_file.name).xml
    circuit = (folder / "circuit.yaml").read_text("utf-8")
    load_form(form_xml)
    load_circuit(circuit)
    models = {document["name"]: _models(folder, document["name"]) for document in settings.get("documents", ())}
    content = json.dumps([settings, form_xml, circuit, models], sort_keys=True, ensure_ascii=False)
    version = _freeze(sha256(content.encode()).hexdigest(), settings, form_xml, circuit, models)
    db.session.merge(Procedure(slug=version.slug, current=version.hash))
    return version


def _freeze(hash_: str, settings: dict, form_xml: str, circuit: str, models: dict) -> ProcedureVersion:
    found = db.session.get(ProcedureVersion, hash_)
    if found:
        return found
    row = ProcedureVersion(
        hash=hash_,
        slug=settings["slug"],
        label=settings["label"],
        settings=settings,
        form_xml=form_xml,
        circuit=circuit,
        models=models,
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
