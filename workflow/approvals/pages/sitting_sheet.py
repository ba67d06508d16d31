"""Doors: the list of what a sitting decided, to be read, printed, signed; the scan of the signed one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow import clock
from workflow.approvals import actions
from workflow.approvals.pages.blueprint import approvals
from workflow.approvals.pages.sitting_room import Line, Room
from workflow.approvals.queries import attending
from workflow.approvals.queries.sitting_before import closed_for, desk_reasons, desk_words, given_before
from workflow.approvals.rules import IN_A_SITTING, OVER
from workflow.errors import Invalid, NotFound, Refused
from workflow.filing import queries as filing
from workflow.filing.models import READY, KeptFile, Paper
from workflow.web.dates import stamp
from workflow.web.sizes import size

EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@approvals.get("/sittings/<sitting_id>/sheet")
def sitting_sheet(sitting_id: str) -> Any:
    """What was decided, dossier by dossier, with the position of each organisation."""
    room = Room(sitting_id, signer=True)
    papers, before = _papers(room), given_before(room.row, room.agenda)
    return render_template(
        "approvals/sitting_sheet.html",
        **room.frame() | {"crumbs": room.crumbs(inside=True)},
        columns=_columns(),
        rows=[_cells(room, line, before.get(line.item.subject, ())) for line in room.lines()],
        seats=_seats(room),
        closed=_closed(room),
        files=_files(room, papers) if room.has_the_list else [],
        making=room.row.state == OVER and room.has_the_list and not papers,
        scans=_scans(room) if room.has_the_list else [],
        printed_by=room.identity.name,
        printed_at=_printed(room),
    )


def _printed(room: Room) -> str:
    return stamp(clock.now(), room.zone)


def _closed(room: Room) -> str:
    row = room.row
    if row.closed_at is None:
        return ""
    who, absent = room.name(row.closed_by), closed_for(row)
    if absent:
        who = _("%(who)s, on behalf of %(absent)s, who was away", who=who, absent=room.name(absent))
    return _("Closed on %(when)s by %(who)s.", when=stamp(row.closed_at, room.zone), who=who)


def _columns() -> list[dict[str, Any]]:
    titles = (_("No."), _("Dossier"), _("Decision"), _("Positions"), _("Reservations and reasons"), _("Withdrawals"))
    return [{"label": title} for title in titles]


def _cells(room: Room, line: Line, before: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """before: voices given at a desk, see `given_before`."""
    desk = [desk_words(one, room.organisations, room.zone) for one in before]
    reasons = [*line.reasons, *(desk_reasons(before, room.organisations) if room.may_look(line.item) else ())]
    given, alike = room.positions(line.item), attending.all_say(line.item, room.there)
    positions = "" if alike else "; ".join(_("%(who)s: %(words)s", who=who, words=what) for who, what in given)
    return [
        {"text": str(line.number)},
        {"text": line.reference, "url": line.url, "sub": f"{line.household}, {line.what.words}"},
        {"text": line.state, "state": line.family},
        {"text": positions or line.said or "—", "sub": "; ".join(desk)},
        {"text": " · ".join(reasons) or "—"},
        {"text": ", ".join(room.withdrawals(line.item)) or "—"},
    ]


def _seats(room: Room) -> list[dict[str, Any]]:
    """Who signs: everybody with a voice who was there."""
    return [
        {
            "organisation": room.organisations.get(one.organisation, one.organisation),
            "name": room.name(one.person),
            "note": _("withdrew for the whole sitting")
            if one.withdrawn
            else (_("substitute") if one.substitute else ""),
        }
        for one in room.there
    ]


# -- the paper ----------------------------------------------------------------------------------------------------


def _papers(room: Room) -> list[Paper]:
    return [paper for paper in filing.papers(f"{IN_A_SITTING}{room.row.id}") if paper.state == READY]


def _files(room: Room, papers: list[Paper]) -> list[dict[str, Any]]:
    return [
        {
            "url": url_for("approvals.sitting_paper", sitting_id=room.row.id, paper=paper.reference, form=form),
            "name": _("List of decisions, to be signed"),
            "format": form.upper(),
            "size": size((paper.pdf_size if form == "pdf" else paper.docx_size) or 0),
            "note": _("Working copy: only the PDF counts.") if form == "docx" else "",
        }
        for paper in papers
        for form in ("pdf", "docx")
    ]


@approvals.get("/sittings/<sitting_id>/sheet/<paper>.<form>")
def sitting_paper(sitting_id: str, paper: str, form: str) -> Response:
    """The bytes of the list. NotFound while it is being made."""
    room, known = Room(sitting_id), filing.by_reference(paper)
    if known is None or known.subject != f"{IN_A_SITTING}{room.row.id}" or form not in filing.FORMATS:
        raise NotFound()
    if not room.has_the_list:
        raise NotFound()
    answer = make_response(filing.bytes_of(known, form))
    answer.mimetype = filing.FORMATS[form]
    answer.headers["Content-Disposition"] = f'attachment; filename="seance-{known.reference}.{form}"'
    return answer


# -- the scan -----------------------------------------------------------------------------------------------------


@approvals.route("/sittings/<sitting_id>/scan", methods=["GET", "POST"])
def sitting_scan(sitting_id: str) -> Any:
    """Once signed, the list is scanned and kept beside the sitting."""
    room, errors = Room(sitting_id, keeper=True), []
    if room.row.state != OVER:
        raise Refused("sitting_open", "Close the sitting first: the list is signed afterwards.")
    if request.method == "POST":
        sent = request.files.get("scan")
        try:
            if sent is None or not sent.filename:
                raise Invalid([])
            actions.keep_scan(g.identity, sitting_id, sent.read(), sent.mimetype)
        except Invalid as bad:
            told = [_(one.message, **one.params) for one in bad.errors] or [_("Choose a file.")]
            errors = [{"id": "scan", "label": _("Scan"), "message": message} for message in told]
        else:
            flash(_("The signed list is kept."), "done")
            return redirect(url_for("approvals.sitting_sheet", sitting_id=sitting_id), code=303)
    told = room.frame() | {"crumbs": room.crumbs(inside=True)}
    return render_template("approvals/sitting_scan.html", **told, errors=errors), 422 if errors else 200


def _scans(room: Room) -> list[dict[str, Any]]:
    return [
        {
            "url": url_for("approvals.sitting_scanned", sitting_id=room.row.id, file_id=file.id),
            "name": _("Signed list"),
            "format": EXTENSIONS.get(file.mime, "").upper(),
            "size": size(file.size),
            "note": stamp(file.kept_at, room.zone),
        }
        for file in _kept(room)
    ]


def _kept(room: Room) -> list[KeptFile]:
    return [file for file in filing.files_of([f"{IN_A_SITTING}{room.row.id}"]) if file.erased_at is None]


@approvals.get("/sittings/<sitting_id>/scan/<file_id>")
def sitting_scanned(sitting_id: str, file_id: str) -> Response:
    room = Room(sitting_id)
    found = next((file for file in _kept(room) if file.id == file_id), None)
    if found is None or not room.has_the_list:
        raise NotFound()
    answer = make_response(filing.bytes_of_file(found))
    answer.mimetype = found.mime
    name = f"seance-{room.row.number}-signee.{EXTENSIONS.get(found.mime, 'bin')}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
