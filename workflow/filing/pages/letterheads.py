"""Doors: the letterhead of an organisation, in which the working copies of its papers are written."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from flask import Response, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from workflow import access, clock
from workflow.db import db
from workflow.errors import NotFound, Refused
from workflow.filing import actions, queries
from workflow.filing.models import Letterhead
from workflow.filing.pages.blueprint import filing
from workflow.filing.queries import letterheads as found
from workflow.people import queries as people
from workflow.people.models import Organisation
from workflow.web import press
from workflow.web.dates import stamp
from workflow.web.sizes import size

MODEL = Path(__file__).resolve().parents[3] / "templates" / "papers" / "letterhead.md"
LANG = "fr"  # the language in which the partners of an operation work


class LetterheadForm(FlaskForm):
    file = FileField(later("Letterhead (.docx)"), [FileRequired(later("Choose a Word document (.docx)."))])


@filing.route("/organisations/<slug>/letterhead", methods=["GET", "POST"])
def letterhead(slug: str) -> Any:
    """The one in use, the former ones; another one is given."""
    owner, form = _owner(slug), LetterheadForm()
    if request.method == "GET":
        return _page(owner, form)
    if not form.validate():
        return _page(owner, form), 422
    sent = form.file.data
    data, name = sent.read(), _readable(sent.filename)
    refusal = _refusal(owner.name, owner.city, data)
    if refusal:
        form.file.errors = [refusal]
        return _page(_owner(slug), form), 422
    actions.give_letterhead(slug, data, name, g.identity.person)
    flash(_("The letterhead is in use: the next papers are written in it."), "done")
    return redirect(url_for("filing.letterhead", slug=slug), code=303)


@filing.post("/organisations/<slug>/letterhead/use")
def use_letterhead(slug: str) -> Any:
    """Take a former one up again."""
    _owner(slug)
    actions.use_letterhead(slug, request.form.get("letterhead", ""), g.identity.person)
    flash(_("The letterhead is in use: the next papers are written in it."), "done")
    return redirect(url_for("filing.letterhead", slug=slug), code=303)


@filing.post("/organisations/<slug>/letterhead/set-aside")
def set_letterhead_aside(slug: str) -> Any:
    """Write papers in the style of the house again."""
    _owner(slug)
    actions.set_letterhead_aside(slug, g.identity.person)
    flash(_("The letterhead is not used any more. It stays below: you may take it up again."), "done")
    return redirect(url_for("filing.letterhead", slug=slug), code=303)


@filing.get("/organisations/<slug>/letterhead/<letterhead_id>/<form>")
def letterhead_file(slug: str, letterhead_id: str, form: str) -> Response:
    """The file as it was given ("docx"); a specimen in it ("specimen.docx") and the PDF beside it ("specimen.pdf")."""
    owner, row = _owner(slug), found.letterhead(slug, letterhead_id)
    if row is None or form not in ("docx", "specimen.docx", "specimen.pdf"):
        raise NotFound()
    name, data = f"en-tete-{slug}.docx", row.docx
    if form != "docx":
        name, data = f"exemple-{slug}.{form[9:]}", _specimen(owner.name, owner.city, data, form[9:])
    answer = make_response(data)
    answer.mimetype = queries.FORMATS[name.rpartition(".")[2]]
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _owner(slug: str) -> Organisation:
    """The organisation, for who looks after the installation or sets up an operation it takes part in."""
    row = people.organisation(slug)
    if row is None:
        raise NotFound()
    if access.administers(g.identity) or slug in people.partners_of(people.operations_set_up_by(g.identity)):
        return row
    raise NotFound()


def _readable(name: str | None) -> str:
    """The name of the file without a path or signs that are no text."""
    return "".join(sign for sign in (name or "").replace("\\", "/").rpartition("/")[2] if sign.isprintable())


# -- tried in a process of its own --------------------------------------------------------------------------------


def _refusal(name: str, city: str, data: bytes) -> str:
    """Why the file cannot serve, in a sentence; "" when it can."""
    try:
        made = _tried(name, city, data, only_check=True)
    except press.NotPrinted:
        return _("This file could not be tried as a letterhead. Open it in Word, save it again, and send it once more.")
    refused = made.get("refused")
    if not refused:
        return ""
    sentence, params = refused["msgid"], refused["params"]
    return _(sentence, **params)


def _specimen(name: str, city: str, data: bytes, form: str) -> bytes:
    try:
        made = _tried(name, city, data)
    except press.NotPrinted as fault:
        raise Refused("not_printed", "The example could not be set. Try again in a moment.") from fault
    if form not in made:
        raise NotFound()
    return base64.b64decode(made[form])


def _tried(name: str, city: str, data: bytes, **how: Any) -> dict[str, Any]:
    """No transaction is held meanwhile."""
    db.session.rollback()
    rows = [["Lundi", "9 h – 12 h", "Accueil"], ["Jeudi", "14 h – 17 h", "Sur rendez-vous"]]
    table = {"caption": "Permanences", "header": ["Jour", "Heures", "Comment"], "rows": rows}
    return press.tried(
        data,
        MODEL.read_text("utf-8"),
        {"organisation": name, "table": table},
        lang=LANG,
        day=clock.today().isoformat(),
        reference="SPECIMEN",
        issuer=current_app.config["RELAIS"].issuer,
        organisation=name,
        address=[city] if city else [],
        **how,
    )


# -- the page -----------------------------------------------------------------------------------------------------


def _page(owner: Organisation, form: LetterheadForm) -> str:
    rows = found.letterheads(owner.slug)
    names = people.names({row.kept_by for row in rows})
    present = next((row for row in rows if row.used_by), None)
    wrong = [{"id": form.file.id, "label": form.file.label.text, "message": str(one)} for one in form.file.errors]
    return render_template(
        "filing/letterhead.html",
        owner=owner,
        form=form,
        problems=wrong,
        present=_said(present, names) if present else None,
        former=[_said(row, names) for row in rows if row is not present],
    )


def _said(row: Letterhead, names: dict[str, str]) -> dict[str, Any]:
    """What the page says of one of them, and its files."""

    def file(form: str, label: str, kind: str, note: str = "", count: int = 0) -> dict[str, str]:
        url = url_for("filing.letterhead_file", slug=row.organisation, letterhead_id=row.id, form=form)
        return {"url": url, "name": label, "format": kind, "size": size(count), "note": note}

    when = _("Given on %(when)s by %(name)s", when=stamp(row.kept_at), name=names.get(row.kept_by, ""))
    example = _("What a working copy looks like in it.")
    original = _("The PDF, which alone counts, keeps the same look for everybody: your name and city at its head.")
    return {
        "id": row.id,
        "name": row.file_name,
        "when": when,
        "files": [
            file("docx", row.file_name, "DOCX", when, row.size),
            file("specimen.docx", _("Example letter"), "DOCX", example),
            file("specimen.pdf", _("Example letter"), "PDF", original),
        ],
    }
