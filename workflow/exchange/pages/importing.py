"""Doors: a file of households, step by step: brought, its columns said, looked over, loaded."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import FileStorage

from workflow import access
from workflow.errors import NotFound
from workflow.exchange import actions, queries
from workflow.exchange.models import ImportRun
from workflow.exchange.pages import import_template as templates
from workflow.exchange.pages import import_words as words
from workflow.exchange.pages.blueprint import exchange
from workflow.exchange.pages.import_preview import Preview
from workflow.exchange.rules.importing.columns import BY_NAME, FIELDS, Header, header_of, lacking, twice
from workflow.exchange.rules.importing.refusals import FileRefused
from workflow.exchange.rules.importing.sheet import Book, Sheet, letters
from workflow.exchange.rules.importing.understanding import refuse_unusable
from workflow.operations.queries import operation as find_operation
from workflow.web.places import here

PATH = "/operations/<operation>/import"


class UploadForm(FlaskForm):
    file = FileField(
        lazy_gettext("Your file (.xlsx, .ods or .csv)"), [FileRequired(lazy_gettext("Choose the file to bring in."))]
    )


@exchange.route(PATH, methods=["GET", "POST"])
def import_file(operation: str) -> Any:
    """Take a file in. One that cannot be read in full is refused with a sentence, and nothing is kept of it."""
    _may_import(operation)
    form = UploadForm()
    if request.method == "GET":
        return _begin(operation, form)
    if not form.validate():
        return _begin(operation, form), 422
    sent: FileStorage = form.file.data
    try:
        row = actions.take_file(operation, sent.filename or "", sent.read(), g.identity.person)
    except FileRefused as refusal:
        form.file.errors = [words.refused(refusal)]
        return _begin(operation, form), 422
    return redirect(_url(row), code=303)


@exchange.get(f"{PATH}/modele.<form>")
def import_template(operation: str, form: str) -> Response:
    _may_import(operation)
    return templates.download(operation, form)


@exchange.get(f"{PATH}/<run>")
def import_run(operation: str, run: str) -> Any:
    """Where a file stands: its columns, the preview, the work, the result."""
    row = _run(operation, run)
    if row.state == "read" or (row.state == "checked" and request.args.get("step") == "columns"):
        return _columns(row, Chosen(row))
    if row.state == "checked":
        return _preview(row)
    return render_template("exchange/import_result.html", run=row, place=find_operation(operation), **_state(row))


@exchange.get(f"{PATH}/<run>/progress")
def import_progress(operation: str, run: str) -> Any:
    """The fragment the page asks for again and again."""
    row = _run(operation, run)
    return render_template("exchange/_import_state.html", run=row, **_state(row))


@exchange.post(f"{PATH}/<run>/columns")
def import_columns(operation: str, run: str) -> Any:
    """Say what each column holds, or go on with another sheet of the file."""
    row = _run(operation, run)
    chosen = Chosen(row, request.form)
    if chosen.sheet.name != row.sheet:
        actions.choose_sheet(row, chosen.sheet)
        return redirect(url_for(".import_run", operation=operation, run=run, step="columns"), code=303)
    problems = chosen.problems()
    if problems:
        return _columns(row, chosen, problems), 422
    actions.match_columns(row, chosen.header, chosen.mapping)
    return redirect(_url(row), code=303)


@exchange.post(f"{PATH}/<run>/start")
def import_start(operation: str, run: str) -> Any:
    """Load it. Wrong rows stop everything unless they are left out on purpose."""
    row = _run(operation, run)
    preview = Preview(row, g.identity)
    leave_out, ticked = bool(request.form.get("leave_out")), preview.ticked(request.form)
    problem = preview.hindrance(leave_out=leave_out, ticked=ticked)
    if problem:
        return _preview(row, preview, [problem]), 422
    actions.start(row, leave_out=leave_out, apply=ticked, total=preview.total)
    return redirect(_url(row), code=303)


@exchange.post(f"{PATH}/<run>/drop")
def import_drop(operation: str, run: str) -> Any:
    row = _run(operation, run)
    actions.drop(row)
    flash(_("The file is erased. Nothing was brought in."), "done")
    return redirect(url_for(".import_file", operation=operation), code=303)


@exchange.get(f"{PATH}/<run>/a-corriger.xlsx")
def import_wrong(operation: str, run: str) -> Response:
    """The wrong rows as they stand in the file, each with what is to be mended."""
    row = _run(operation, run)
    return Preview(row, g.identity).wrong_workbook()


# -- who, and which -----------------------------------------------------------------------------------------------


def _may_import(operation: str) -> None:
    if not access.may_enter_households(g.identity, here(g.identity)) or find_operation(operation) is None:
        raise NotFound()


def _run(operation: str, run: str) -> ImportRun:
    _may_import(operation)
    return queries.run(g.identity, operation, run)


def _url(row: ImportRun) -> str:
    return url_for("exchange.import_run", operation=row.operation_id, run=row.id)


# -- the pages ----------------------------------------------------------------------------------------------------


def _begin(operation: str, form: UploadForm) -> str:
    place = find_operation(operation)
    return render_template(
        "exchange/import.html",
        form=form,
        place=place,
        forms=[(kind, url_for(".import_template", operation=operation, form=kind)) for kind in templates.KINDS],
        problems=[{"id": "file", "label": form.file.label.text, "message": text} for text in form.file.errors],
        runs=words.history(queries.runs(operation), g.identity, place.zone if place else "Europe/Paris"),
        buildings=words.buildings_known(operation),
    )


class Chosen:
    """What the person said of the columns: as the row keeps it, or as the form was sent."""

    def __init__(self, row: ImportRun, sent: Any = None) -> None:
        self.book: Book = queries.book(row)
        names = {sheet.name: sheet for sheet in self.book.sheets}
        self.sheet: Sheet = names.get(sent.get("sheet", "") if sent else "", names[row.sheet])
        self.header: Header = header_of(self.sheet)
        known = dict(row.mapping) if sent is None else {at: sent.get(f"column-{at}", "") for at in self.at}
        self.mapping = {at: name for at, name in known.items() if name in BY_NAME}

    @property
    def at(self) -> list[str]:
        """Letters of the columns that have a title."""
        return [letters(column) for column in sorted(self.header.titles)]

    def problems(self) -> list[dict[str, str]]:
        """What keeps the file from being read: something required in no column, or something in two."""
        first = f"column-{self.at[0]}" if self.at else "sheet"
        found = [
            {"id": first, "label": _(msgid), "message": _("Say which column holds it.")}
            for msgid in lacking(self.mapping)
        ]
        for name in twice(self.mapping):
            at = [letter for letter, field in self.mapping.items() if field == name]
            sentence = _("Several columns (%(columns)s) are said to hold it: keep one.", columns=", ".join(at))
            found.append({"id": f"column-{at[1]}", "label": _(BY_NAME[name].label), "message": sentence})
        try:
            refuse_unusable(self.sheet, self.header)
        except FileRefused as refusal:
            found.append({"id": "sheet", "label": "", "message": words.refused(refusal)})
        return found


def _columns(row: ImportRun, chosen: Chosen, problems: list[dict[str, str]] | None = None) -> str:
    count = sum(number > chosen.header.row for number in chosen.sheet.rows)
    return render_template(
        "exchange/import_columns.html",
        run=row,
        place=find_operation(row.operation_id),
        sheets=[sheet.name for sheet in chosen.book.sheets],
        sheet=chosen.sheet.name,
        columns=words.columns(chosen.sheet, chosen.header, chosen.mapping),
        choices=[("", _("Do not take this column"))] + [(field.name, _(field.label)) for field in FIELDS],
        lacking=[_(msgid) for msgid in lacking(chosen.mapping)],
        notes=words.notes(chosen.book, chosen.sheet, chosen.header),
        count=ngettext("%(num)s row under the titles", "%(num)s rows under the titles", count),
        problems=problems or [],
    )


def _preview(row: ImportRun, preview: Preview | None = None, problems: list[dict[str, str]] | None = None) -> str:
    return render_template(
        "exchange/import_preview.html",
        run=row,
        place=find_operation(row.operation_id),
        preview=preview or Preview(row, g.identity),
        problems=problems or [],
        sent=request.form,
    )


def _state(row: ImportRun) -> dict[str, Any]:
    place = find_operation(row.operation_id)
    return {
        "progress_url": url_for(".import_progress", operation=row.operation_id, run=row.id),
        "gave_up": queries.gave_up(row),
        "findings": words.kept_findings(row),
        "again_url": url_for(".import_file", operation=row.operation_id),
        "list_url": words.list_url(g.identity, row.operation_id),
        "when": words.when(row.ended_at or row.made_at, place.zone if place else "Europe/Paris"),
    }
