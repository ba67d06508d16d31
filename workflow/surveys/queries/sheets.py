"""Answers being given: opened with the key of their household, page by page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from flask import current_app
from sqlalchemy import select

from forms.checking import AnswerError
from forms.expressions import Now
from forms.instance import Instance
from forms.pages import Item, page
from forms.structure import Form, Group
from forms.visibility import Lens, errors_for, may_open
from workflow import clock
from workflow.access import LENSES
from workflow.catalogue.rules import around
from workflow.db import db
from workflow.errors import NotFound
from workflow.record.queries import key_of
from workflow.storage import unseal
from workflow.surveys.models import Answers, Recipient, Survey
from workflow.surveys.queries.surveys import Asked, asked_in, operation_of

LENS: Lens = LENSES["household"]
"""Nothing is asked that a household may not read of itself, whoever writes it down."""


def answers_by(row: Recipient, hand: str, *, lock: bool = False) -> Answers | None:
    """What one hand wrote for a household so far."""
    asked = select(Answers).where(Answers.recipient_id == row.id, Answers.hand == hand)
    if lock:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(asked)


def finished_answers(row: Recipient) -> Answers | None:
    """What counts for this household."""
    return db.session.scalar(select(Answers).where(Answers.finished_for == counts_for(row)))


def counts_for(row: Recipient) -> str:
    return f"{row.survey_id}:{row.household_id}"


def place_of(answers_id: str) -> str:
    """To what sealed answers are bound."""
    return f"survey-answers:{answers_id}"


def circumstances(row: Survey) -> Now:
    return around(clock.wall(operation_of(row).zone))


def row_limit() -> int:
    return current_app.config["RELAIS"].row_limit


def opened(row: Survey, stored: Answers) -> Instance:
    """The answers. Raises NotFound once they were erased."""
    key = key_of(f"recipient:{stored.recipient_id}")
    if key is None:
        raise NotFound()
    told = json.loads(unseal(key, stored.sealed, place_of(stored.id)))
    return Instance.from_xml(
        asked_in(row).published.form, told["xml"], circumstances(row), row_limit(), submitted=False
    )


def counted_of(stored: Answers, key: bytes) -> dict[str, str]:
    """{path: answer} of finished answers."""
    return json.loads(unseal(key, stored.sealed, place_of(stored.id)))["said"]


def language_of(form: Form, wanted: str) -> str:
    """The form's own name of a language, French where it does not speak it."""
    known = {name.rpartition("(")[2].rstrip(")") if "(" in name else name: name for name in form.languages}
    return known.get(wanted) or known.get("fr") or form.default_language


def languages_of(form: Form) -> list[str]:
    """Codes of the languages a form speaks."""
    return [name.rpartition("(")[2].rstrip(")") if "(" in name else name for name in form.languages]


@dataclass
class Sheet:
    """A set of answers before whoever gives them. lang: code of the language of the page."""

    survey: Survey
    stored: Answers
    instance: Instance
    lang: str

    @cached_property
    def asked(self) -> Asked:
        return asked_in(self.survey)

    @property
    def form(self) -> Form:
        return self.instance.form

    @property
    def form_lang(self) -> str:
        return language_of(self.form, self.lang)

    @property
    def sections(self) -> list[Group]:
        """The pages that are asked now, without the one that Relais asks itself."""
        self.instance.recompute()
        return [
            one
            for one in self.form.sections
            if one.name != self.asked.frame.page and self._open(one) and may_open(self.instance, one, LENS)
        ]

    def _open(self, section: Group) -> bool:
        return any(node.relevant for node in self.instance.engine.nodes(section.path))

    def section(self, name: str) -> Group:
        """Raises NotFound for a page that is not asked."""
        found = next((one for one in self.sections if one.name == name), None)
        if found is None:
            raise NotFound()
        return found

    def after(self, name: str) -> str:
        """Name of the next page; "" after the last."""
        names = [one.name for one in self.sections]
        return next(iter(names[names.index(name) + 1 :]), "") if name in names else ""

    def before(self, name: str) -> str:
        names = [one.name for one in self.sections]
        return names[names.index(name) - 1] if name in names[1:] else ""

    def title(self, section: Group) -> str:
        return section.label[self.form_lang]

    def items(self, section: Group, *, strict: bool = False) -> tuple[Item, ...]:
        """The questions of a page; with `strict` also what is missing."""
        return page(self.instance, section.path, self.form_lang, self.errors(section, strict=strict), LENS)

    def errors(self, section: Group, *, strict: bool = False) -> list[AnswerError]:
        found = errors_for(self.instance, self.instance.errors(section.path), LENS)
        return [one for one in found if strict or one.kind != "required"]

    def answered(self, section: Group) -> tuple[int, int]:
        """(questions answered, questions asked) of a page."""
        asked = list(_asked(page(self.instance, section.path, self.form_lang, (), LENS)))
        return sum(bool(one.value) for one in asked), len(asked)

    def wrong(self) -> list[Group]:
        """Pages on which an answer cannot stand as it is, or is needed."""
        return [one for one in self.sections if self.errors(one, strict=True)]

    @property
    def first_left(self) -> str:
        """Name of the first page on which nothing is answered; the first page when all are."""
        names = [one.name for one in self.sections]
        empty = (one.name for one in self.sections if not self.answered(one)[0])
        return next(empty, names[0] if names else "")


def _asked(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        if item.kind == "question" and not item.readonly and item.kind_of_question != "note":
            yield item
        yield from _asked(item.children)
        for row in item.rows:
            yield from _asked(row.children)


def asked_of(items: tuple[Item, ...]) -> list[Item]:
    """Every question of a page that somebody answers."""
    return list(_asked(items))
