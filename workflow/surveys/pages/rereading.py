"""Doors: open answers are read again by somebody of the team before anybody else reads them."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow.db import db
from workflow.errors import Invalid
from workflow.surveys.actions import rereading as actions
from workflow.surveys.models import HIDE, KEEP, MASK
from workflow.surveys.pages.blueprint import surveys
from workflow.surveys.pages.listing import crumbs
from workflow.surveys.queries import open_answers as found
from workflow.surveys.queries.counting import question_label
from workflow.surveys.queries.open_answers import Said
from workflow.surveys.queries.sheets import language_of
from workflow.surveys.queries.surveys import asked_in, survey
from workflow.web import spoken

AT_ONCE = 20
SAID = {
    KEEP: "Share it as it is",
    MASK: "Share it without what would point at somebody",
    HIDE: "Do not share it",
}


@surveys.get("/surveys/<survey_id>/reread")
def reread(survey_id: str) -> Any:
    """Those nobody read again first; `all=1` shows the others as well."""
    return _page(survey_id)


def _page(survey_id: str, refused: Invalid | None = None) -> str:
    row = survey(g.identity, survey_id)
    questions = found.open_questions(g.identity, row)
    told, form = found.open_answers(row, questions), asked_in(row).published.form
    lang, every = language_of(form, spoken.lang()), request.args.get("all") == "1"
    several = [
        (one, question_label(form, question, lang))
        for question in questions
        for one in told[question.path]
        if every or not one.said or _is_sent(one)
    ]
    left = sum(not one.said for found_here in told.values() for one in found_here)
    count = sum(map(len, told.values()))
    return render_template(
        "surveys/reread.html",
        row=row,
        crumbs=crumbs(row),
        shown=[_drawn(one, label, refused) for one, label in several[:AT_ONCE]],
        left=left,
        count=count,
        more=len(several) > AT_ONCE,
        every=every,
        errors=_errors(refused),
        lead=ngettext("%(num)s answer to read again", "%(num)s answers to read again", left),
    )


def _is_sent(one: Said) -> bool:
    return (request.form.get("answers"), request.form.get("path")) == (one.answers, one.path)


def _drawn(one: Said, label: str, refused: Invalid | None) -> dict[str, Any]:
    """What was typed stands in it again."""
    typed = request.form if _is_sent(one) and refused else {}
    chosen = typed.get("said", one.said or KEEP)
    return {
        "one": one,
        "label": label,
        "key": f"{one.answers[:12]}-{one.path.rpartition('/')[2]}",
        "choices": [(code, _(words), code == chosen) for code, words in SAID.items()],
        "instead": typed.get("words", one.instead or one.words),
        "state": ("done", _(SAID[one.said])) if one.said else ("todo", _("to read again")),
        "error": _errors(refused)[0]["message"] if typed else "",
    }


def _errors(refused: Invalid | None) -> list[dict[str, str]]:
    if refused is None:
        return []
    path = request.form.get("path", "").rpartition("/")[2]
    key = f"{request.form.get('answers', '')[:12]}-{path}"
    return [
        {"id": f"{one.field}-{key}", "label": "", "message": _(one.message, **one.params)} for one in refused.errors
    ]


@surveys.post("/surveys/<survey_id>/reread")
def say_reread(survey_id: str) -> Any:
    """What becomes of one of them."""
    told = request.form
    which = (told.get("answers", ""), told.get("path", ""))
    try:
        actions.reread(g.identity, survey_id, which, told.get("said", ""), told.get("words", ""))
    except Invalid as refused:
        db.session.rollback()
        return _page(survey_id, refused), 422
    flash(_("Kept. It can be changed as long as the survey is there."), "done")
    every = {"all": "1"} if request.args.get("all") == "1" else {}
    return redirect(url_for("surveys.reread", survey_id=survey_id, **every), code=303)
