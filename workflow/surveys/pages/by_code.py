"""Doors: a household answers with its code. Machines follow links: GET and HEAD change nothing."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from workflow.clock import wall
from workflow.db import db
from workflow.errors import NotFound, Refused
from workflow.surveys.actions import answering
from workflow.surveys.pages.blueprint import surveys
from workflow.surveys.pages.coded import Visit, around, asked_language, coded, not_now, too_many_guesses
from workflow.surveys.pages.filling import errors_told, for_household, numbered
from workflow.surveys.queries.recipients import by_code as recipient_by_code
from workflow.surveys.queries.surveys import operation_of
from workflow.surveys.rules.codes import normalised
from workflow.web import door


@surveys.route("/q", methods=["GET", "POST"])
def enter() -> Any:
    """For who has the letter and no square reader: the code is typed."""
    lang = asked_language()
    with force_locale(lang):
        if request.method == "POST":
            return _typed(lang)
        return _ask(lang)


def _ask(lang: str, error: str = "") -> str:
    told = around(lang) | {"typed": request.form.get("code", "")[:60]}
    return render_template("surveys/code_enter.html", **told, error=error)


def _typed(lang: str) -> Any:
    typed = request.form.get("code", "")
    if not typed.strip():
        return _ask(lang, _("Type the code that stands on your letter.")), 422
    if recipient_by_code(typed) is None:
        too_many_guesses()
        return _ask(
            lang, _("This code is not known. Look again at your letter: sixteen signs, in groups of four.")
        ), 422
    told = {"lang": request.args["lang"]} if request.args.get("lang") else {}
    return redirect(url_for("surveys.by_code", code=normalised(typed), **told), code=303)


@surveys.route("/q/<code>", methods=["GET", "POST"])
@coded
def by_code(visit: Visit) -> Any:
    """Who asks, what becomes of the answers, that one need not answer. The button begins, or goes on."""
    over = not_now(visit)
    if over is not None:
        return over
    if request.method == "POST":
        return _begin(visit)
    return visit.page("start", begun=visit.answers is not None and visit.answers.saves > 1)


def _begin(visit: Visit) -> Any:
    try:
        if request.form.get("go") == "decline":
            answering.decline_by_code(visit.survey, visit.recipient, visit.lang)
            return redirect(visit.url(), code=303)
        stored = answering.begin_by_code(visit.survey, visit.recipient, visit.lang)
    except Refused:
        return _too_late(visit)
    visit.answers = stored
    first = visit.sheet.first_left
    if not first:
        raise NotFound()
    return redirect(visit.url("by_code_page", section=first), code=303)


def _too_late(visit: Visit) -> Any:
    """Somebody else was faster: what stands there now is said."""
    db.session.rollback()
    again = Visit(visit.recipient, visit.code)
    return not_now(again) or (again.page("start", begun=True), 409)


@surveys.route("/q/<code>/page/<section>", methods=["GET", "POST"])
@coded
def by_code_page(visit: Visit, section: str) -> Any:
    """One page of questions. Whatever the button, what was typed is saved first."""
    over = not_now(visit)
    if over is not None:
        return over
    if visit.answers is None:
        return redirect(visit.url(), code=303)
    if section not in [one.name for one in visit.sheet.sections]:
        return redirect(visit.url("by_code_finish"), code=303)
    if request.method == "POST":
        return _write(visit, section)
    return _page(visit, section)


def _page(visit: Visit, section: str, *, strict: bool = False) -> str:
    sheet = visit.sheet
    group = sheet.section(section)
    strict = strict or "strict" in request.args
    items = for_household(sheet.items(group, strict=strict))
    return visit.page(
        "page",
        title=sheet.title(group),
        items=items,
        strict=strict,
        errors=errors_told(items) if strict else [],
        place_in=numbered(sheet, section),
        back=sheet.before(section) != "",
        save_url=visit.url("by_code_save", section=section),
        fill_url=visit.url("by_code_page", section=section),
    )


def _write(visit: Visit, section: str) -> Any:
    go, sheet = request.form.get("go", "next"), visit.sheet
    try:
        errors = answering.save(sheet, visit.recipient, section, request.form)
    except Refused:
        return _too_late(visit)
    if go == "update" or "update" in request.form:
        return redirect(visit.url("by_code_page", section=section), code=303)
    if go == "back":
        return redirect(visit.url("by_code_page", section=sheet.before(section) or section), code=303)
    if go == "later":
        return redirect(visit.url("by_code_later"), code=303)
    if [one for one in errors if one.kind != "required"]:
        drawn = _page(visit, section, strict=True)
        door.commit()  # the page refuses what is wrong, yet nothing typed is lost
        return drawn, 422
    after = sheet.after(section)
    return redirect(visit.url("by_code_page", section=after) if after else visit.url("by_code_finish"), code=303)


@surveys.post("/q/<code>/page/<section>/save")
@coded
def by_code_save(visit: Visit, section: str) -> Any:
    """While one types: 204; a change that may show or hide questions is answered with the page worked out again."""
    if not_now(visit) is not None or visit.answers is None:
        return "", 409
    try:
        answering.save(visit.sheet, visit.recipient, section, request.form)
    except (Refused, NotFound):
        return "", 409
    answer = _drawn(visit, section)
    now = wall(operation_of(visit.survey).zone)
    answer.headers["X-Relais-Saved"] = f"{now:%H:%M}"
    return answer


def _drawn(visit: Visit, section: str) -> Response:
    if request.headers.get("X-Relais") == "autosave":
        return make_response("", 204)
    strict = "strict" in request.form
    items = for_household(visit.sheet.items(visit.sheet.section(section), strict=strict))
    return make_response(render_template("surveys/_questions.html", items=items, strict=strict))


@surveys.get("/q/<code>/later")
@coded
def by_code_later(visit: Visit) -> Any:
    """Everything is saved: how to come back."""
    return not_now(visit) or visit.page("later")


@surveys.route("/q/<code>/finish", methods=["GET", "POST"])
@coded
def by_code_finish(visit: Visit) -> Any:
    """What was answered page by page, then the one button after which nothing can be changed."""
    over = not_now(visit)
    if over is not None:
        return over
    if visit.answers is None:
        return redirect(visit.url(), code=303)
    if request.method == "POST":
        try:
            answering.finish(visit.sheet, visit.recipient)
        except Refused as problem:
            if problem.code == "to_correct":
                return _finish(visit), 422
            return _too_late(visit)
        return redirect(visit.url(), code=303)
    return _finish(visit)


def _finish(visit: Visit) -> str:
    sheet = visit.sheet
    wrong = {one.name for one in sheet.wrong()}
    told = [
        {
            "title": sheet.title(one),
            "count": sheet.answered(one),
            "wrong": one.name in wrong,
            "url": visit.url("by_code_page", section=one.name, **({"strict": 1} if one.name in wrong else {})),
        }
        for one in sheet.sections
    ]
    return visit.page("finish", sections=told, wrong=[one for one in told if one["wrong"]])
