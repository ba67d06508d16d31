"""Doors: hand-overs of an operation; one of them with its sheet; its paper; a planned one cancelled."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow import access, clock
from workflow.dossiers import actions
from workflow.dossiers.models import Handover
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.leaving import reach
from workflow.dossiers.pages.papers import size
from workflow.dossiers.pages.said_of import Words, moment_of, said_at
from workflow.dossiers.pages.wording import full_day
from workflow.dossiers.queries import handovers as found
from workflow.dossiers.queries.handovers import SheetRow
from workflow.dossiers.queries.held import Line, missions
from workflow.dossiers.rules import HELD, LEAVING, NEVER, STATES
from workflow.errors import NotFound
from workflow.filing import queries as filing
from workflow.filing.models import READY
from workflow.operations.queries import operation as find_operation
from workflow.record.queries import text
from workflow.web import listed
from workflow.web.spoken import label

SAID = {
    "planned": ("planned", "waiting"),
    "done": ("done", "done"),
    "cancelled": ("cancelled", "closed"),
    "stopped": ("could not be done", "late"),
}
"""{state: (msgid, shape and colour)}."""


def _set_up(operation: str) -> Any:
    """The operation, for whoever describes it. NotFound for everybody else."""
    place = find_operation(operation)
    if place is None or not (access.may_set_up(g.identity, operation) or access.administers(g.identity)):
        raise NotFound()
    return place


@dossiers.get("/operations/<operation>/handovers")
def handovers(operation: str) -> Any:
    """Who left, when, and who took over."""
    place = _set_up(operation)
    with reach(g.identity):
        rows, words = found.handovers(operation), Words()
        return listed.show(
            listed.Listed(
                title=_("Departures"),
                lead=_("Who left or will leave, and to whom everything passed."),
                columns=[
                    listed.Column(_("Person"), lambda row: words.name(row.person), lambda row: _person(row, words)),
                    listed.Column(_("Hour"), lambda row: row.at.date(), lambda row: {"text": moment_of(row)}),
                    listed.Column(_("Reason for leaving"), lambda row: _(LEAVING.get(row.reason, ""))),
                    listed.Column(_("Taken over by"), lambda row: words.name(row.successor) if row.successor else ""),
                    listed.Column(_("State"), lambda row: _(SAID[row.state][0]), cell=_state),
                ],
                rows=rows,
                known=len(rows),
                empty=listed.Empty(
                    _("Nobody has left this operation"),
                    _("When somebody leaves, open their page and choose “Leaves”: what they hold is listed there."),
                ),
                counted=lambda count: ngettext("%(num)s departure", "%(num)s departures", count),
                place=place.name,
                file_name="departs",
                more={"missions": _missions(operation, words)},
            ),
            "dossiers/handovers.html",
        )


def _missions(operation: str, words: Words) -> list[tuple[str, int, str]]:
    """[(organisation, how many persons act through it, where its mission is ended)], by name."""
    found = [
        (words.organisation(slug), count, url_for("dossiers.end_mission", operation=operation, organisation=slug))
        for slug, count in missions(operation).items()
    ]
    return sorted(found)


def _person(row: Handover, words: Words) -> listed.Cell:
    return {
        "text": words.name(row.person),
        "url": url_for("dossiers.handover", operation=row.operation_id, handover=row.id),
    }


def _state(row: Handover) -> listed.Cell:
    told, family = SAID[row.state]
    return {"text": _(told), "state": family}


# -- one of them --------------------------------------------------------------------------------------------------


def _mine(operation: str, handover: str) -> Handover:
    """For whoever sets the operation up, who asked for it, who left and who takes over. NotFound for others."""
    row = found.handover(handover, operation)
    concerned = {row.asked_by, row.person, row.successor, *found.passed_to(row).values()}
    may = access.may_set_up(g.identity, operation) or access.administers(g.identity)
    if not may and g.identity.person not in concerned:
        raise NotFound()
    return row


@dossiers.get("/operations/<operation>/handovers/<handover>")
def handover(operation: str, handover: str) -> Any:
    """The hand-over sheet, on screen and printed."""
    with reach(g.identity):
        row, words = _mine(operation, handover), Words()
        place = find_operation(operation)
        zone = place.zone if place else "Europe/Paris"
        names = access.may_read_names(g.identity, operation)
        return render_template(
            "dossiers/handover.html",
            row=row,
            place=place.name if place else "",
            name=words.name(row.person),
            hour=moment_of(row),
            reason=_(LEAVING.get(row.reason, "")),
            asked_by=words.name(row.asked_by),
            state=SAID[row.state],
            sets_up=access.may_set_up(g.identity, operation) or access.administers(g.identity),
            may_cancel=row.state == found.PLANNED and row.at > clock.now(),
            columns=_columns(),
            rows=[_cells(one, words, names=names) for one in found.sheet(row, zone)],
            others=_others(row, words),
            why=text(row.passed.get("why") or ""),
            files=_files(row, words),
            making=row.state == found.DONE and not _ready(row),
            printed_by=g.identity.name,
            printed_at=said_at(clock.now(), zone),
        )


def _columns() -> list[dict[str, Any]]:
    titles = (_("Household"), _("Where it stands"), _("What comes next"), _("Deadline"), _("Taken over by"))
    return [{"label": title} for title in titles]


def _cells(one: SheetRow, words: Words, *, names: bool) -> list[dict[str, Any]]:
    told, family = STATES[one.household.state]
    first = {
        "text": one.household.reference,
        "url": url_for("dossiers.household", household_id=one.household.id) if names else "",
        "sub": one.household.name if names else "",
    }
    next_step = "; ".join(label(step) for step in one.steps) or _("nothing is asked at the moment")
    if one.sent_back:
        next_step = _("%(step)s (came back for correction)", step=next_step)
    due = {"text": full_day(one.due) if one.due else "—", "sub": _("late") if one.late else ""}
    dossier = _("dossier %(reference)s", reference=one.dossier.reference) if one.dossier else _("no dossier")
    return [
        first,
        {"text": _(told), "state": family, "sub": dossier},
        {"text": next_step},
        due,
        {"text": words.name(one.heir)},
    ]


def _others(row: Handover, words: Words) -> list[dict[str, str]]:
    """Roles, seats and absences that passed, in words."""
    return [
        {"label": _(HELD[line.kind]), "value": f"{words.line(line)} → {_heir(line, heir, words)}"}
        for line, heir in found.passed_lines(row)
    ]


def _heir(line: Line, heir: str, words: Words) -> str:
    if heir == NEVER:
        return _("vacant") if line.kind == "seat" else _("ends")
    return words.name(heir)


def _ready(row: Handover) -> list[Any]:
    return [paper for paper in filing.papers(f"handover:{row.id}") if paper.state == READY]


def _files(row: Handover, words: Words) -> list[dict[str, Any]]:
    """The sealed sheet, and its working copy."""
    return [
        {
            "url": url_for(
                "dossiers.handover_sheet", operation=row.operation_id, handover=row.id, paper=paper.reference, form=form
            ),
            "name": _("Hand-over sheet"),
            "format": form.upper(),
            "size": size(paper.pdf_size if form == "pdf" else paper.docx_size),
            "note": _("Working copy: only the PDF counts.") if form == "docx" else "",
        }
        for paper in _ready(row)
        for form in ("pdf", "docx")
    ]


@dossiers.get("/operations/<operation>/handovers/<handover>/sheet/<paper>.<form>")
def handover_sheet(operation: str, handover: str, paper: str, form: str) -> Response:
    """The bytes of the sheet. NotFound while it is being made."""
    with reach(g.identity):
        row = _mine(operation, handover)
        known = filing.by_reference(paper)
        if known is None or known.subject != f"handover:{row.id}" or form not in filing.FORMATS:
            raise NotFound()
        answer = make_response(filing.bytes_of(known, form))
    answer.mimetype = filing.FORMATS[form]
    answer.headers["Content-Disposition"] = f'attachment; filename="passation-{known.reference}.{form}"'
    return answer


@dossiers.post("/operations/<operation>/handovers/<handover>/cancel")
def cancel_handover(operation: str, handover: str) -> Any:
    """A planned departure does not happen."""
    _set_up(operation)
    with reach(g.identity):
        actions.cancel(found.handover(handover, operation), g.identity.person)
    flash(_("The departure is cancelled: the access stays open."), "done")
    return redirect(request.path.removesuffix("/cancel"), code=303)
