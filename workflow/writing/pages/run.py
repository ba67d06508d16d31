"""Doors: one letter to many households: prepared, looked over, written, printed, handed over."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Response, flash, g, make_response, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from documents import bundle
from workflow import clock
from workflow.db import db
from workflow.errors import Invalid, Moved, NotFound, Refused
from workflow.filing import queries as filing
from workflow.web import listed, ticks
from workflow.web.dates import format_date
from workflow.writing import actions as deeds
from workflow.writing.actions import letters as actions
from workflow.writing.models import (
    FAILED,
    PREPARING,
    RUNNING,
    STOPPED,
    WAITING,
    WRITTEN,
)
from workflow.writing.pages import drafts
from workflow.writing.pages.blueprint import writing_blueprint
from workflow.writing.pages.figures import figure_told
from workflow.writing.pages.letters import STATES_OF_A_RUN, titled
from workflow.writing.pages.papers import HandForm
from workflow.writing.pages.run_desk import PATH, Desk
from workflow.writing.pages.run_lines import FORM, columns, kept, states
from workflow.writing.queries import letters as found
from workflow.writing.queries.letters import Run
from workflow.writing.queries.orders import figures_read, order, told_of

AT_ONCE = 500
"""Lines of one page: one ticks on it."""


@writing_blueprint.route(PATH, methods=["GET", "POST"])
def run(operation: str, run: str) -> Any:
    """What is to be done before anything leaves; how far it is; then what was handed over. Sent with its boxes, another
    page of the list, on which they stay as they were ticked.
    """
    if request.method == "POST" and not ticks.turning():
        raise NotFound()
    return _page(Desk(run))


@writing_blueprint.get(f"{PATH}/progress")
def run_progress(operation: str, run: str) -> str:
    """The fragment the page asks for again and again."""
    return render_template("writing/_run_state.html", **_state(Desk(run)))


@writing_blueprint.get(f"{PATH}/draft/<int:rank>")
def draft_letter(operation: str, run: str, rank: int) -> Response:
    """The letter of one household as it would be, "draft" on every page; nothing of it is kept."""
    desk = Desk(run)
    line = next((one for one in desk.lines if one.rank == rank), None)
    home = desk.homes.get(line.household_id) if line else None
    if line is None or home is None:
        raise NotFound()
    own = found.own_answers([line]).get(rank, {})
    asked = order(told_of(Run(desk.row).wish(home, own)), desk.row.audience, drafts.DRAFT, None)
    return drafts.as_file(drafts.drafted(asked), home.reference)


@writing_blueprint.post(f"{PATH}/choose")
def choose_letters(operation: str, run: str) -> Any:
    """Write to those ticked among those shown."""
    desk = Desk(run)
    shown, ticked = _ranks("shown"), _ranks("line")
    told = _("Kept: the letter goes to the households ticked.")
    return _carry_out(desk, lambda: actions.choose(desk.row, shown, ticked, desk.sent_version), told)


@writing_blueprint.post(f"{PATH}/start")
def start_letters(operation: str, run: str) -> Any:
    desk = Desk(run)
    return _carry_out(desk, lambda: actions.start(g.identity, desk.row, desk.sent_version))


@writing_blueprint.post(f"{PATH}/stop")
def stop_letters(operation: str, run: str) -> Any:
    desk = Desk(run)
    return _carry_out(desk, lambda: actions.stop(g.identity, desk.row))


@writing_blueprint.post(f"{PATH}/go-on")
def go_on_letters(operation: str, run: str) -> Any:
    """Those that wait; those that failed as well, when that was the button."""
    desk = Desk(run)
    return _carry_out(desk, lambda: actions.go_on(g.identity, desk.row, failed=bool(request.form.get("failed"))))


@writing_blueprint.post(f"{PATH}/drop")
def drop_letters(operation: str, run: str) -> Any:
    desk = Desk(run)
    actions.drop(g.identity, desk.row, desk.sent_version)
    flash(_("Thrown away. Nothing was written."), "done")
    return redirect(desk.crumbs[0][0], code=303)


def _carry_out(desk: Desk, do: Any, done: str = "") -> Any:
    """A refusal is said on the page itself."""
    run_id = desk.row.id
    try:
        do()
    except (Refused, Moved) as problem:
        db.session.rollback()
        return _page(Desk(run_id), refusal=_(problem.message, **problem.params)), 409
    return desk.back(done)


def _ranks(name: str) -> set[int]:
    return {int(one) for one in request.form.getlist(name) if one.isascii() and one.isdigit() and len(one) < 7}


@writing_blueprint.get(f"{PATH}/bundle.pdf")
def bundle_letters(operation: str, run: str) -> Response:
    """Every sealed letter that counts, in the order of the addresses, as one file to print; kept nowhere."""
    desk = Desk(run)
    wanted = [desk.deeds[one.written_id] for one in desk.lines if one.written_id in desk.deeds]
    papers = found.papers_of(desk.row)
    files = [filing.bytes_of(papers[one.subject], "pdf") for one in wanted if one.subject in papers]
    if not files:
        raise NotFound()
    db.session.rollback()
    answer = make_response(bundle.joined(files, duplex=request.args.get("duplex") == "1"))
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="courriers-{desk.row.model}.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@writing_blueprint.post(f"{PATH}/handed-over")
def hand_over_letters(operation: str, run: str) -> Any:
    """Several at once: those ticked, or all that are not handed over yet; or take back those ticked."""
    desk = Desk(run)
    by_rank = {one.rank: desk.deeds[one.written_id] for one in desk.lines if one.written_id in desk.deeds}
    ticked = [by_rank[rank] for rank in sorted(_ranks("line")) if rank in by_rank]
    if request.form.get("undo"):
        count = deeds.take_back(g.identity, ticked)
        return desk.back(ngettext("Taken back for %(num)s letter.", "Taken back for %(num)s letters.", count))
    form = HandForm()
    chosen = list(by_rank.values()) if request.form.get("all") else ticked
    if not chosen:
        form.how.errors = [_("Tick at least one letter.")]
        return _page(desk, form), 422
    try:
        if not form.validate():
            return _page(desk, form), 422
        count = deeds.hand_over(g.identity, chosen, form.how.data, form.day.data, desk.about.place.zone)
    except Invalid as problem:
        db.session.rollback()
        for error in problem.errors:
            form.refuse(error.field, error.message, error.params)
        return _page(Desk(run), form), 422
    already = len(ticked) - count if not request.form.get("all") else 0
    if not count:
        db.session.rollback()
        form.how.errors = [_("This is noted already for each of them, or they were annulled.")]
        return _page(Desk(run), form), 422
    told = [ngettext("Noted for %(num)s letter.", "Noted for %(num)s letters.", count)]
    if already:
        told.append(ngettext("%(num)s was noted already.", "%(num)s were noted already.", already))
    return desk.back(" ".join(told))


# -- the page -----------------------------------------------------------------------------------------------------


def _state(desk: Desk) -> dict[str, Any]:
    row = desk.row
    counts = Counter(one.state for one in desk.lines if one.chosen)
    stuck = row.state == RUNNING and found.gave_up(row)
    return {
        "row": row,
        "desk": desk,
        "state": STATES_OF_A_RUN[row.state],
        "counts": counts,
        "total": counts.total(),
        "written": counts[WRITTEN],
        "failed": counts[FAILED],
        "waiting": counts[WAITING],
        "stuck": stuck,
        "resumable": counts[WAITING] > 0 and (row.state == STOPPED or stuck),
        "finished": row.state not in (PREPARING, RUNNING) or stuck,
        "progress_url": desk.at("run_progress"),
        "start_url": desk.at("start_letters"),
        "stop_url": desk.at("stop_letters"),
        "go_on_url": desk.at("go_on_letters"),
        "bundle_url": desk.at("bundle_letters"),
        "duplex_url": desk.at("bundle_letters", duplex="1"),
    }


def _boxes(desk: Desk) -> ticks.Ticks:
    """What is ticked: as it was sent; before anything is written, where no box was shown yet, as it was kept."""
    found_ticks = ticks.sent("line")
    if desk.row.state == PREPARING:
        shown = _ranks("shown")
        kept_before = {str(one.rank) for one in desk.lines if one.chosen and not one.problem and one.rank not in shown}
        return ticks.Ticks("line", found_ticks.ticked | kept_before)
    return found_ticks


def _page(desk: Desk, form: HandForm | None = None, *, refusal: str = "") -> Any:
    row, preparing = desk.row, desk.row.state == PREPARING
    state = _state(desk)
    asked = [
        listed.Filter("q", _("Name, address or reference")),
        listed.Filter("state", _("State"), states(desk)),
    ]
    rows = [one for one in desk.lines if kept(desk, one, asked)]
    told, boxes = Run(row), _boxes(desk)
    form = form or HandForm(day=clock.today(desk.about.place.zone))
    return listed.show(
        listed.Listed(
            title=desk.about.typeset(titled(row)),
            lead=_("One letter for %(count)s households of %(place)s.", count=len(desk.lines), place=desk.about.name),
            columns=columns(desk, preparing, boxes),
            rows=rows,
            known=len(desk.lines),
            filters=asked,
            counted=lambda count: ngettext("%(num)s household", "%(num)s households", count),
            empty=listed.Empty(_("Nobody"), ""),
            place=desk.about.place.name,
            file_name="remises" if not preparing else "destinataires",
            page=AT_ONCE,
            more=state
            | {
                "ticks": boxes,
                "paging_form": FORM if preparing or (state["written"] and state["finished"]) else "",
                "seen": sorted(_ranks("shown")) if preparing else [],
                "crumbs": desk.crumbs,
                "refusal": refusal,
                "preparing": preparing,
                "form": form,
                "problems": form.problems,
                "asks": told.model.asks,
                "open_asks": told.open_asks if row.asked else (),
                "figures": [figure_told(one) for one in figures_read(told.model, told.known)] if preparing else [],
                "undrawable": told.undrawable(desk.lines) if preparing else "",
                "hindered": sum(bool(one.problem) for one in desk.lines),
                "ready": sum(one.chosen and not one.problem for one in desk.lines),
                "answers_url": desk.at("letter_answers"),
                "rows_url": desk.at("letter_rows"),
                "choose_url": desk.at("choose_letters"),
                "drop_url": desk.at("drop_letters"),
                "hand_url": desk.at("hand_over_letters"),
                "dated": format_date(row.day, "full"),
                "lots": [(desk.of_lot(one), one.lot, one.id == row.id) for one in found.lots_of(row)],
                "handed": sum(bool(one.handed_how) for one in desk.deeds.values()),
            },
        ),
        "writing/run.html",
    )
