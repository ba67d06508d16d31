"""Doors: filling a form section by section, saved as one goes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from forms.compiler import apply, name_of
from forms.compiler import page as page_of
from forms.instance import AnswerError, Instance
from forms.pages import Item
from forms.structure import Group
from forms.upload_fields import KINDS
from workflow.db import begin_reading, db
from workflow.dossiers import actions, queries
from workflow.dossiers.actions import Saved
from workflow.dossiers.actions.uploading import NOTHING_SENT
from workflow.dossiers.pages.answers import Drawing
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.dossier import correction
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.sections import SectionsOf
from workflow.dossiers.pages.uploads import outside, sent_with
from workflow.dossiers.pages.wording import time_of_day
from workflow.errors import Moved, NotFound
from workflow.web import door
from workflow.web.journals import note_sensitive_read
from workflow.web.spoken import lang as spoken_lang

STRICT = "strict"
"""Marks a page that was asked to be complete: missing answers are then said beside the fields too."""


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
    def address(self) -> dict[str, str]:
        return {"reference": self.page.reference, "section": self.section.name}

    def errors(self, *, strict: bool) -> list[AnswerError]:
        """What is wrong on this page; missing answers only when it was asked to be complete."""
        found = self.sections.errors.get(self.section.path, [])
        return [error for error in found if strict or error.kind != "required"]

    def items(self, errors: list[AnswerError]) -> tuple[Item, ...]:
        told = outside(self.file)
        return page_of(self.instance, self.section.path, self.page.form_lang, errors, self.file.lens, outside=told)

    def context(
        self, *, strict: bool = False, summary: bool = False, refused: Iterable[AnswerError] = ()
    ) -> dict[str, Any]:
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
            "editable": self.sections.editable(self.section),
            "read_only": self._read_only(),
            "strict": strict,
            "errors": told(questions) if summary else [],
            "version": stored.stamp,
            "tab": request.form.get("tab") or secrets.token_urlsafe(12),
            "saved": saved_at(self.page, stored.saved_at) if stored.saves > 1 else "",
            "correction": correction(self.page),
            "fill_url": url_for("dossiers.fill", **self.address),
            "save_url": url_for("dossiers.save_section", **self.address),
            "next_url": self.sections.next_url(),
            "check_url": url_for("dossiers.check_answers", reference=self.page.reference),
        }

    def _read_only(self) -> list[dict[str, Any]]:
        """The answers of a section that cannot be changed."""
        answers = None if self.sections.editable(self.section) else self.file.answers(self.page.lang)
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
    filling = Filling(reference, section)
    if not filling.file.fills:
        return redirect(filling.page.url, code=303)
    return render_template("dossiers/fill.html", **filling.context(strict=STRICT in request.args))


def _write(reference: str, section: str) -> Any:
    try:
        saved = _save(reference, section)
    except Moved:
        return _kept_on_the_page(reference, section)
    if saved.refused:
        return _said(reference, section, saved.refused)
    return _where_it_asks(reference, section, saved) or _further(reference, section)


def _where_it_asks(reference: str, section: str, saved: Saved) -> Any:
    """Where a button other than "save and continue" leads; None for that one."""
    again = url_for("dossiers.fill", reference=reference, section=section)
    changed = saved.row_path or request.form.get("remove_file")
    if changed:
        return redirect(f"{again}#{name_of(changed)}", code=303)
    if "update" in request.form:
        return redirect(again, code=303)
    if "leave" in request.form:
        flash(_("Everything is saved. You can go on from any device."), "done")
        return redirect(url_for("dossiers.dossier", reference=reference), code=303)
    return None


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
    marks = {"tab": told.get("tab", ""), "sent": sent}
    return actions.save_section(g.identity, reference, section, told, told.get("version", ""), **marks)


def _kept_on_the_page(reference: str, section: str) -> tuple[str, int]:
    """Somebody else saved meanwhile: what was typed stands in the page, unsaved, over what they wrote."""
    db.session.rollback()
    begin_reading()
    filling = Filling(reference, section)
    apply(filling.instance, request.form, filling.section.path, lens=filling.file.lens)
    return render_template("dossiers/fill.html", moved=True, **filling.context()), 409


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
    keep(reading=redrawn and changed.reads)
    answer = make_response(changed.drawn(strict=STRICT in request.form)) if redrawn else make_response("", 204)
    answer.headers["X-Relais-Saved"] = time_of_day(changed.saved_at, changed.zone)
    answer.headers["X-Relais-Version"] = changed.stamp
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
        self.zone = file.known.place.zone if file.known.place else "Europe/Paris"

    @property
    def reads(self) -> bool:
        """Whether drawing asks the database: for the files that stand as answers."""
        return any(node.text and question.kind in KINDS for _path, node, question in self.saved.instance.leaves())

    def drawn(self, *, strict: bool) -> str:
        instance = self.saved.instance
        wrong = (error for error in self.saved.errors if strict or error.kind != "required")
        lang = queries.form_lang(instance.form, spoken_lang())
        items = page_of(instance, self.path, lang, [*wrong, *self.saved.refused], self.lens, outside=self.outside)
        note_sensitive_read(self.subject, self.person, levels_read(asked(items)))
        g.bare = True  # a part of a page: what stands around it is not asked for
        return render_template("dossiers/_fields.html", items=items, open=bool(items), strict=strict)
