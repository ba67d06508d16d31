"""Publish a model of papers: freeze it with all it calls for, and write new papers from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from documents.library import CLAUSES, MODEL, Library
from workflow import clock
from workflow.catalogue.models import PaperClause, PaperFile, PaperModel, PaperVersion
from workflow.catalogue.queries.paper_content import Content, composed, examples_in, title_of
from workflow.catalogue.queries.paper_models import clauses_of, files_of, library_of, row_in_use
from workflow.db import db
from workflow.record import actions as record
from workflow.record.models import HOUSE, chain_of


def publish_models(folder: Path) -> list[str]:
    """Bring in the models and clauses that come with the program; slugs of the models of which another version is in
    use since. Done again it changes nothing. Words somebody changed here stay: the newer ones are kept beside them.
    """
    if not (folder / CLAUSES).is_dir():
        return []
    for path in sorted((folder / CLAUSES).glob("*.md")):
        _clause(path.stem, path.read_text("utf-8"))
    db.session.flush()
    models = [path for path in sorted(folder.glob(f"*/{MODEL}")) if "about:" in path.read_text("utf-8")]
    texts = {path.parent.name: path.read_text("utf-8") for path in models}
    clauses = clauses_of("")
    changed = [path.parent.name for path in models if _model(path, Library(clauses, {}, texts))]
    record.note_each(HOUSE, "PaperModelShipped", {}, {f"paper-model:{slug}": {} for slug in changed})
    return changed


def _clause(name: str, text: str) -> None:
    """The common words of a clause become those of the program, unless somebody worded them otherwise."""
    row = db.session.get(PaperClause, (name, ""))
    if row is None:
        row = PaperClause(name=name, operation="", text=None, shipped="", version=0, changed_by="")
    mark = _mark(text)
    if row.shipped == mark:
        return
    if row.text is None or _mark(row.text) == row.shipped:
        row.text, row.version, row.changed_by, row.changed_at = text, row.version + 1, "", clock.now()
    row.shipped = mark
    db.session.add(row)


def _model(path: Path, around: Library) -> bool:
    """Whether another version of a model of the program is in use since."""
    slug, text = path.parent.name, path.read_text("utf-8")
    row = db.session.get(PaperModel, (slug, ""))
    beside = Library.beside(path).files
    examples = examples_in(_examples(path.parent))
    if row is None:
        row = PaperModel(slug=slug, operation="", current="")
    before = db.session.get(PaperVersion, row.current) if row.current else None
    mark = _mark(text, beside)
    theirs = before is not None and _mark(before.text, files_of([before.hash]).get(before.hash, {})) != row.shipped
    if theirs and mark == row.shipped:
        return False
    made = freeze(composed(slug, "", text, Library(around.clauses, beside, around.models)), examples)
    row.shipped = mark
    if theirs or row.current == made.hash:
        return False
    row.current = made.hash
    db.session.add(row)
    db.session.flush()
    return True


def _examples(folder: Path) -> dict[str, Any]:
    """example.json is the case "", example-NAME.json the case NAME."""
    found = sorted(folder.glob("example*.json"))
    return {path.stem.removeprefix("example").lstrip("-"): json.loads(path.read_text("utf-8")) for path in found}


def _mark(text: str, files: Mapping[str, bytes] | None = None) -> str:
    found = sha256(text.encode())
    for name, content in sorted((files or {}).items()):
        found.update(name.encode() + content)
    return found.hexdigest()


# -- versions -----------------------------------------------------------------------------------------------------


def freeze(content: Content, examples: Mapping[str, Any], *, by: str = "", note: str = "") -> PaperVersion:
    """The version with this content, made when there is none. Examples are only for trying: they may change."""
    found = db.session.get(PaperVersion, content.hash)
    if found is not None:
        if examples:
            found.examples = dict(examples)
        return found
    row = PaperVersion(
        hash=content.hash,
        slug=content.slug,
        operation=content.operation,
        number=_last_number(content) + 1,
        title=title_of(content.text, content.slug),
        text=content.text,
        clauses=dict(content.clauses),
        annexed=dict(content.annexed),
        examples=dict(examples),
        note=note,
        made_by=by,
        made_at=clock.now(),
    )
    db.session.add(row)
    db.session.add_all(PaperFile(holder=row.hash, name=name, content=made) for name, made in content.files.items())
    db.session.flush()
    return row


def _last_number(content: Content) -> int:
    asked = select(func.max(PaperVersion.number))
    asked = asked.where(PaperVersion.slug == content.slug, PaperVersion.operation == content.operation)
    return db.session.scalar(asked) or 0


def put_into_use(version: PaperVersion, by: str, *, looked: bool = True) -> PaperModel:
    """New papers are written from this version from now on, there; those already written stay as they are.

    looked: whether its author had the common version in use before their eyes.
    """
    common = db.session.get(PaperModel, (version.slug, ""))
    row = db.session.get(PaperModel, (version.slug, version.operation))
    if row is None:
        row = PaperModel(slug=version.slug, operation=version.operation)
    row.current, row.begun, row.retired_at, row.retired_by = version.hash, False, None, None
    if looked or not row.base:
        row.base = common.current if version.operation and common else ""
    db.session.add(row)
    db.session.flush()
    chain = chain_of(version.operation) if version.operation else HOUSE
    told = {"hash": version.hash, "number": version.number}
    record.note(chain, f"paper-model:{version.slug}", "PaperModelPublished", {"person": by}, **told)
    return row


def rebuilt(slug: str, operation: str, by: str, note: str) -> PaperVersion | None:
    """The model with the clauses and annexes that are in use now, put into use; none when nothing of it changed."""
    row = row_in_use(operation, slug)
    if row is None:
        return None
    now = db.session.get_one(PaperVersion, row.current)
    pictures = files_of([now.hash]).get(now.hash, {})
    content = composed(slug, operation, now.text, library_of(operation, pictures))
    if row.operation == operation and content.hash == now.hash:
        return None
    made = freeze(content, now.examples, by=by, note=note)
    put_into_use(made, by, looked=row.operation != operation)
    return made
