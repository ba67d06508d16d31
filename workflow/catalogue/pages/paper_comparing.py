"""Doors: two versions of a model side by side, article by article; one version as a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from documents.differences import Part, differences
from documents.source import plain_source, with_clauses
from documents.values import TooLong
from workflow.catalogue.models import PaperVersion
from workflow.catalogue.pages.paper_places import Place, door, place
from workflow.catalogue.pages.paper_proofs import Wanted, proof_of
from workflow.catalogue.queries import paper_drafts as known
from workflow.catalogue.queries.paper_content import Content
from workflow.catalogue.queries.paper_models import frozen
from workflow.errors import NotFound, Refused
from workflow.web.dates import stamp

FILES = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


@door("/compare")
def paper_compare(slug: str, operation: str) -> Any:
    """What changed between the versions `older` and `newer`; without them, between the last two."""
    here = place(operation)
    rows = known.versions_of(slug, operation)
    if not rows:
        raise NotFound()
    newer = _among(rows, request.args.get("newer") or rows[0].hash)
    older = _among(rows, request.args.get("older") or rows[min(1, len(rows) - 1)].hash)
    return render_template(
        "catalogue/models/compare.html",
        here=here,
        slug=slug,
        title=newer.title,
        parts=shown(differences(whole(older.text, older.clauses), whole(newer.text, newer.clauses))),
        choices=[(row.hash, _labelled(row)) for row in rows],
        older=older.hash,
        newer=newer.hash,
    )


def _among(rows: list[PaperVersion], wanted: str) -> PaperVersion:
    found = next((row for row in rows if row.hash == wanted), None)
    if found is None:
        raise NotFound()
    return found


def _labelled(row: PaperVersion) -> str:
    whose = _("own version") if row.operation else _("common version")
    return _("%(whose)s %(number)s, %(when)s", whose=whose, number=row.number, when=stamp(row.made_at))


def whole(text: str, clauses: Mapping[str, str]) -> str:
    """The text with the words of its clauses in place, as somebody reads it who knows of no clause."""
    sources = {name: plain_source(words, 1, name) for name, words in clauses.items()}
    try:
        return with_clauses(plain_source(text, 1), sources, "").text
    except (KeyError, TooLong):
        return text


def shown(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """[{title, state, word, lines: [[(state, text)]]}] for the template."""
    words = {"changed": _("changed"), "new": _("new"), "removed": _("removed")}
    return [
        {
            "title": one.title or _("Before the first heading"),
            "state": one.state,
            "word": words[one.state],
            "lines": [[(piece.state, piece.text) for piece in line] for line in one.lines],
        }
        for one in parts
    ]


# -- files ----------------------------------------------------------------------------------------------------------


@door("/versions/<version>/<name>.<kind>")
def paper_file(slug: str, operation: str, version: str, name: str, kind: str) -> Response:
    """A version as a file: its text, or its example as PDF and DOCX."""
    here = place(operation)
    row = _among(known.versions_of(slug, operation), version)
    if (name, kind) == ("modele", "md"):
        return sent(row.text.encode(), "text/markdown; charset=utf-8", f"{slug}-{row.number}.md")
    if name != "exemple" or kind not in FILES:
        raise NotFound()
    return sent(_example(here, version, kind), FILES[kind], f"exemple-{slug}-{row.number}.{kind}")


def _example(here: Place, version: str, kind: str) -> bytes:
    found = frozen(version)
    library = found.library
    content = Content(found.slug, found.operation, found.text, library.clauses, library.models, library.files)
    proof = proof_of(Wanted(content, found.example, pages=False, docx=kind == "docx"), here.operation)
    if proof.refused:
        raise Refused("not_printed", "The example could not be set. Try again in a moment.")
    return proof.docx if kind == "docx" else proof.pdf


def sent(content: bytes, media: str, name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = media
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
