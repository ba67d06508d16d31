"""Doors: a form filled with a pen is typed in, in the order and with the numbers of the paper."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from forms.instance import AnswerError, Instance
from forms.keying import Cell, Part, screen
from forms.pages import name_of
from forms.visibility import errors_for
from workflow.db import begin_reading, db
from workflow.dossiers.actions import keying
from workflow.dossiers.actions.keying import FILLED_BY, Keyed
from workflow.dossiers.models import Dossier
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.filling import ROOM, keep, saved_at
from workflow.dossiers.pages.keyed_paper import PaperTold, read_paper, sentence_of
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.wording import time_of_day
from workflow.dossiers.queries.keying import being_keyed, closed_pages, may_key, named
from workflow.errors import Invalid, Moved, NotFound, Refused
from workflow.web import errors, kept
from workflow.web.journals import note_sensitive_read

Problem = dict[str, str]

kept.KEEPING.add("dossiers.key")
kept.ROOMY |= {"dossiers.key": ROOM}


class Desk:
    """The keying screen of one dossier before one person."""

    def __init__(self, reference: str) -> None:
        self.page = Page(reference)
        self.file = self.page.file
        if self.file.instance is None or self.file.stored is None:
            raise NotFound()
        self.instance: Instance = self.file.instance
        self.begun = being_keyed(self.file.row)
        self.known: Mapping[str, Any] = self.begun.told if self.begun else {}

    def drawn(
        self,
        *,
        typed: Mapping[str, str] | None = None,
        problems: Iterable[Problem] = (),
        status: int = 200,
        **more: Any,
    ) -> tuple[str, int]:
        """typed: what stands in the boxes and is not saved. more: what the template is told besides."""
        errors = errors_for(self.instance, self.instance.errors(), self.file.lens)
        wrong = [error for error in errors if error.kind != "required"]
        closed = closed_pages(self.file)
        shown = {name: text for name, text in (typed or {}).items() if ":" in name}
        parts = screen(
            self.instance, self.page.form_lang, self.file.lens, closed=closed, errors=wrong, typed=shown,
            more=request.args.get("more", "") or (typed or {}).get("more", ""),
        )  # fmt: skip
        self._note_read(parts)
        told = PaperTold(self.known, typed, self.page.reference)
        stored = self.file.stored
        page = render_template(
            "dossiers/key.html",
            **self.page.frame(),
            parts=parts,
            pages=[part for part in parts if part.page],
            left_out=bool(closed),
            problems=[*problems],
            to_see=[self.said(cell) for cell in cells(parts) if cell.error or cell.ignored],
            missing=sum(error.kind == "required" for error in errors),
            told=told,
            filled_by=[(code, _(words)) for code, words in FILLED_BY.items()],
            version=(typed or {}).get("version") or stored.stamp,
            tab=(typed or {}).get("tab") or secrets.token_urlsafe(12),
            late="kept" in (typed or {}),
            saved=saved_at(self.page, stored.saved_at) if stored.saves > 1 and not typed else "",
            key_url=url_for("dossiers.key", reference=self.page.reference),
            **more,
        )
        return page, status

    def said(self, cell: Cell) -> Problem:
        """What is to be seen to at one answer: it is wrong, or other answers do not call for it."""
        if cell.error:
            message = cell.error_text or _(cell.error.message, **cell.error.params)
        else:
            message = self.ignored(cell.path)
        return {"id": cell.name, "label": cell.number or cell.label, "message": message}

    def ignored(self, path: str) -> str:
        """A5 = non: this answer is kept, and not taken into account."""
        reason = self.instance.why_hidden(path, self.page.form_lang)
        reads = [f"{read.label} = {read.shown or '–'}" for read in reason.reads if not read.withheld] if reason else []
        if not reads:
            return _("this answer is kept, and not taken into account: other answers do not call for it.")
        return _("this answer is kept, and not taken into account: %(reads)s.", reads=", ".join(reads))

    def _note_read(self, parts: Iterable[Part]) -> None:
        levels = {self.instance.question(cell.path).level for cell in cells(parts) if cell.value and self._is(cell)}
        note_sensitive_read(self.file.row.subject, self.page.identity.person, levels)

    def _is(self, cell: Cell) -> bool:
        return any(cell.path == path for path, node, _question in self.instance.leaves() if node.text)


def cells(parts: Iterable[Part]) -> Iterator[Cell]:
    """Every question of the screen, in the order of the paper."""
    for part in parts:
        if part.cell is not None:
            yield part.cell
        yield from cells(part.parts)
        for line in part.lines.lines if part.lines else ():
            yield from cells(line.parts)


@dossiers.route("/dossiers/<reference>/key", methods=["GET", "POST"])
def key(reference: str) -> Any:
    """Type a paper in. Sending the page again writes the same answers again, so its form carries no key of its own."""
    if request.method == "POST":
        _read_again()  # whose paper it is is looked at first: a page that is drawn again notes who read what
    desk = Desk(reference)
    if not may_key(desk.file):
        if request.method == "POST":
            raise Refused("not_fillable", "This dossier is not being filled in at the moment.")
        return redirect(desk.page.url, code=303)
    if request.method == "GET":
        waiting = kept.kept(g.identity.account, request.path)
        return desk.drawn() if waiting is None else desk.drawn(typed={**waiting, "kept": "1"})
    if "drop_kept" in request.form:
        return _thrown_away(desk)
    if "moved" in request.form:
        return _moved_here(desk)
    wrong = _other_paper(desk)
    return wrong if wrong is not None else _forgetting(_write(desk))


@errors.shown_again("dossiers.key")
def _stale() -> tuple[str, int]:
    """The page was drawn for a session that has ended since: nothing is written, what was typed stands in it."""
    _read_again()
    return Desk((request.view_args or {})["reference"]).drawn(typed=request.form, status=400, stale=True)


def _forgetting(answer: Any) -> Any:
    """What had waited since the end of a session is written now, or stands in the page again."""
    if "kept" in request.form and getattr(answer, "status_code", 0) in (204, 303):
        keep(reading=False)
        kept.forget(g.identity.account, request.path)
    return answer


def _thrown_away(desk: Desk) -> Any:
    db.session.rollback()
    kept.forget(g.identity.account, request.path)
    return redirect(url_for("dossiers.key", reference=desk.page.reference), code=303)


# -- whose paper it is ----------------------------------------------------------------------------------------------


def _other_paper(desk: Desk) -> Any:
    """The paper must be the one of this household. Nothing is written before somebody has checked it."""
    typed = request.form.get("paper_reference", "").strip()
    if desk.known.get("checked") and not typed:
        return None
    if not typed:
        message = _("Write the reference that stands on the paper: it is how one makes sure whose paper it is.")
        return desk.drawn(typed=request.form, problems=[_problem("paper_reference", message)], status=422)
    try:
        found = named(g.identity, typed)
    except NotFound:
        message = _("No dossier that you may open has this reference. Check it on the paper, sign by sign.")
        return desk.drawn(typed=request.form, problems=[_problem("paper_reference", message)], status=422)
    return None if found.id == desk.file.row.id else _somebody_elses(desk, found)


def _somebody_elses(desk: Desk, found: Dossier) -> tuple[str, int]:
    """Whose page this is, whose paper that is, and what to do; what was typed stands in the page, unsaved."""
    other = Page(found.reference)
    same_form = other.file.published.slug == desk.file.published.slug
    told = {
        "reference": found.reference,
        "household": other.people.household,
        "url": url_for("dossiers.key", reference=found.reference) if same_form and may_key(other.file) else "",
    }
    return desk.drawn(typed=request.form, status=409, other=told)


def _moved_here(desk: Desk) -> tuple[str, int]:
    """What was typed on another household's page stands in the boxes of this one; nothing is saved before one looks."""
    typed = {name: text for name, text in request.form.items() if ":" in name and text.strip()}
    typed |= {name: request.form.get(name, "") for name in ("on", "by")}
    typed |= {"paper_reference": desk.page.reference}
    return desk.drawn(typed=typed, moved=True)


def _problem(field: str, message: str) -> Problem:
    labels = {
        "paper_reference": _("Reference on the paper"),
        "on": _("Day of the paper"),
        "by": _("Who filled it in"),
        "scan": _("Scan"),
    }
    return {"id": field, "label": labels.get(field, ""), "message": message}


# -- what was typed ---------------------------------------------------------------------------------------------------


def _write(desk: Desk) -> Any:
    told, wrong = read_paper(request)
    if wrong:
        problems = [_problem(name, message) for name, message in wrong.items()]
        return desk.drawn(typed=request.form, problems=problems, status=422)
    marks = {"shown": request.form.get("version", ""), "tab": request.form.get("tab", "")}
    db.session.rollback()  # from here on one writes
    try:
        keyed = keying.key(g.identity, desk.page.reference, request.form, told, **marks)
    except Invalid as refused:
        problems = [_problem(one.field, _(one.message, **one.params)) for one in refused.errors]
        return _unsaved(desk, problems, 422)
    except Moved as moved:
        return _unsaved(desk, [_problem("", _(moved.message))], 409)
    if request.headers.get("X-Relais") == "autosave":
        return _saved_in_passing(desk, keyed)
    return _finished(desk, keyed) if "finish" in request.form else _going_on(desk.page.reference, keyed)


def _unsaved(desk: Desk, problems: list[Problem], status: int) -> tuple[str, int]:
    """What was typed stands in the page again; the version is the present one, so that saving again is possible."""
    reference, typed = desk.page.reference, dict(request.form.items()) | {"version": ""}
    _read_again()
    return Desk(reference).drawn(typed=typed, problems=problems, status=status)


def _read_again() -> None:
    db.session.rollback()
    begin_reading()


def _saved_in_passing(desk: Desk, keyed: Keyed) -> Any:
    stamp, at = keyed.stored.stamp, keyed.stored.saved_at
    keep(reading=False)
    answer = make_response("", 204)
    answer.headers["X-Relais-Saved"] = time_of_day(at, desk.page.zone)
    answer.headers["X-Relais-Version"] = stamp
    return answer


def _going_on(reference: str, keyed: Keyed) -> Any:
    """Back to where one was: the number asked for, the list that gets more lines, the first thing to see to."""
    here = url_for("dossiers.key", reference=reference)
    if "leave" in request.form:
        flash(_("What you typed is kept. You can go on whenever you like."), "done")
        return redirect(url_for("dossiers.dossier", reference=reference), code=303)
    more = request.form.get("more", "")
    if more:
        return redirect(f"{url_for('dossiers.key', reference=reference, more=more)}#{name_of(more)}", code=303)
    anchor = _anchor(keyed, request.form.get("jump", ""))
    return redirect(f"{here}#{anchor}" if anchor else here, code=303)


def _anchor(keyed: Keyed, number: str) -> str:
    """The first box of the question with that number."""
    wanted = "".join(number.split()).casefold()
    if not wanted:
        return ""
    lang = keyed.instance.form.default_language
    drawn = cells(screen(keyed.instance, lang, keyed.file.lens, closed=closed_pages(keyed.file)))
    return next((cell.name for cell in drawn if cell.number.casefold() == wanted), "")


def _finished(desk: Desk, keyed: Keyed) -> Any:
    reference = desk.page.reference
    try:
        row = keying.finish(keyed)
    except Invalid as missing:
        problems = [_problem(one.field, _(one.message)) for one in missing.errors]
        keep()  # nothing typed is lost, though something is still missing
        return Desk(reference).drawn(problems=problems, status=422)
    flash(sentence_of(desk.page, row), "done")
    errors: list[AnswerError] = keyed.errors
    if errors:
        flash(_("Some answers are missing or wrong: they are listed here, each with a link."), "waiting")
    return redirect(
        url_for("dossiers.check_answers" if desk.file.fills else "dossiers.dossier", reference=reference), 303
    )
