"""What came with a filled form besides its answers: files, and texts that the form has no place for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, g, make_response, url_for

from forms.arriving import strangers
from forms.upload_fields import KINDS
from forms.visibility import Lens, may_see_all, may_see_at
from workflow import access
from workflow.dossiers.models import Dossier, Submission
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.queries import arrived as found
from workflow.errors import NotFound
from workflow.filing import queries as filing
from workflow.filing.models import KeptFile
from workflow.record.queries import text
from workflow.web.journals import note_sensitive_read
from workflow.web.sizes import size

ANYTHING = ("V3", "V4")
"""What a text or a file may hold that no question of the form is known to have asked for."""


def lens_before(row: Submission, dossier: Dossier | None) -> Lens:
    """Before its dossier is known, what arrived was confided to whoever sent it."""
    confidants = {row.person} if dossier is None else {dossier.author, dossier.officer or dossier.author}
    return access.LENSES[access.lens_before(g.identity, row.operation_id, confidants)]


def came_with(row: Submission, dossier: Dossier | None, lens: Lens) -> dict[str, Any]:
    """For the page of what arrived: {strangers: [(name, text)], files: [{url, name, size}]}."""
    return {"strangers": _strangers(row, dossier, lens), "files": _files(row, lens)}


def _strangers(row: Submission, dossier: Dossier | None, lens: Lens) -> list[tuple[str, str]]:
    """Nobody knows who may read a text without a question: who may read every answer."""
    form = found.given_to(row, dossier).form
    if not may_see_all(form, lens):
        return []
    try:
        texts = strangers(form, found.xml_of(row))
    except NotFound:
        return []
    if texts:
        note_sensitive_read(dossier.subject if dossier else row.subject, g.identity.person, ANYTHING)
    return texts


def _files(row: Submission, lens: Lens) -> list[dict[str, str]]:
    return [
        {
            "url": url_for("dossiers.arrived_file", submission_id=row.id, file_id=one.file.id),
            "name": one.name,
            "size": size(one.file.size),
        }
        for one in _readable(row, lens)
    ]


@dataclass(frozen=True)
class _Beside:
    file: KeptFile
    name: str
    levels: tuple[str, ...]


def _readable(row: Submission, lens: Lens) -> list[_Beside]:
    """A file goes with the answer that names it; one that no answer names is for who may read every answer."""
    files = found.files_beside(row)
    if not files:
        return []
    instance = found.instance_of(row)
    named = {node.text: (node, question) for _path, node, question in instance.leaves() if question.kind in KINDS}
    kept = []
    for file in files:
        name = text(file.caption) or ""
        node, question = named.get(name, (None, None))
        if node is not None and question is not None:
            may, levels = may_see_at(instance.form, question, node, lens), (question.level,)
        else:
            may, levels = may_see_all(instance.form, lens), ANYTHING
        if may:
            kept.append(_Beside(file, name, levels))
    return kept


@dossiers.get("/arrived/<submission_id>/files/<file_id>")
def arrived_file(submission_id: str, file_id: str) -> Response:
    """The bytes of a file that waits with its answers. Who read it is kept."""
    row = found.submission(g.identity, submission_id)
    dossier = found.dossier_of(row)
    asked = next((one for one in _readable(row, lens_before(row, dossier)) if one.file.id == file_id), None)
    if asked is None:
        raise NotFound()
    note_sensitive_read(dossier.subject if dossier else row.subject, g.identity.person, asked.levels)
    answer = make_response(filing.bytes_of_file(asked.file))
    answer.mimetype = asked.file.mime
    answer.headers.set("Content-Disposition", "attachment", filename=asked.name or asked.file.id)
    return answer
