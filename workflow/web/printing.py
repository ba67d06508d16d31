"""What somebody chooses before a form is printed, and the PDF as an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Response, current_app, make_response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_wtf import FlaskForm
from wtforms import RadioField

from documents.questionnaire.cover import Cover
from forms.paper import Questionnaire
from forms.structure import Form
from workflow import clock
from workflow.errors import Refused
from workflow.web.press import NotPrinted, printed
from workflow.web.spoken import named

BLANK, KNOWN = "blank", "known"
NORMAL, LARGE = "normal", "large"


class PrintForm(FlaskForm):
    """What is printed, how large, in which language of the form."""

    what = RadioField(later("What is printed"), default=BLANK)
    size = RadioField(later("Size of the letters"), default=NORMAL)
    lang = RadioField(later("Language of the form"))

    def __init__(self, form: Form, lang: str, *, known: bool, **more: Any) -> None:
        super().__init__(**more)
        self.what.choices = [(BLANK, _("The blank form"))]
        if known:
            self.what.choices.append((KNOWN, _("The form with the answers given so far")))
        self.size.choices = [(NORMAL, _("Normal")), (LARGE, _("Large, for tired eyes"))]
        self.lang.choices = [(code, _capital(named(code))) for code in form.languages]
        self.lang.data = self.lang.data or lang

    @property
    def large(self) -> bool:
        return self.size.data == LARGE

    @property
    def filled(self) -> bool:
        return self.what.data == KNOWN


def titled(sheet: Questionnaire, label: Mapping[str, str]) -> Questionnaire:
    """Under its name in its own language, where the procedure has one: a form itself has one title only."""
    return replace(sheet, title=label.get(sheet.lang, sheet.title))


def answer(sheet: Questionnaire, cover: Cover, name: str, zone: str, *, large: bool) -> Response:
    """The PDF, to be kept by nobody but who asked. Raises Refused when it cannot be set."""
    try:
        made = printed(sheet, cover, clock.today(zone), large=large)
    except NotPrinted as fault:
        current_app.logger.error("form_not_printed %s %s", sheet.form_id, type(fault).__name__)
        raise Refused("not_printed", "This form could not be printed. Try again in a moment.") from fault
    response = make_response(made)
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def file_name(parts: Sequence[str]) -> str:
    return "-".join(part for part in parts if part)
