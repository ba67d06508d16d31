"""Doors: the form of a dossier on paper, blank or with what is known already.

A blank form asks what who prints it may ask. One with answers lies at the household's home afterwards: it holds no more
than the household's own copy, neither answers nor questions.
"""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, g, render_template, url_for

from documents.questionnaire.cover import Cover
from forms.paper import questionnaire
from forms.visibility import Lens, narrowed
from workflow import access
from workflow.access import LENSES
from workflow.db import db
from workflow.dossiers import actions
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.opening import Page
from workflow.errors import NotFound
from workflow.operations.queries import operation
from workflow.people.queries import organisation_names
from workflow.web import door
from workflow.web.printing import PrintForm, answer, file_name, titled


@dossiers.route("/dossiers/<reference>/print", methods=["GET", "POST"])
def print_form(reference: str) -> Any:
    """Choose, then get the PDF. What is printed with answers is told in the record before it leaves."""
    page = Page(reference)
    if not page.file.fills and not access.may_fill(g.identity, page.file.row.operation_id):
        raise NotFound()
    form = PrintForm(page.file.published.form, page.form_lang, known=page.file.instance is not None)
    if form.validate_on_submit():
        return _paper(page, form)
    status = 422 if form.is_submitted() else 200
    return render_template("dossiers/print.html", **page.frame(), form=form), status


def _paper(page: Page, form: PrintForm) -> Response:
    file = page.file
    lens, instance = (_at_home(page), file.instance) if form.filled else (file.lens, None)
    sheet = titled(questionnaire(file.published.form, form.lang.data, instance, lens), file.published.label)
    cover = _cover(page, filled=form.filled)
    name = file_name([file.published.slug, file.row.reference, form.lang.data, "grand" if form.large else ""])
    if form.filled:
        actions.note_printed(file.row, page.identity.person, form.lang.data)
        door.commit()
    zone = page.zone
    db.session.rollback()  # nothing waits for this request while the paper is set
    return answer(sheet, cover, name, zone, large=form.large)


def _at_home(page: Page) -> Lens:
    """What may lie on a kitchen table, and who prints may see. No reading of V3 or V4 is left to be noted."""
    return narrowed(page.file.lens, LENSES["household"])


def _cover(page: Page, *, filled: bool) -> Cover:
    row, place = page.file.row, operation(page.file.row.operation_id)
    base = current_app.config["RELAIS"].base_url
    address = url_for("dossiers.dossier", reference=row.reference)
    return Cover(
        organisation=organisation_names().get(place.owner, place.owner) if place else "",
        operation=place.name if place else "",
        reference=row.reference,
        household=row.about.name if filled and page.file.names else "",
        address=f"{base}{address}/key",
    )
