"""The report of a survey: what is said beside its figures, and the order of its paper. No name, no single answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from workflow import clock
from workflow.filing.models import Paper
from workflow.filing.queries import letterhead_of
from workflow.filing.queries import papers as papers_of
from workflow.filing.rules.papers import Order
from workflow.people import queries as people
from workflow.surveys.models import Survey
from workflow.surveys.queries.counting import LANGUAGES, Results, question_label, results
from workflow.surveys.queries.open_answers import open_answers, shared_questions
from workflow.surveys.queries.sheets import language_of
from workflow.surveys.queries.surveys import asked_in, operation_of
from workflow.surveys.rules.counting import FEW, Crossed, Share, Tallied
from workflow.surveys.rules.frame import CHANNELS
from workflow.web import spoken
from workflow.web.dates import format_date

MODEL = Path(__file__).resolve().parents[3] / "templates" / "papers" / "survey.md"
LANG = "fr"
KIND, AUDIENCE = "enquete", "coordination"
WIDTHS = [52, 16, 16]


def counted(row: Survey, lang: str) -> Results:
    """A survey counted, its words in the language of the page."""
    words = {
        "none": _("No answer"),
        "satisfied": _("Rather or very satisfied"),
        "unsatisfied": _("Not satisfied, or no opinion"),
        "first": _("First choice obtained"),
        "other": _("Another choice"),
        "total": _("Together"),
        **{code: _(told) for code, told in CHANNELS.items()},
        **{code: spoken.named(code) for code in LANGUAGES},
    }
    return results(row, lang, words)


def numbers_said(told: Results) -> str:
    """The sentence that stands beside every percentage."""
    numbers = told.numbers
    return _(
        "%(answered)s respondents of %(sent)s letters sent, %(relocated)s households relocated",
        answered=numbers.finished,
        sent=numbers.sent,
        relocated=numbers.relocated,
    )


def base_said(base: int, told: Results) -> str:
    """Of how many a percentage is, then the sentence of numbers."""
    return _("of %(base)s answers to this question; %(numbers)s", base=base, numbers=numbers_said(told))


def too_few(least: int) -> str:
    return _("Not shown: fewer than %(least)s households were asked this, or were not.", least=least)


def gives_away() -> str:
    return _("Not shown: with the other tables it would tell what a few households answered.")


def hidden_word() -> str:
    return _("hidden")


def share_word(share: Share, told: Results) -> str:
    return _("Rather or very satisfied") if share == told.satisfied else _("First choice obtained")


def shared(row: Survey, lang: str) -> list[tuple[str, list[str]]]:
    """[(question, what may be shared of its answers)]: only what somebody read again."""
    questions, form = shared_questions(row), asked_in(row).published.form
    told = open_answers(row, questions)
    several = (
        (question_label(form, one, language_of(form, lang)), [said.shared for said in told[one.path] if said.shared])
        for one in questions
    )
    return [(label, words) for label, words in several if words]


def latest(row: Survey) -> Paper | None:
    """The report asked for last."""
    found = [one for one in papers_of(row.subject) if one.kind == KIND and one.void_at is None]
    return max(found, key=lambda one: one.version, default=None)


# -- the paper ----------------------------------------------------------------------------------------------------


def order(row: Survey, reference: str, issuer: str, verify_url: str) -> Order:
    """What the paper is made from. Whoever calls set the language of the paper."""
    place, told = operation_of(row), counted(row, LANG)
    organisations = people.organisation_names()
    return Order(
        text=MODEL.read_text("utf-8"),
        data=_data(row, told) | {"operation": {"name": place.name, "city": place.city}},
        lang=LANG,
        day=clock.today(place.zone),
        organisation=organisations.get(place.owner) or issuer,
        source={"reference": reference, "survey": row.id, "respondents": told.numbers.finished},
        address=(place.name, place.city),
        issuer=issuer,
        verify_url=verify_url,
        reason=_("Document issued"),
        place=place.city,
        letterhead=letterhead_of(place.owner),
    )


def _data(row: Survey, told: Results) -> dict[str, Any]:
    numbers = told.numbers
    return {
        "title": row.title,
        "until": format_date(row.until, "d MMMM y"),
        "said": numbers_said(told),
        "least": told.least,
        "asked": numbers.asked,
        "declined": numbers.declined,
        "shares": [
            {
                "label": share_word(one, told),
                "percent": one.percent,
                "count": one.count,
                "base": base_said(one.base, told),
            }
            for one in (told.satisfied, told.first_choice)
            if one is not None
        ],
        "crossed": _crossed(told.crossed) if told.crossed else {"rows": []},
        "ways": [
            _table(one, _("How the answers came") if one is told.channels else _("In which language"))
            for one in (told.channels, told.langs)
            if one.rows
        ],
        "sections": [
            {"title": section.title, "tables": [_of(table, told) for table in section.tables]}
            for section in told.sections
        ],
        "open": [{"label": label, "answers": words} for label, words in shared(row, LANG)],
    }


def _of(table: Tallied, told: Results) -> dict[str, Any]:
    """One question as the paper says it: its words, its table, or why there is none."""
    withheld = {FEW: too_few(told.least), "": ""}.get(table.withheld, gives_away())
    average = ""
    if table.average is not None:
        average = _("On average: %(number)s", number=f"{table.average}".replace(".", ","))
    return {
        "label": table.label,
        "withheld": withheld,
        "average": average,
        "base": base_said(table.base, told) if table.rows and not withheld else "",
        "table": _table(table, ""),
    }


def _table(table: Tallied, caption: str) -> dict[str, Any]:
    hidden = hidden_word()
    return {
        "caption": caption,
        "header": [_("Answer"), _("Households"), _("Percent")],
        "align": ["left", "right", "right"],
        "widths": WIDTHS,
        "rows": [
            [
                one.label,
                hidden if one.count is None else str(one.count),
                "" if one.percent is None else _("%(number)s %%", number=one.percent),
            ]
            for one in table.rows
        ],
    }


def _crossed(told: Crossed) -> dict[str, Any]:
    hidden = hidden_word()
    return {
        "header": ["", *told.columns],
        "align": ["left", *["right"] * len(told.columns)],
        "rows": [
            [name, *(hidden if count is None else str(count) for count in line)]
            for name, line in zip(told.rows, told.counts, strict=True)
        ],
    }
