"""Finished answers, opened to be counted; every question counted, with what may not be shown left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from forms.structure import Form, Question
from forms.tally import THRESHOLD
from forms.visibility import may_see
from workflow import clock
from workflow.access import LENSES
from workflow.db import db
from workflow.operations import queries as operations
from workflow.operations.rules import in_force, value_of
from workflow.record.queries import key_of
from workflow.surveys.models import Answers, Survey
from workflow.surveys.queries.homes import homes
from workflow.surveys.queries.sheets import counted_of, language_of
from workflow.surveys.queries.surveys import Numbers, asked_in, how_far, operation_of
from workflow.surveys.rules.counting import Answered, Crossed, Share, Tallied, Tally
from workflow.surveys.rules.frame import CHANNELS

LANGUAGES = ("fr", "en", "ar", "tr", "pt", "es")
"""In which a questionnaire may be answered, in the order in which they are told."""
RESULTS = LENSES["results"]
LEAST = "small_cell_threshold"
"""The parameter of an operation that may ask for more than the rule of the house."""


@dataclass(frozen=True)
class Counted:
    """Finished answers of a household that agreed to answer. said: {path: answer} of what it was asked."""

    stored: Answers
    said: Mapping[str, str]


def counted_answers(row: Survey) -> list[Counted]:
    """Those that count: finished, agreed, not erased."""
    asked = select(Answers).where(Answers.survey_id == row.id, Answers.finished_for.is_not(None))
    stored = db.session.scalars(asked.where(Answers.agreed.is_(True)).order_by(Answers.id)).all()
    return opened_to_count(stored)


def opened_to_count(stored: Iterable[Answers]) -> list[Counted]:
    """Answers that were not erased, opened. The rules of the form ran when they were finished."""
    rows = list(stored)
    keys = ((one, key_of(f"recipient:{one.recipient_id}")) for one in rows)
    return [Counted(one, counted_of(one, key)) for one, key in keys if key is not None]


def threshold(operation: str, zone: str) -> int:
    """Groups smaller than this are not shown: five, or more where the operation says so."""
    found = in_force(operations.parameters(operation), clock.today(zone)).get(LEAST)
    told = value_of(found.value) if found else THRESHOLD
    return max(THRESHOLD, int(told)) if isinstance(told, int | float) else THRESHOLD


@dataclass(frozen=True)
class Section:
    title: str
    tables: tuple[Tallied, ...]


@dataclass(frozen=True)
class Results:
    """A survey counted. satisfied, first_choice: the two figures that are said side by side, crossed in `crossed`."""

    numbers: Numbers
    least: int
    sections: tuple[Section, ...]
    satisfied: Share | None
    first_choice: Share | None
    crossed: Crossed | None
    channels: Tallied
    langs: Tallied


def numbers(row: Survey, answered: int | None = None) -> Numbers:
    """answered: how many answers there are to count, where they were opened."""
    told = how_far([row])[row.id]
    finished = told["finished"] if answered is None else answered
    return Numbers(told["asked"], told["sent"], finished, told["declined"], homes().moved(row.operation_id))


def results(row: Survey, lang: str, words: Mapping[str, str]) -> Results:
    """lang: code. words, in that language: none (no answer), satisfied, unsatisfied, first, other, total, and what each
    channel and language is called.
    """
    told, asked = counted_answers(row), asked_in(row)
    form, frame = asked.published.form, asked.frame
    form_lang = language_of(form, lang)
    least = threshold(row.operation_id, operation_of(row).zone)
    tally = Tally(frozenset(range(len(told))), least)
    for one in _counted_questions(form):
        tally.add(_answered(one, told, form, form_lang, words["none"]))
    return Results(
        numbers=numbers(row, len(told)),
        least=least,
        sections=tuple(_sections(form, form_lang, tally.tables)),
        satisfied=tally.share(frame.satisfied),
        first_choice=tally.share(frame.first_choice),
        crossed=tally.cross(frame, words),
        channels=_apart(CHANNELS, [one.stored.channel for one in told], words, least),
        langs=_apart(dict.fromkeys(LANGUAGES, ""), [one.stored.lang for one in told], words, least),
    )


def _counted_questions(form: Form) -> list[Question]:
    kinds = ("select_one", "select_multiple", "integer", "decimal", "range")
    return [one for one in form.questions.values() if one.kind in kinds and one.label and may_see(one, RESULTS)]


def _answered(question: Question, told: list[Counted], form: Form, lang: str, none: str) -> Answered:
    """Who answered what; whom it was not asked stands apart from who did not answer."""
    asked, said = set[int](), dict[int, tuple[str, ...]]()
    for who, one in enumerate(told):
        if question.path in one.said:
            asked.add(who)
            text = one.said[question.path]
            if text:
                said[who] = tuple(text.split()) if question.kind == "select_multiple" else (text,)
    choices = {one.value: (one.label[lang] if one.label else "") or one.value for one in question.choices}
    label = question_label(form, question, lang)
    return Answered(question.path, label, question.kind, choices, none, frozenset(asked), said)


def question_label(form: Form, question: Question, lang: str) -> str:
    """With the words of its table, where it is a line of one."""
    group = form.groups.get(question.path.rpartition("/")[0])
    above = group.label[lang] if group is not None and group.path != question.page and group.label else ""
    return f"{above} {question.label[lang]}".strip()


def _apart(order: Mapping[str, str], codes: list[str], words: Mapping[str, str], least: int) -> Tallied:
    """What is known of every answer whatever its questions: by which way it came, in which language."""
    known = [*(one for one in order if one in codes), *sorted({*codes} - {*order})]
    said = {who: (code,) for who, code in enumerate(codes)}
    labels = {code: words.get(code, code) for code in known}
    told = Answered("", "", "select_one", labels, words["none"], frozenset(said), said)
    return Tally(frozenset(said), least).add(told)


def _sections(form: Form, lang: str, tables: Mapping[str, Tallied]) -> Iterator[Section]:
    for section in form.sections:
        inside = tuple(tables[one.path] for one in section.questions() if one.path in tables)
        if inside:
            yield Section(section.label[lang], inside)
