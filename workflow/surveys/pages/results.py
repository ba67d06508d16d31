"""Doors: what households answered, counted: on a page, as a workbook, as a sealed report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow import clock
from workflow.errors import NotFound
from workflow.filing import queries as filing
from workflow.filing.models import READY
from workflow.surveys.actions import reporting
from workflow.surveys.models import Survey
from workflow.surveys.pages.blueprint import surveys
from workflow.surveys.pages.listing import crumbs
from workflow.surveys.queries import report
from workflow.surveys.queries.counting import Results
from workflow.surveys.queries.surveys import operation_of, survey
from workflow.surveys.rules.counting import FEW, Tallied
from workflow.web import sheets, spoken
from workflow.web.dates import format_date, stamp

MEDIA = {"pdf": "application/pdf", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


@surveys.get("/surveys/<survey_id>/results")
def results(survey_id: str) -> Any:
    """Each question in a table and a picture; beside every percentage, of how many it is."""
    row = survey(g.identity, survey_id)
    told = report.counted(row, spoken.lang())
    if request.args.get("format") == "xlsx":
        return _workbook(row, told)
    return render_template(
        "surveys/results.html",
        row=row,
        crumbs=crumbs(row),
        place=operation_of(row),
        results=told,
        numbers_said=report.numbers_said(told),
        withheld={FEW: report.too_few(told.least)},
        given_away=report.gives_away(),
        whole=_("Percentages are of all who were asked: too few left this question out to be shown apart."),
        shared=report.shared(row, spoken.lang()),
        xlsx_url=url_for("surveys.results", survey_id=row.id, format="xlsx"),
        paper=report.latest(row),
        printed_at=stamp(clock.now()),
        printed_by=g.identity.name,
    )


def _workbook(row: Survey, told: Results) -> Response:
    titles = [
        (_("Page"), 30),
        (_("Question"), 60),
        (_("Answer"), 40),
        (_("Households"), 14),
        (_("Percent"), 12),
        (_("Of how many"), 40),
    ]
    data = sheets.workbook(
        row.title,
        titles,
        _rows(told),
        place=operation_of(row).name,
        taken=sheets.taken_by(g.identity.name, stamp(clock.now())),
    )
    return sheets.download(data, f"resultats-enquete-{clock.today().isoformat()}.xlsx")


def _rows(told: Results) -> Iterator[list[sheets.Value]]:
    said, hidden = report.numbers_said(told), report.hidden_word()
    for share in filter(None, (told.satisfied, told.first_choice)):
        base = report.base_said(share.base, told)
        yield [_("In short"), share.label, report.share_word(share, told), share.count, share.percent, base]
    for section in told.sections:
        for table in section.tables:
            yield from _table(section.title, table, told)
    for name, table in ((_("How the answers came"), told.channels), (_("In which language"), told.langs)):
        for one in table.rows:
            yield ["", name, one.label, hidden if one.count is None else one.count, one.percent, said]


def _table(title: str, table: Tallied, told: Results) -> Iterator[list[sheets.Value]]:
    if table.withheld:
        reason = report.too_few(told.least) if table.withheld == FEW else report.gives_away()
        yield [title, table.label, reason, None, None, report.numbers_said(told)]
        return
    base = report.base_said(table.base, told)
    for one in table.rows:
        count: sheets.Value = report.hidden_word() if one.count is None else one.count
        yield [title, table.label, one.label, count, one.percent, base]
    if table.average is not None:
        yield [title, table.label, _("on average"), table.average, None, report.numbers_said(told)]


@surveys.post("/surveys/<survey_id>/report")
def ask_report(survey_id: str) -> Any:
    """The report as it would be now, sealed, as PDF and DOCX."""
    reporting.ask(g.identity, survey_id)
    flash(_("The report is being written. It stands here in a moment."), "done")
    return redirect(url_for("surveys.results", survey_id=survey_id, _anchor="report"), code=303)


@surveys.get("/surveys/<survey_id>/report.<any(pdf, docx):form>")
def report_file(survey_id: str, form: str) -> Response:
    """The latest report."""
    row = survey(g.identity, survey_id)
    paper = report.latest(row)
    if paper is None or paper.state != READY:
        raise NotFound()
    answer = Response(filing.bytes_of(paper, form), mimetype=MEDIA[form])
    day = format_date(clock.today(), "yyyy-MM-dd")
    answer.headers["Content-Disposition"] = f'attachment; filename="enquete-{day}.{form}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
