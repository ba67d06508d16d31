"""Doors: filling a form section by section, saved as one goes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from forms.compiler import apply, name_of
from forms.instance import AnswerError, Instance
from forms.merging import Compared
from forms.pages import Item
from forms.structure import Group
from forms.upload_fields import KINDS
from workflow.db import begin_reading, db
from workflow.dossiers import actions, queries
from workflow.dossiers.actions import Saved, taking
from workflow.dossiers.actions.sharing import Differs, Held
from workflow.dossiers.actions.uploading import NOTHING_SENT
from workflow.dossiers.pages.ageing import of_section
from workflow.dossiers.pages.announcing import announced
from workflow.dossiers.pages.answers import Drawing
from workflow.dossiers.pages.beside import beside
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.both_texts import BothTexts, held
from workflow.dossiers.pages.dossier import correction
from workflow.dossiers.pages.drawing import drawn, to_fill
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.remarking import goes_on, looked
from workflow.dossiers.pages.removed import told_removed
from workflow.dossiers.pages.sections import SectionsOf
from workflow.dossiers.pages.tongues import chosen, remember, tongue_of
from workflow.dossiers.pages.too_late import too_late
from workflow.dossiers.pages.uploads import outside, sent_with
from workflow.dossiers.pages.wording import time_of_day
from workflow.dossiers.queries.shown import word_of
from workflow.errors import Moved, NotFound, Problem, Refused
from workflow.web import door, errors, kept
from workflow.web.journals import note_sensitive_read
from workflow.web.presence import note_present
from workflow.web.spoken import lang as spoken_lang

STRICT = "strict"
"""Marks a page that was asked to be complete: missing answers are then said beside the fields too."""


ROOM = 200 * 1024 * 1024
"""Bytes that this page may be sent with: a photograph far too large is refused beside its question, no more."""

kept.KEEPING.add("dossiers.fill")
kept.ROOMY |= {"dossiers.fill": ROOM, "dossiers.save_section": ROOM}


class Filling:
    """One section of one dossier before the person who fills it in."""

    def __init__(self, reference: str, section: str, instance: Instance | None = None) -> None:
        self.page = Page(reference)
        self.file = self.page.file
        found = [group for group in self.file.published.form.sections if group.name == section]
        if not found or self.file.instance is None:
            raise NotFound()
        self.section: Group = found[0]
        self.instance = instance or self.file.instance
        self.sections = SectionsOf(self.page, self.instance, section)

    @property
    def editable(self) -> bool:
        """Whether this person may change the section now: it is open, and nobody else took it."""
        return self.sections.editable(self.section) and not self.sections.together.held(self.section.name)

    @property
    def address(self) -> dict[str, str]:
        return {"reference": self.page.reference, "section": self.section.name}

    def errors(self, *, strict: bool) -> list[AnswerError]:
        """What is wrong on this page; missing answers only when it was asked to be complete."""
        found = self.sections.errors.get(self.section.path, [])
        return [error for error in found if strict or error.kind != "required"]

    def items(self, errors: list[AnswerError]) -> tuple[Item, ...]:
        told, tongue = outside(self.file), self.page.tongue
        items = drawn(self.instance, self.section.path, tongue, errors, self.file.lens, outside=told)
        return to_fill(self.instance, items, self.file.lines, request.form)

    def context(
        self,
        *,
        strict: bool = False,
        summary: bool = False,
        refused: Iterable[AnswerError] = (),
        sent: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """`sent`: the page as it came back and stands here unsaved; what it was shown with still counts."""
        items = self.items([*self.errors(strict=strict), *refused])
        questions = list(asked(items))
        self._note_read(questions)
        stored = self.file.stored
        return {
            **self.page.frame(),
            "label": self.sections.label(self.section),
            "items": items,
            "count": len(questions),
            "sections": self.sections.listed(),
            "place": self.sections.place(),
            "open": bool(items),
            "editable": self.editable or sent is not None,
            "read_only": [] if self.editable or sent is not None else self._read_only(),
            "strict": strict,
            **beside(self.page, self.section),
            "errors": told(questions) if summary else [],
            **self._shown_with(sent),
            "removed": told_removed(self.file, self.section.name, self.page.form_lang),
            "together": self.sections.together.told(self.section.name),
            "announced": announced(self.file.published, self.file.lens) if stored.saves < 2 else "",
            "start_url": url_for("dossiers.start_filling", reference=self.page.reference),
            "saved": saved_at(self.page, stored.saved_at) if stored.saves > 1 else "",
            "correction": correction(self.page),
            "ageing": of_section(self.file, self.section.name, self.page.people) if self.editable else None,
            "fill_url": url_for("dossiers.fill", **self.address),
            "save_url": url_for("dossiers.save_section", **self.address),
            "next_url": self.sections.next_url(),
            "check_url": url_for("dossiers.check_answers", reference=self.page.reference),
        }

    def _shown_with(self, sent: Mapping[str, str] | None) -> dict[str, str]:
        stored, tab = self.file.stored, request.form.get("tab") or secrets.token_urlsafe(12)
        if sent is not None:
            return {name: sent.get(name, "") for name in ("version", "seen")} | {"tab": sent.get("tab") or tab}
        seen = word_of(stored, self.instance, self.section.name, self.file.lens)
        return {"version": stored.stamp, "seen": seen, "tab": tab}

    def _read_only(self) -> list[dict[str, Any]]:
        """The answers of a section that cannot be changed."""
        answers = self.file.answers(self.page.lang)
        if answers is None:
            return []
        drawing = Drawing(kept=outside(self.file).kept)
        return [drawing.section(section) for section in answers.sections if section.path == self.section.path]

    def _note_read(self, questions: list[Item]) -> None:
        note_sensitive_read(self.file.row.subject, self.page.identity.person, levels_read(questions))


def levels_read(questions: Iterable[Item]) -> set[str]:
    return {item.level for item in questions if item.value}


def asked(items: Any) -> Any:
    """Every question of a page that somebody answers, those of rows included."""
    for item in items:
        if item.kind == "question" and not item.readonly and item.kind_of_question != "note":
            yield item
        yield from asked(item.children)
        for row in item.rows:
            yield from asked(row.children)


def told(questions: list[Item]) -> list[dict[str, str]]:
    """The errors of a page for the summary at its top."""
    return [
        {
            "id": item.id,
            "label": item.label,
            "message": item.error_text or _(item.error.message, **item.error.params),
        }
        for item in questions
        if item.error
    ]


def saved_at(page: Page, instant: Any) -> str:
    return _("Saved at %(time)s", time=time_of_day(instant, page.zone))


@dossiers.route("/dossiers/<reference>/fill/<section>", methods=["GET", "POST"])
def fill(reference: str, section: str) -> Any:
    """One section. Sending it again writes the same answers again, so its form carries no key of its own."""
    if request.method == "POST":
        return _write(reference, section)
    waiting = kept.kept(g.identity.account, request.path)
    if waiting is not None:
        return again(reference, section, waiting, late=True)
    filling = Filling(reference, section)
    if not filling.file.fills:
        return redirect(filling.page.url, code=303)
    if not filling.sections.stands(filling.section):
        raise NotFound()
    note_present(filling.file.row.subject, g.identity.person, section)
    return render_template("dossiers/fill.html", **filling.context(strict=STRICT in request.args))


def _write(reference: str, section: str) -> Any:
    if "drop_kept" in request.form:
        kept.forget(g.identity.account, request.path)
        return redirect(url_for("dossiers.fill", reference=reference, section=section), code=303)
    try:
        saved = _save(reference, section)
    except (Moved, Refused) as problem:
        return again(reference, section, request.form, problem)
    if "kept" in request.form:
        keep(reading=False)
        kept.forget(g.identity.account, request.path)
    look = looked(saved, section, request.form, going_on=goes_on(request.form, saved.row_path))
    if saved.refused:
        return _said(reference, section, saved.refused)
    if look.first:
        return _look_again(reference, section)
    return _where_it_asks(reference, section, saved) or _further(reference, section)


def _where_it_asks(reference: str, section: str, saved: Saved) -> Any:
    """Where a button other than "save and continue" leads; None for that one."""
    again = url_for("dossiers.fill", reference=reference, section=section)
    changed = saved.row_path or request.form.get("remove_file")
    if changed:
        return redirect(f"{again}#{name_of(changed)}", code=303)
    if "speak" in request.form:
        remember(reference, chosen(saved.instance.form, request.form, reference))
        return redirect(again, code=303)
    if "update" in request.form:
        return redirect(again, code=303)
    if "leave" in request.form:
        taking.give_all_back(g.identity, reference)
        flash(_("Everything is saved. You can go on from any device."), "done")
        return redirect(url_for("dossiers.dossier", reference=reference), code=303)
    return None


def _look_again(reference: str, section: str) -> str:
    """Some words call for a second look before one goes on; all of it is saved, and saving again keeps them."""
    keep()
    return render_template("dossiers/fill.html", look_again=True, **Filling(reference, section).context())


def _further(reference: str, section: str) -> Any:
    """The next section, once this one is complete and right."""
    keep()  # the page below refuses what is wrong, yet nothing typed is lost
    filling = Filling(reference, section)
    if filling.errors(strict=True) and filling.items([]):
        return render_template("dossiers/fill.html", **filling.context(strict=True, summary=True)), 422
    return redirect(filling.sections.next_url(), code=303)


def _said(reference: str, section: str, refused: Iterable[AnswerError]) -> tuple[str, int]:
    """A file could not be kept: why stands beside its question; everything else of the page is saved."""
    keep()
    told = Filling(reference, section).context(summary=True, refused=refused)
    return render_template("dossiers/fill.html", **told), 422


def _save(reference: str, section: str) -> Saved:
    told = request.form
    sent = NOTHING_SENT if request.headers.get("X-Relais") == "autosave" else sent_with(request)
    marks = {"tab": told.get("tab", ""), "seen": told.get("seen", ""), "sent": sent}
    saved = actions.save_section(g.identity, reference, section, told, told.get("version", ""), **marks)
    if "confirms" in told:  # the page offered to say that nothing has changed
        actions.confirm_section(saved.file, saved.stored, section, unchanged="unchanged" in told)
    return saved


def again(
    reference: str, section: str, sent: Mapping[str, Any], problem: Problem | None = None, *, late: bool = False
) -> tuple[str, int]:
    """A page that could not be saved: what was typed stands in it again, with what to do.

    late: it came after the end of the session, and waits since.
    """
    db.session.rollback()
    begin_reading()
    closed = isinstance(problem, Refused) and problem.code != "row_limit"
    if closed or not queries.file(g.identity, reference).fills:
        return too_late(reference, section, sent)
    filling = Filling(reference, section)
    differs = problem if isinstance(problem, Differs) else Differs(Compared(), (), {})
    both = BothTexts(filling.page, filling.instance, differs)
    apply(filling.instance, sent, filling.section.path, lens=filling.file.lens, leave=differs.compared.leave)
    told = {
        "both": both.lines(),
        "lost": [text for _path, text in differs.lost],
        "held": held(filling.page, problem) if isinstance(problem, Held) else None,
        "refusal": _(problem.message, **problem.params) if isinstance(problem, Refused) else "",
        "kept": late or "kept" in sent,
        "stale": problem is None and not late,
    }
    status = 200 if late else 409 if problem else 400
    return render_template("dossiers/fill.html", unsaved=True, **told, **filling.context(sent=sent)), status


@errors.shown_again("dossiers.fill")
def _stale() -> tuple[str, int]:
    """The page was drawn for a session that has ended since: nothing is written, what was typed stands in it."""
    told = request.view_args or {}
    return again(told["reference"], told["section"], request.form)


def keep(*, reading: bool = True) -> None:
    """Commit what was typed before the answer is known, then only read, if at all: the answer may note who read what,
    and nobody waits for it.
    """
    door.commit()
    db.session.rollback()  # ringing for the jobs of this commit may have begun to read already
    if reading:
        begin_reading()


@dossiers.post("/dossiers/<reference>/save/<section>")
def save_section(reference: str, section: str) -> Response:
    """Autosave answers 204; a change that may show or hide questions is answered with the section worked out again."""
    changed = Changed(_save(reference, section), section)
    redrawn = request.headers.get("X-Relais") != "autosave"
    if redrawn:
        looked(changed.saved, section, request.form)
    keep(reading=redrawn and changed.reads)
    answer = make_response(changed.drawn(strict=STRICT in request.form)) if redrawn else make_response("", 204)
    answer.headers["X-Relais-Saved"] = time_of_day(changed.saved_at, changed.zone)
    answer.headers["X-Relais-Version"] = changed.stamp
    answer.headers["X-Relais-Seen"] = changed.seen
    if changed.left:
        answer.headers["X-Relais-Merged"] = "1"
    return answer


class Changed:
    """One section after a change, drawn from the answers just written: nothing is read, opened or judged again.

    Made before the commit, which makes rows forget what they say; drawn after it, when no other writer waits any more.
    """

    def __init__(self, saved: Saved, section: str) -> None:
        file = saved.file
        self.saved, self.person = saved, file.identity.person
        self.lens, self.subject, self.outside = file.lens, file.row.subject, outside(file)
        self.path = next(group.path for group in file.published.form.sections if group.name == section)
        self.saved_at, self.stamp = saved.stored.saved_at, saved.stored.stamp
        self.left = saved.left
        self.seen = word_of(saved.stored, saved.instance, section, file.lens, saved.left)
        self.removed = told_removed(file, section, queries.form_lang(saved.instance.form, spoken_lang()))
        self.tongue = tongue_of(saved.instance.form, file.row.reference)
        self.zone = file.known.place.zone if file.known.place else "Europe/Paris"

    @property
    def reads(self) -> bool:
        """Whether drawing asks the database: for the files that stand as answers."""
        return any(node.text and question.kind in KINDS for _path, node, question in self.saved.instance.leaves())

    def drawn(self, *, strict: bool) -> str:
        instance = self.saved.instance
        wrong = (error for error in self.saved.errors if strict or error.kind != "required")
        told = [*wrong, *self.saved.refused]
        items = drawn(instance, self.path, self.tongue, told, self.lens, outside=self.outside)
        items = to_fill(instance, items, self.saved.file.lines, request.form)
        note_sensitive_read(self.subject, self.person, levels_read(asked(items)))
        g.bare = True  # a part of a page: what stands around it is not asked for
        shown = {"items": items, "open": bool(items), "strict": strict, "removed": self.removed}
        return render_template("dossiers/_fields.html", **shown, marks=self.tongue.marks)
