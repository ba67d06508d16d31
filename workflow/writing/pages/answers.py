"""Doors: what is asked once for all the letters of a run, and what is asked for each household in a spreadsheet."""

from __future__ import annotations

from typing import Any

from flask import Response, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from documents.front_matter import Ask
from workflow import clock
from workflow.db import db
from workflow.errors import Moved, Refused
from workflow.web import sheets
from workflow.web.dates import stamp
from workflow.writing.actions import letters as actions
from workflow.writing.pages import about as things
from workflow.writing.pages import asking
from workflow.writing.pages.blueprint import writing_blueprint
from workflow.writing.pages.figures import figure_told
from workflow.writing.pages.run_desk import PATH, Desk
from workflow.writing.queries import letters as found
from workflow.writing.queries.letters import Run
from workflow.writing.queries.orders import figures_read, lang_of
from workflow.writing.rules.asking import as_typed
from workflow.writing.rules.rows import REFERENCE, NotRead, RowFault, read_rows


@writing_blueprint.route(f"{PATH}/answers", methods=["GET", "POST"])
def letter_answers(operation: str, run: str) -> Any:
    """One answer for every household; what is left empty is asked for each of them."""
    desk = Desk(run)
    told = Run(desk.row)
    dated = (asking.DAY, asking.day_field())
    form = asking.questions(told.model.asks, told.common, dated, version=str(desk.row.version), day=desk.row.day)
    if request.method == "GET":
        return _ask(desk, told, form)
    checks = (form.validate(), form.understood(all_required=False), asking.well_dated(form, things.today(desk.about)))
    if not all(checks):
        return _ask(desk, told, form), 422
    try:
        actions.answer(desk.row, form.values, form.shown_version, form[asking.DAY].data)
    except (Moved, Refused) as problem:
        db.session.rollback()
        desk = Desk(run)
        form.version.data = str(desk.row.version)
        return _ask(desk, Run(desk.row), form, refusal=_(problem.message, **problem.params)), 409
    return desk.back(_("The answers are kept. Look at some letters before you write them."))


def _ask(desk: Desk, told: Run, form: asking.Asked, refusal: str = "") -> str:
    return render_template(
        "writing/answers.html",
        desk=desk,
        form=form,
        refusal=refusal,
        figures=[figure_told(one) for one in figures_read(told.model, told.known)],
        names=[*(f"{asking.PREFIX}{ask.name}" for ask in told.model.asks), asking.DAY],
        spoken=lang_of(told.model.text),
        crumbs=[*desk.crumbs, (desk.url, desk.row.title)],
    )


# -- one row for each household -----------------------------------------------------------------------------------


class RowsForm(FlaskForm):
    file = FileField(later("The spreadsheet, filled in (.xlsx)"), [FileRequired(later("Choose the spreadsheet."))])


def _titles(asks: tuple[Ask, ...]) -> dict[str, str]:
    """{name: title of its column}; two questions never bear the same."""
    found_titles = {REFERENCE: _("Reference")}
    for ask in asks:
        taken = ask.label in found_titles.values()
        found_titles[ask.name] = f"{ask.label} ({ask.name})" if taken else ask.label
    return found_titles


@writing_blueprint.get(f"{PATH}/rows.xlsx")
def letter_rows_sheet(operation: str, run: str) -> Response:
    """The spreadsheet to fill: a row for each household, a column for each question left open."""
    desk = Desk(run)
    told, own = Run(desk.row), found.own_answers(desk.lines)
    titles = _titles(told.open_asks)
    head = [(titles[REFERENCE], 14), (_("Household"), 30), *((titles[ask.name], 30) for ask in told.open_asks)]
    rows = [
        [
            home.reference,
            home.name,
            *(as_typed(own.get(line.rank, {}).get(ask.name)) for ask in told.open_asks),
        ]
        for line in desk.lines
        if (home := desk.homes.get(line.household_id)) is not None
    ]
    taken = sheets.taken_by(g.identity.name, stamp(clock.now()))
    data = sheets.workbook(desk.row.title, head, rows, place=desk.about.place.name, taken=taken)
    return sheets.download(data, f"reponses-{desk.row.model}.xlsx")


@writing_blueprint.route(f"{PATH}/rows", methods=["GET", "POST"])
def letter_rows(operation: str, run: str) -> Any:
    """Bring it back: what is wrong is said row by row, and nothing is taken until nothing is."""
    desk, form = Desk(run), RowsForm()
    if request.method == "GET":
        return _rows_page(desk, form)
    if not form.validate():
        return _rows_page(desk, form), 422
    told = Run(desk.row)
    references = {home.reference: home.id for home in desk.homes.values()}
    try:
        read = read_rows(form.file.data.read(), told.open_asks, references, _titles(told.open_asks))
    except NotRead as problem:
        form.file.errors = [_(str(problem), **problem.params)]
        return _rows_page(desk, form), 422
    if read.faults:
        return _rows_page(desk, form, read.faults), 422
    row, version = desk.row, desk.sent_version
    try:
        count = actions.answer_each(row, {references[one]: values for one, values in read.values.items()}, version)
    except (Moved, Refused) as problem:
        db.session.rollback()
        form.file.errors = [_(problem.message, **problem.params)]
        return _rows_page(Desk(run), form), 409
    told = [ngettext("Taken over for %(num)s household.", "Taken over for %(num)s households.", count)]
    if read.blank:
        told.append(ngettext("%(num)s empty row was left out.", "%(num)s empty rows were left out.", read.blank))
    if untold := len(desk.lines) - count:
        told.append(ngettext("%(num)s household has no row.", "%(num)s households have no row.", untold))
    return desk.back(" ".join(told))


def _rows_page(desk: Desk, form: RowsForm, faults: list[RowFault] | None = None) -> str:
    problems = [
        {"id": "file", "label": _("Row %(number)s, %(column)s", number=one.row, column=one.column)}
        | {"message": _(one.message, **dict(one.params))}
        for one in faults or ()
    ]
    problems += [
        {"id": "file", "label": form.file.label.text, "message": _(str(one))} for one in form.file.errors or ()
    ]
    return render_template(
        "writing/rows.html",
        desk=desk,
        form=form,
        problems=problems,
        asks=Run(desk.row).open_asks,
        sheet_url=url_for("writing.letter_rows_sheet", operation=desk.row.operation_id, run=desk.row.id),
        crumbs=[*desk.crumbs, (desk.url, desk.row.title)],
    )
