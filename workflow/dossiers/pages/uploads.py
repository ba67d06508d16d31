"""Doors: files given as answers: received with a page, shown in it, opened by who may read the answer."""

from __future__ import annotations

from flask import Request, Response, g, make_response, request, url_for

from forms.answering import posted_of
from forms.growing import UnknownPath
from forms.instance import Instance
from forms.pages import name_of, path_of
from forms.showing import Kept, Outside
from forms.upload_fields import KINDS, token_of
from forms.visibility import may_see_at
from workflow.catalogue.queries import files
from workflow.dossiers import queries
from workflow.dossiers.actions.uploading import Sent
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.queries import File
from workflow.errors import NotFound
from workflow.filing import queries as filing
from workflow.filing.models import KeptFile
from workflow.filing.rules.scans import LARGEST
from workflow.web.journals import note_sensitive_read
from workflow.web.sizes import size

PICTURES = ("image/jpeg", "image/png")
MEDIA = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "webm": "video/webm",
}
"""What a form may show beside its questions, by the ending of its name."""


def sent_with(request: Request) -> Sent:
    """The files, and the names confirmed as signatures, that came with a page."""
    files = {
        path_of(name): (one.filename, one.read(LARGEST + 1))  # of one too large, only what shows that it is
        for name, one in request.files.items()
        if one.filename and one.name
    }
    parts = posted_of(request.form)
    signed = {path_of(name): one.parts.get("typed", "") for name, one in parts.items() if one.parts.get("mine")}
    return Sent(files, signed, request.form.get("remove_file", ""))


def outside(file: File) -> Outside:
    """Where the pages of this dossier find the pictures of the form and the files of its answers."""

    reference = file.row.reference  # asked for now: after a commit the row would be read again

    def kept(path: str, text: str) -> Kept | None:
        found = _kept(file, file.instance, path, text) if file.instance else None
        return told(file, found, path, text) if found else None

    return Outside(lambda name: url_for("dossiers.medium", reference=reference, name=name), kept)


def told(file: File, kept: KeptFile, path: str, text: str) -> Kept:
    address = url_for("dossiers.answer_file", reference=file.row.reference, name=name_of(path), file=token_of(text))
    shown = text.replace(f"-{token_of(text)}", "")
    return Kept(address, shown, size(kept.size), kept.mime in PICTURES)


def _kept(file: File, instance: Instance, path: str, text: str) -> KeptFile | None:
    return filing.answer(file.row.subject, token_of(text), instance.question(path).path)


def answer_of(file: File, path: str, text: str) -> Kept | None:
    """The file behind one answer that this reader already sees."""
    found = _kept(file, file.instance, path, text) if file.instance else None
    return told(file, found, path, text) if found else None


@dossiers.get("/dossiers/<reference>/answers/<name>")
def answer_file(reference: str, name: str) -> Response:
    """The bytes behind an answer, for who may read the answer itself. The address names the file too, for caches."""
    file = queries.file(g.identity, reference)
    path = path_of(name)
    kept, level = _readable(file, path)
    note_sensitive_read(file.row.subject, g.identity.person, (level,))
    answer = make_response(filing.bytes_of_file(kept))
    answer.mimetype = kept.mime
    called = told(file, kept, path, file.instance.get(path)).name if file.instance else ""
    answer.headers.set("Content-Disposition", "attachment", filename=called)
    return answer


def _readable(file: File, path: str) -> tuple[KeptFile, str]:
    instance = file.instance
    if instance is None:
        raise NotFound()
    try:
        node, question = instance.node(path), instance.question(path)
    except UnknownPath as unknown:
        raise NotFound() from unknown
    seen = question.kind in KINDS and node.relevant and may_see_at(instance.form, question, node, file.lens)
    kept = _kept(file, instance, path, node.text) if seen else None
    if kept is None:
        raise NotFound()
    return kept, question.level


@dossiers.get("/dossiers/<reference>/media/<name>")
def medium(reference: str, name: str) -> Response:
    """A picture, a sound or a film of the form itself; players ask for a part of it."""
    row = queries.dossier(g.identity, reference)
    sort = MEDIA.get(name.rpartition(".")[2].lower())
    data = files(row.procedure).get(name) if sort else None
    if data is None or sort is None:
        raise NotFound()
    answer = make_response(data)
    answer.mimetype = sort
    return answer.make_conditional(request, accept_ranges=True, complete_length=len(data))
