"""Doors: a telephone asks which forms it may fill in, and takes them."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import md5
from xml.sax.saxutils import escape

from flask import Response, make_response, request, url_for

from workflow import access
from workflow.catalogue import queries as catalogue
from workflow.catalogue.queries import Published
from workflow.catalogue.rules import is_about_operation
from workflow.dossiers.api.blueprint import openrosa, sender_of, xml
from workflow.dossiers.queries.of_operation import may_begin
from workflow.errors import NotFound
from workflow.people.queries.devices import Sender

LIST = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"


@openrosa.get("/<secret>/formList")
def form_list(secret: str) -> Response:
    """The forms of the operation of this device."""
    sender = sender_of(secret)
    wanted = request.args.get("formID", "")
    forms = [one for one in _forms(sender) if wanted in ("", one.form.form_id)]
    body = "".join(_line(secret, one) for one in forms)
    return xml(f'<xforms xmlns="{LIST}">{body}</xforms>')


def _forms(sender: Sender) -> Iterator[Published]:
    if not access.may_fill(sender.identity, sender.operation):
        return
    for slug in catalogue.adopted(sender.operation):
        found = catalogue.current(slug, sender.operation)
        if found is not None and _is_theirs(sender, found):
            yield found


def _is_theirs(sender: Sender, one: Published) -> bool:
    """What is about the whole operation is for who may begin it."""
    return not is_about_operation(one.settings) or may_begin(sender.identity, sender.operation, one)


def _line(secret: str, one: Published) -> str:
    form = one.form
    told = {
        "formID": form.form_id,
        "name": form.title or one.label.get("fr", one.slug),
        "version": form.version,
        "hash": f"md5:{_md5(form.xml.encode())}",
        "downloadUrl": url_for("openrosa.form", secret=secret, slug=one.slug, _external=True),
    }
    if form.files:
        told["manifestUrl"] = url_for("openrosa.manifest", secret=secret, slug=one.slug, _external=True)
    return f"<xform>{_tags(told)}</xform>"


def _tags(told: dict[str, str]) -> str:
    return "".join(f"<{name}>{escape(text)}</{name}>" for name, text in told.items())


def _md5(data: bytes) -> str:
    """What the standard asks for, to know whether a telephone has the newest; it protects nothing."""
    return md5(data, usedforsecurity=False).hexdigest()


@openrosa.get("/<secret>/forms/<slug>.xml")
def form(secret: str, slug: str) -> Response:
    """The form itself, to the letter as it was published: its hash is known."""
    answer = make_response(_one(secret, slug).form.xml)
    answer.mimetype = "text/xml"
    return answer


@openrosa.get("/<secret>/forms/<slug>/manifest")
def manifest(secret: str, slug: str) -> Response:
    """The files a form reads or shows."""
    found = _one(secret, slug)
    lines = [
        _tags(
            {
                "filename": name,
                "hash": f"md5:{_md5(data)}",
                "downloadUrl": url_for("openrosa.medium", secret=secret, slug=slug, name=name, _external=True),
            }
        )
        for name, data in sorted(catalogue.files(found.hash).items())
    ]
    body = "".join(f"<mediaFile>{line}</mediaFile>" for line in lines)
    return xml(f'<manifest xmlns="{MANIFEST}">{body}</manifest>')


@openrosa.get("/<secret>/forms/<slug>/files/<name>")
def medium(secret: str, slug: str, name: str) -> Response:
    data = catalogue.files(_one(secret, slug).hash).get(name)
    if data is None:
        raise NotFound()
    answer = make_response(data)
    answer.mimetype = "application/octet-stream"
    return answer


def _one(secret: str, slug: str) -> Published:
    found = next((one for one in _forms(sender_of(secret)) if one.slug == slug), None)
    if found is None:
        raise NotFound()
    return found
