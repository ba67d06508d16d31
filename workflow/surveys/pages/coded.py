"""A household before its survey: what its code opens, in which language, what stands on every page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property, wraps
from typing import Any

from flask import abort, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from workflow.db import Scope, db, scoped
from workflow.errors import NotFound
from workflow.surveys.models import HOUSEHOLD, Answers, Recipient, Survey
from workflow.surveys.queries.contact import whom_to_call
from workflow.surveys.queries.recipients import by_code
from workflow.surveys.queries.sheets import Sheet, answers_by, finished_answers, languages_of, opened
from workflow.surveys.queries.surveys import asked_in, is_open, operation_of
from workflow.web import journals, spoken
from workflow.web.dates import format_date

TONGUES = ("fr", "en", "ar", "tr", "pt", "es")
"""Languages in which the pages of a survey speak, besides the questions themselves."""
GUESSES, WITHIN = 30, timedelta(minutes=15)
GONE = 410


class Visit:
    """What a code opens. `code` stays in addresses only: no page writes it out but as the address of the next one."""

    def __init__(self, recipient: Recipient, code: str) -> None:
        self.recipient, self.code = recipient, code

    @cached_property
    def survey(self) -> Survey:
        return db.session.get_one(Survey, self.recipient.survey_id)

    @cached_property
    def answers(self) -> Answers | None:
        return answers_by(self.recipient, HOUSEHOLD, lock=request.method == "POST")

    @cached_property
    def finished(self) -> Answers | None:
        return finished_answers(self.recipient)

    @property
    def is_open(self) -> bool:
        return is_open(self.survey)

    @cached_property
    def lang(self) -> str:
        """What the address says, else what was chosen when it was begun, else how one writes to this household."""
        began = self.answers.lang if self.answers else ""
        return next(
            (one for one in (request.args.get("lang"), began, self.recipient.lang) if one in self.tongues), "fr"
        )

    @cached_property
    def tongues(self) -> list[str]:
        known = languages_of(asked_in(self.survey).published.form)
        return [one for one in TONGUES if one in known] or ["fr"]

    @cached_property
    def sheet(self) -> Sheet:
        """Raises NotFound before anything was begun."""
        if self.answers is None:
            raise NotFound()
        return Sheet(self.survey, self.answers, opened(self.survey, self.answers), self.lang)

    def url(self, endpoint: str = "by_code", **more: Any) -> str:
        told = {"lang": request.args["lang"]} if request.args.get("lang") in self.tongues else {}
        return url_for(f"surveys.{endpoint}", code=self.code, **told, **more)

    def page(self, name: str, **more: Any) -> str:
        contact = whom_to_call(self.survey)
        return render_template(
            f"surveys/code_{name}.html",
            **around(self.lang, self.tongues),
            organisation={"name": contact.asking},
            contact={"name": contact.name, "capacity": contact.organisation, "phone": contact.phone},
            place=operation_of(self.survey).name,
            until=format_date(self.survey.until, "full"),
            visit=self,
            **more,
        )


def around(lang: str, tongues: list[str] | tuple[str, ...] = TONGUES) -> dict[str, Any]:
    """What the frame of a page needs: its language, how one reads it, the same page in the others."""
    args = {name: value for name, value in request.args.items() if name != "lang"}
    here = (request.endpoint or "", {**(request.view_args or {}), **args})
    return {
        "lang": lang,
        "dir": spoken.written(lang)["dir"],
        "lang_urls": [
            {
                "lang": one,
                "label": spoken.named(one),
                "current": one == lang,
                "url": url_for(here[0], lang=one, **here[1]),
            }
            for one in tongues
        ],
    }


Page = Callable[..., Any]


def coded(page: Page) -> Page:
    """The household behind the code of an address, seen within its own operation and in its language."""

    @wraps(page)
    def come(code: str, **more: Any) -> Any:
        found = by_code(code)
        if found is None:
            return unknown()
        with scoped(Scope(frozenset((found.operation_id,)))):
            visit = Visit(found, code)
            with force_locale(visit.lang):
                return page(visit, **more)

    return come


def unknown() -> Any:
    """Guesses are counted by where they come from, in a transaction of its own; nothing is said of what exists."""
    too_many_guesses()
    lang = asked_language()
    with force_locale(lang):
        return render_template("surveys/code_unknown.html", **around(lang)), GONE


def too_many_guesses() -> None:
    db.session.rollback()
    if journals.too_many("survey-code", request.remote_addr or "", GUESSES, WITHIN):
        abort(429)


def asked_language() -> str:
    """Before one knows whose code it is: what the address says, else what was chosen here before, else what the browser
    prefers, else French.
    """
    for told in (request.args.get("lang"), request.cookies.get("lang")):
        if told in TONGUES:
            return told
    return request.accept_languages.best_match(TONGUES) or "fr"


def not_now(visit: Visit) -> Any:
    """Why the code opens nothing any more; None while it does. What was sent too late is a refusal."""
    late = request.method == "POST"
    if visit.finished is not None:
        mine = visit.finished.channel == "link"
        words = _("You have answered already. Thank you.") if mine else _("Your answer has come already. Thank you.")
        return visit.page("over", words=words, done=True), 409 if late else 200
    if not visit.is_open:
        return visit.page("over", words=_("This survey is over. Thank you for your interest."), done=False), GONE
    return None
