"""Doors: all papers of an operation in one list; several of them as one archive."""

from __future__ import annotations

import re
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext

from workflow import access
from workflow.circuit.deadlines import local_day
from workflow.errors import NotFound
from workflow.filing.pages import archive
from workflow.filing.pages.blueprint import filing
from workflow.filing.queries import shelves
from workflow.filing.queries.shelves import Line, Place, Wanted
from workflow.operations.models import Operation
from workflow.operations.queries import operation as find_operation
from workflow.people.rules import folded
from workflow.web import listed, ticks
from workflow.web.places import here
from workflow.web.sizes import size
from workflow.web.ticks import Ticks

MOST_WORDS = 8
NAMED = 3  # of those who still have to sign, on the page
BOX = "paper"  # name of the boxes to tick
_WORD = re.compile(r"[^\W_]+")
STATES: dict[str, tuple[Any, str]] = {
    shelves.SIGNING: (later("to be signed"), "waiting"),
    shelves.WRITING: (later("being written"), "waiting"),
    shelves.STUCK: (later("could not be written"), "late"),
    shelves.AT_HAND: (later("sealed"), "done"),
    shelves.SIGNED: (later("signed and sealed"), "done"),
    shelves.REPLACED: (later("replaced by a newer version"), "closed"),
    shelves.VOID: (later("annulled"), "refused"),
}
"""{state: (its name, its family of shape and colour)}."""


@filing.get("/operations/<operation>/papers")
def papers(operation: str) -> Any:
    """Those that this reader may have; what still has to be signed before it is written is among them."""
    return _page(_place(), ticks.sent(BOX))


def _page(place: Operation, ticked: Ticks, refusal: str = "") -> Any:
    filters = _filters(place)
    asked = {one.name: one.asked for one in filters}
    wanted = Wanted(
        place.id,
        words=tuple(_WORD.findall(folded(asked["q"]))[:MOST_WORDS]),
        kind=asked["kind"],
        state=asked["state"],
        sort=asked["sort"],
    )
    found = shelves.on_shelves(g.identity, wanted)
    filtered = any(asked[name] for name in ("q", "kind", "state"))
    known = len(shelves.on_shelves(g.identity, Wanted(place.id))) if filtered else len(found)
    return listed.show(
        listed.Listed(
            title=_("All papers"),
            lead=_(
                "What was written for this operation, what still has to be signed, and by whom. %(name)s",
                name=place.name,
            ),
            columns=_columns(place, ticked),
            rows=found,
            known=known,
            empty=listed.Empty(
                _("No paper yet"), _("Papers stand here as soon as a file is decided, or one is written.")
            ),
            filters=filters,
            counted=lambda count: ngettext("%(num)s paper", "%(num)s papers", count),
            place=place.name,
            file_name="papiers",
            more={
                "action": url_for("filing.take", **_address()),
                "ticks": ticked,
                "refusal": refusal,
                "paging_form": "take" if _may_take() else "",
                "takes": _may_take(),
            },
        ),
        "filing/papers.html",
    )


@filing.post("/operations/<operation>/papers")
def take(operation: str) -> Any:
    """The ticked papers as one archive, with a list of them and their fingerprints; or another page of the list, on
    which they stay ticked.
    """
    place = _place()
    if ticks.turning():
        return _page(place, ticks.sent(BOX))
    ids = frozenset(request.form.getlist(BOX)[: archive.MOST + 1])
    lines = [line for line in shelves.on_shelves(g.identity, Wanted(place.id, only=ids)) if line.files] if ids else []
    forms = {"pdf": ("pdf",), "docx": ("docx",)}.get(request.form.get("form", ""), ("pdf", "docx"))
    problem = archive.problem(lines, forms)
    if problem:
        return _page(place, ticks.sent(BOX), problem), 422
    return archive.answer(place, lines, forms, _told(place))


def _place() -> Operation:
    place = find_operation(here(g.identity))
    if place is None:
        raise NotFound()
    return place


def _address(**changed: Any) -> dict[str, Any]:
    """This list as it was asked."""
    told = {**request.args.to_dict(), **(request.view_args or {}), **changed}
    return {name: value for name, value in told.items() if value not in (None, "")}


def _may_take() -> bool:
    """What is still to be written has no file yet."""
    return request.args.get("state") not in (shelves.WRITING, shelves.STUCK)


# -- what it is asked, what it shows ------------------------------------------------------------------------------


def _filters(place: Operation) -> list[listed.Filter]:
    kinds = shelves.kinds_on_shelves(g.identity, place.id)
    orders = [
        (shelves.NEWEST, _("The newest first")),
        (shelves.OLDEST, _("The oldest first")),
        (shelves.REFERENCE, _("By reference")),
        (shelves.ABOUT, _("By household")),
    ]
    return [
        listed.Filter("q", _("Reference, title, household, party or signatory")),
        listed.Filter("kind", _("Kind of paper"), [("", _("All")), *kinds.items()]),
        listed.Filter(
            "state", _("State"), [("", _("All")), *((code, str(words)) for code, (words, _f) in STATES.items())]
        ),
        listed.Filter("sort", _("Order"), orders),
    ]


def _columns(place: Operation, ticked: Ticks) -> list[listed.Column]:
    if request.args.get("format") == "xlsx" or not _may_take():
        return _told(place)
    files = [listed.Column(form, lambda _line: "", _file(name)) for name, form in (("pdf", "PDF"), ("docx", "Word"))]
    if access.may_set_up(g.identity, place.id) or access.may_fill(g.identity, place.id):
        files.append(listed.Column(_("Signatures"), lambda _line: "", _sign()))
    return [*_told(place), *files, listed.Column(_("Tick"), lambda _line: "", _tick(ticked))]


def _told(place: Operation) -> list[listed.Column]:
    return [
        listed.Column(_("Paper"), lambda line: line.title, _title, width=40),
        listed.Column(_("Reference"), lambda line: line.reference, width=18, on_page=False),
        listed.Column(_("About"), lambda line: line.about, _about, width=30),
        listed.Column(_("Parties"), lambda line: ", ".join(line.parties), width=40, on_page=False),
        listed.Column(_("State"), lambda line: str(STATES[line.state][0]), _state, width=24),
        listed.Column(_("Still has to sign"), lambda line: ", ".join(line.waits), _waits, width=36),
        listed.Column(_("Signed copy"), lambda line: _("attached") if line.signed else "", width=14, on_page=False),
        listed.Column(_("Date"), lambda line: local_day(line.at, place.zone), width=14),
    ]


def _url(place: Place | None) -> str:
    return url_for(place[0], **place[1]) if place else ""


def _title(line: Line) -> listed.Cell:
    parties = _("between %(parties)s", parties=", ".join(line.parties)) if line.parties else ""
    return {"text": line.title, "url": _url(line.page), "sub": " · ".join(filter(None, (line.reference, parties)))}


def _about(line: Line) -> listed.Cell:
    if not line.about:
        return {"text": "—"}
    return {"text": line.about, "url": _url(line.about_page)}


def _state(line: Line) -> listed.Cell:
    words, family = STATES[line.state]
    return {"text": str(words), "state": family, "sub": _("signed copy attached") if line.signed else ""}


def _waits(line: Line) -> listed.Cell:
    """As many as fit; the workbook names them all."""
    first, more = ", ".join(line.waits[:NAMED]), len(line.waits) - NAMED
    if more <= 0:
        return {"text": first}
    return {"text": ngettext("%(names)s and %(num)s more", "%(names)s and %(num)s more", more, names=first)}


def _file(form: str) -> Any:
    def cell(line: Line) -> listed.Cell:
        if form not in line.files or line.paper is None:
            return {"text": ""}
        if line.files[form][0] == "signing.file":  # larger with each signature
            return {"text": form.upper(), "url": _url(line.files[form])}
        count = line.paper.pdf_size if form == "pdf" else line.paper.docx_size
        return {"text": size(count) or form.upper(), "url": _url(line.files[form])}

    return cell


def _sign() -> Any:
    """Where it is signed, or asked to be; the address is worked out once for all lines."""
    words = {shelves.AT_HAND: _("Have it signed"), shelves.SIGNING: _("See the signatures")}
    address = url_for("signing.prepare", reference="RL-0")

    def cell(line: Line) -> listed.Cell:
        if line.state not in words or "pdf" not in line.files:
            return {"text": ""}
        return {"text": words[line.state], "url": address.replace("RL-0", line.reference)}

    return cell


def _tick(ticked: Ticks) -> Any:
    def cell(line: Line) -> listed.Cell:
        if not line.files:
            return {"text": ""}
        what = _("Take: %(title)s %(reference)s", title=line.title, reference=line.reference)
        on = ticked.on(line.id)
        return {"check": {"form": "take", "name": BOX, "value": line.id, "checked": on, "label": what}}

    return cell
