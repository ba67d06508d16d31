"""Doors: a version of a form on paper, blank."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from documents.questionnaire.cover import Cover
from forms.paper import questionnaire
from workflow.catalogue import queries
from workflow.catalogue.pages.blueprint import catalogue
from workflow.catalogue.pages.versions import visible
from workflow.errors import NotFound
from workflow.web import spoken
from workflow.web.printing import PrintForm, answer, file_name, titled


@catalogue.get("/forms/<slug>/print/<version>")
def print_version(slug: str, version: str) -> Any:
    """Choose the size and the language; with them in the address, the PDF. Nobody's data stand in it."""
    row = next((row for row in visible(slug) if row.hash == version), None)
    if row is None:
        raise NotFound()
    asked = queries.version(version).form
    lang = next((code for code in asked.languages if code == spoken.lang()), asked.default_language)
    form = PrintForm(asked, lang, known=False, formdata=request.args or None, meta={"csrf": False})
    if "size" in request.args and form.validate():
        name = file_name([slug, form.lang.data, "grand" if form.large else ""])
        sheet = titled(questionnaire(asked, form.lang.data), row.label)
        return answer(sheet, Cover(), name, "Europe/Paris", large=form.large)
    crumbs = [(url_for("catalogue.versions", slug=slug), spoken.label(row.label))]
    return render_template("catalogue/print.html", form=form, label=spoken.label(row.label), crumbs=crumbs)
