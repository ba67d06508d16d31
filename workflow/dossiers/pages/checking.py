"""Doors: check everything before it is sent, and send it."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from forms.free_text import remarked
from forms.instance import AnswerError
from forms.unasked import unasked
from forms.visibility import View
from workflow.db import begin_reading, db
from workflow.dossiers import actions
from workflow.dossiers.pages.ageing import before_sending
from workflow.dossiers.pages.answers import Drawing, sensitive_levels
from workflow.dossiers.pages.beginning import word
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.changes import earlier_version, since
from workflow.dossiers.pages.copying import under
from workflow.dossiers.pages.dossier import correction
from workflow.dossiers.pages.filled_by import filled_by
from workflow.dossiers.pages.keyed_paper import paper_traces
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.origins import Origins, asked, switch
from workflow.dossiers.pages.sections import SectionsOf
from workflow.dossiers.pages.tongues import enter, panel
from workflow.dossiers.pages.uploads import outside
from workflow.dossiers.rules import number
from workflow.errors import Invalid, NotFound
from workflow.web.journals import note_sensitive_read


@dossiers.get("/dossiers/<reference>/check")
def check_answers(reference: str) -> Any:
    """Every answer with a link to change it; what is missing first."""
    page = Page(reference)
    if not page.file.fills:
        return redirect(page.url, code=303)
    return _render(page)


@dossiers.post("/dossiers/<reference>/submit")
def submit(reference: str) -> Any:
    """Send the answers on; with something missing or wrong they stay a draft and the page says what."""
    shown = request.form.get("version", "")
    try:
        actions.submit(g.identity, reference, number(shown))
    except Invalid:
        db.session.rollback()
        begin_reading()
        return _render(Page(reference), refused=True), 422
    flash(_("It is sent."), "done")
    return redirect(url_for("dossiers.dossier", reference=reference), code=303)


def _render(page: Page, *, refused: bool = False) -> str:
    if page.file.instance is None:
        raise NotFound()
    sections = SectionsOf(page, page.file.instance)
    enter(page.tongue)
    answers = page.file.answers(page.tongue.lang)
    note_sensitive_read(page.file.row.subject, page.identity.person, sensitive_levels(answers))
    errors = [error for found in sections.errors.values() for error in found]
    missing = frozenset(error.path for error in errors if error.kind == "required")
    return render_template(
        "dossiers/check.html",
        **page.frame(),
        keyed=paper_traces(page),
        sections=_drawn(page, sections, missing, answers),
        tongue=panel(page.file.published.form, page.tongue),
        marks=page.tongue.marks,
        origins=switch(page, "dossiers.check_answers"),
        filled_by=filled_by(page),
        remarks=_remarks(page, sections),
        errors=[_told(page, sections, error) for error in errors],
        left_out=unasked(page.file.instance, page.file.lens, page.form_lang),
        refused=refused,
        version=page.file.known.course.version,
        correction=correction(page),
        ageing=before_sending(page.file),
        following=_following(page),
        first_url=sections.first_url(),
        send=word(page.file.published, "send"),
    )


def _drawing(page: Page, sections: SectionsOf, missing: frozenset[str]) -> Drawing:
    origin = Origins(page).of if asked() else None
    return Drawing(sections.url_of, missing, _before(page), kept=outside(page.file).kept, origin=origin)


def _drawn(page: Page, sections: SectionsOf, missing: frozenset[str], answers: View | None) -> list[dict[str, Any]]:
    """In one language or two."""
    found = _drawing(page, sections, missing).sections(answers)
    if page.tongue.also:
        under(found, Drawing().sections(page.file.answers(page.tongue.also)), page.tongue.also)
    return found


def _remarks(page: Page, sections: SectionsOf) -> list[dict[str, Any]]:
    """Open texts with words to read again, and where they are changed."""
    instance = sections.instance
    return [
        {"label": instance.label(path, page.form_lang), "url": sections.url_of(path) or "", "found": found}
        for path, found in remarked(instance, page.file.lens)
    ]


def _before(page: Page) -> dict[str, str]:
    """How corrected answers read when they were handed on before."""
    earlier = earlier_version(page.file)
    return {change.path: change.before for change in since(page, earlier.stored)} if earlier else {}


def _told(page: Page, sections: SectionsOf, error: AnswerError) -> dict[str, str]:
    instance = sections.instance
    own = instance.text(error.custom, page.form_lang, error.path) if error.custom else ""
    return {
        "label": instance.label(error.path, page.form_lang),
        "message": own or _(error.message, **error.params),
        "url": sections.url_of(error.path) or "",
    }


def _following(page: Page) -> str:
    """What sending leads to, in plain words."""
    offer = next((one for one in page.file.offers if one.possible.command.__name__ == "Submit"), None)
    return " ".join(page.choices.sentence(one) for one in offer.possible.consequence) if offer else ""
