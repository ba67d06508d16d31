"""Doors: a form tried before it is published: what is to be corrected, or its pages with live rules. Nothing is stored.

What was typed travels in the page, signed, so that nobody makes the server read a form it has not checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired, MultipleFileField

from forms.definition import load as load_form
from forms.findings import Finding, FormRefused
from forms.instance import Instance
from forms.xlsform import compile_xlsform
from workflow import clock
from workflow.catalogue import queries
from workflow.catalogue.pages import words
from workflow.catalogue.pages.blueprint import catalogue
from workflow.catalogue.pages.drafts import Draft, opened
from workflow.catalogue.pages.trial import Trial
from workflow.catalogue.pages.versions import visible
from workflow.catalogue.rules import around
from workflow.errors import NotFound
from workflow.web import spoken

LISTS = (".csv", ".xml", ".geojson")


class TryForm(FlaskForm):
    file = FileField(later("Your form (.xlsx, .xls or .md)"), [FileRequired(later("Choose the form to try."))])
    beside = MultipleFileField(later("Files it names, if any (lists in .csv, .xml or .geojson)"))


@catalogue.route("/forms/try", methods=["GET", "POST"])
def try_form() -> Any:
    """Send a form to check it; then fill it page by page."""
    if request.form.get("draft"):
        return page_of(Trial(opened(request.form["draft"])).take(request.form))
    form = TryForm()
    if not form.is_submitted():
        return render_template("catalogue/try.html", form=form, findings=[])
    if not form.validate():
        return render_template("catalogue/try.html", form=form, findings=[]), 422
    return _tried(form)


@catalogue.get("/forms/<slug>/try/<version>")
def try_version(slug: str, version: str) -> Any:
    """A published version, filled for a try."""
    row = next((row for row in visible(slug) if row.hash == version), None)
    if row is None:
        raise NotFound()
    form = queries.version(version).form
    lists = {name: content for name, content in queries.files(version).items() if name.endswith(LISTS)}
    return page_of(begun(form.xml, lists, spoken.label(row.label), ()))


def _tried(form: TryForm) -> Any:
    sent = form.file.data
    beside = {one.filename: one.read() for one in form.beside.data or () if one and one.filename}
    try:
        compiled = compile_xlsform(sent.read(), sent.filename or "", media=beside)
    except FormRefused as refused:
        told = in_order(refused.findings)
        return render_template("catalogue/try.html", form=form, findings=told, name=sent.filename), 422
    lists = {name: content for name, content in beside.items() if name.endswith(LISTS)}
    if not load_form(compiled.xml, lists).sections:
        notice = _("This form can be used, but it asks nothing: it has no question to show.")
        return render_template("catalogue/try.html", form=form, findings=in_order(compiled.findings), notice=notice)
    return page_of(begun(compiled.xml, lists, sent.filename or "", compiled.findings))


def in_order(found: Iterable[Finding]) -> list[dict[str, Any]]:
    """What must be corrected first, then the remarks."""
    return sorted((words.finding(one) for one in found), key=lambda one: not one["refused"])


def begun(xml: str, lists: dict[str, bytes], name: str, found: tuple[Finding, ...], answers: str = "") -> Trial:
    """A trial on the first page; without answers, a fresh one."""
    form = load_form(xml, lists)
    lang = spoken.lang() if spoken.lang() in form.languages else form.default_language
    answers = answers or Instance.new(form, around(clock.wall())).to_xml()
    return Trial(Draft(xml, lists, answers, form.sections[0].name, lang, name), in_order(found))


def page_of(trial: Trial) -> Any:
    shown = {**trial.shown(), "try_url": url_for("catalogue.try_form")}
    if trial.draft.too_large:
        notice = _("This form can be used. It is too large to be filled here for a try.")
        return render_template("catalogue/try.html", form=TryForm(), findings=trial.findings, notice=notice)
    return render_template("catalogue/trial.html", **shown)
