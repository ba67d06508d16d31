"""Publish a procedure: check everything, freeze it by the hash of its content."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from forms.definition import load as load_form
from forms.xlsform import FormRefused, compile_xlsform
from workflow import clock
from workflow.catalogue import queries
from workflow.catalogue.models import PUBLISHED, Adoption, LandlordForm, Procedure, ProcedureVersion, VersionFile
from workflow.catalogue.rules import (
    Beside,
    Material,
    circuit_of,
    lists_of,
    told_variants,
    variant_in,
    variants_of,
    with_quorums,
)
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
    """Read a procedure's folder; the same content twice is the same version, and does not take the place of one that
    was put into use since. Raises FormRefused, CircuitRefused.
    """
    settings = _settings(folder)
    form_file = _only_form(folder)
    beside = Beside(folder)
    form_xml = compile_xlsform(form_file.read_bytes(), form_file.name, media=beside).xml
    circuit = (folder / "circuit.yaml").read_text("utf-8")
    files = {name: beside[name] for name in load_form(form_xml, beside).files if name in beside}
    load_circuit(circuit)
    models = {document["name"]: _models(folder, document["name"]) for document in settings.get("documents", ())}
    source = (form_file.read_bytes(), form_file.name)
    content = Content(settings, form_xml, circuit, models, files)
    known = db.session.get(ProcedureVersion, content.hash)
    version = freeze(content, source)
    version.state, version.example = PUBLISHED, _example(folder) or version.example
    if known is None or known.operation or db.session.get(Procedure, version.slug) is None:
        put_into_use(version)
    return version


def _settings(folder: Path) -> dict[str, Any]:
    """procedure.yaml, with the text of the circuit of each of its variants in the place of its file's name."""
    settings = yaml.safe_load((folder / "procedure.yaml").read_text("utf-8"))
    own = settings["circuit"]
    for told in told_variants(settings):
        told["circuit"] = "" if told["circuit"] == own else (folder / told["circuit"]).read_text("utf-8")
        if told["circuit"]:
            load_circuit(told["circuit"])
    return settings


def put_into_use(version: ProcedureVersion, by: str = "") -> None:
    """New dossiers begin on this version, where an operation does not use another. Operations are told."""
    known = db.session.get(Procedure, version.slug)
    before = known.current if known else ""
    if before == version.hash:
        return
    db.session.merge(Procedure(slug=version.slug, current=version.hash))
    db.session.flush()
    if before:
        actor = {"person": by} if by else {}
        record.note(HOUSE, f"procedure:{version.slug}", "ProcedureReleased", actor, hash=version.hash, before=before)


def adopt(operation_id: str, slug: str, base: str = "", variant: str = "") -> ProcedureVersion:
    """Take a procedure into an operation: its lists of partners, landlords, zones and places become the operation's,
    its bodies decide with the operation's quorum.

    base: hash of the version to take; without it the one the operation uses already, at first the common one in use.
    variant: name of the course its files take; without it the one they take already, at first that of the procedure.

    Done again after partners, zones or bodies changed: new dossiers start on what was fitted, those under way stay on
    theirs.
    Raises Refused when the procedure was never published here, when the form can no longer be compiled, or for a course
    that the version does not know.
    """
    known = db.session.get(Procedure, slug)
    if known is None:
        raise Refused("not_published", "This form is not available yet on this installation.")
    row = db.session.get(Adoption, (operation_id, slug)) or _adoption(operation_id, known)
    taken = db.session.get_one(ProcedureVersion, base or row.base)
    chosen = _course(taken, row, variant)
    fitted = _fit(taken, operation_id, chosen)
    row.base = taken.hash
    if base and not taken.operation:
        row.common = taken.hash
    if row.current != fitted.hash:
        row.current, row.adopted_at = fitted.hash, clock.now()
        db.session.add(row)
        db.session.flush()
        record.note(chain_of(operation_id), f"procedure:{slug}", "ProcedureAdopted", {}, hash=fitted.hash)
    _fit_landlords(taken, operation_id, chosen)
    return fitted


def _course(taken: ProcedureVersion, row: Adoption, asked: str) -> str:
    """The course to follow: the one asked for, else the one followed already as far as this version knows it."""
    known = [one.name for one in variants_of(taken.settings)]
    if asked and asked not in known:
        raise Refused("unknown_course", "This form does not know that course.")
    before = db.session.get(ProcedureVersion, row.current) if row.current else None
    followed = before.settings.get("variant", "") if before else ""
    return asked or (followed if followed in known else variant_in(taken.settings))


def _adoption(operation_id: str, known: Procedure) -> Adoption:
    return Adoption(operation_id=operation_id, slug=known.slug, base=known.current, common=known.current, current="")


def refit(operation_id: str) -> None:
    """The partners, zones or bodies of an operation changed: fit the procedures it has adopted again."""
    for slug in queries.adopted(operation_id):
        adopt(operation_id, slug)


def _fit_landlords(base: ProcedureVersion, operation_id: str, variant: str) -> None:
    """The households of a landlord that has changed the form are asked what it wants besides."""
    known = {row.landlord: row for row in queries.landlord_forms(operation_id, base.slug)}
    for landlord in queries.adapting_landlords(operation_id, base.slug):
        row = known.pop(landlord, None) or LandlordForm(
            operation_id=operation_id, slug=base.slug, landlord=landlord, current=""
        )
        fitted = _fit(base, operation_id, variant, landlord)
        if row.current != fitted.hash:
            row.current = fitted.hash
            db.session.add(row)
            told = {"hash": fitted.hash, "landlord": landlord}
            record.note(chain_of(operation_id), f"procedure:{base.slug}", "ProcedureAdopted", {}, **told)
    for row in known.values():
        db.session.delete(row)
    db.session.flush()


def _fit(base: ProcedureVersion, operation_id: str, variant: str, landlord: str = "") -> ProcedureVersion:
    """The form as it is asked there: with what the landlord and the operation changed, then with its lists, on the
    course the operation chose.
    """
    told = queries.material(operation_id)
    circuit = with_quorums(circuit_of(base.settings, base.circuit, variant), told.quorums)
    settings = base.settings if variant == variant_in(base.settings) else base.settings | {"variant": variant}
    try:
        source = _worded(base, operation_id, landlord)
        form_xml = _fitted_form(base, source, told)
    except FormRefused as refused:
        first = next(one for one in refused.findings if one.level == "refused")
        raise Refused("form_refused", first.message, **first.params) from refused
    if (form_xml, circuit, settings) == (base.form_xml, base.circuit, base.settings):
        return base
    content = Content(settings, form_xml, circuit, base.models, queries.files(base.hash))
    return freeze(content, source, base.example)


def _worded(base: ProcedureVersion, operation_id: str, landlord: str) -> tuple[bytes | None, str]:
    """The workbook, with the changes made in the page."""
    changes = queries.layers(operation_id, base.slug, landlord)
    return queries.laid(base, changes) if changes else (base.source, base.source_name)


def _fitted_form(base: ProcedureVersion, source: tuple[bytes | None, str], told: Material) -> str:
    lists = lists_of(base.settings.get("lists", {}), told)
    workbook, name = source
    if workbook is None or (not lists and workbook == base.source):
        return base.form_xml
    return queries.compiled(workbook, name, json.dumps(lists), tuple(sorted(queries.files(base.hash).items()))).xml


def freeze(
    content: Content,
    source: tuple[bytes | None, str],
    example: dict[str, Any] | None = None,
    *,
    state: str = PUBLISHED,
    operation: str = "",
    by: str = "",
) -> ProcedureVersion:
    """The version with this content, made when there is none. operation: whose own it is; "" for a common one."""
    found = db.session.get(ProcedureVersion, content.hash)
    if found:
        found.state = PUBLISHED if state == PUBLISHED else found.state
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
        published_by=by,
        state=state,
        operation=operation,
        example=example,
    )
    db.session.add(row)
    db.session.flush()
    db.session.add_all(VersionFile(version=row.hash, name=name, content=made) for name, made in content.files.items())
    kind = "ProcedurePublished" if state == PUBLISHED else "ProcedureProposed"
    record.note(HOUSE, f"procedure:{row.slug}", kind, {"person": by} if by else {}, hash=row.hash)
    return row


def _example(folder: Path) -> dict[str, Any] | None:
    """Complete answers to try the form with, nested by group name."""
    file = folder / "example.json"
    return json.loads(file.read_text("utf-8")) if file.exists() else None


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
