"""What households wrote in their own words, and what may be shared of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from forms.structure import Form, Question
from forms.visibility import may_see
from workflow.access import LENSES, Identity, lens_of
from workflow.db import db
from workflow.record.queries import texts
from workflow.surveys.models import HIDE, MASK, Answers, Reread, Survey
from workflow.surveys.queries.counting import Counted, counted_answers, opened_to_count
from workflow.surveys.queries.surveys import asked_in

OPEN_KINDS = ("text", "multiline")


@dataclass(frozen=True)
class Said:
    """One open answer. said: "" while nobody read it again; shared: what may be read by others, "" for nothing."""

    answers: str
    path: str
    words: str
    said: str = ""
    instead: str = ""

    @property
    def shared(self) -> str:
        return {"": "", HIDE: "", MASK: self.instead}.get(self.said, self.words)


def open_questions(identity: Identity, row: Survey) -> list[Question]:
    """Those that are answered in words and that this reader may read; never how to be called back."""
    form, lens = asked_in(row).published.form, LENSES[lens_of(identity, row.operation_id)]
    return [one for one in _open(form) if may_see(one, lens)]


def shared_questions(row: Survey) -> list[Question]:
    """Those whose answers may be shared once they were read again."""
    return _open(asked_in(row).published.form)


def _open(form: Form) -> list[Question]:
    return [
        one
        for one in form.questions.values()
        if one.kind in OPEN_KINDS and one.asked and one.label and "contact" not in one.purpose
    ]


def open_answers(row: Survey, questions: Iterable[Question]) -> dict[str, list[Said]]:
    """{path of a question: what was said, in the order of the identifiers, which say nothing}."""
    return _of(counted_answers(row), [one.path for one in questions])


def _of(counted: list[Counted], paths: list[str]) -> dict[str, list[Said]]:
    known = _reread([one.stored.id for one in counted])
    found: dict[str, list[Said]] = {path: [] for path in paths}
    for one in counted:
        for path in paths:
            words = one.said.get(path, "").strip()
            if words:
                said, instead = known.get((one.stored.id, path), ("", ""))
                found[path].append(Said(one.stored.id, path, words, said, instead))
    return found


def _reread(ids: list[str]) -> dict[tuple[str, str], tuple[str, str]]:
    rows: list[Reread] = []
    for first in range(0, len(ids), 500):
        rows += db.session.scalars(select(Reread).where(Reread.answers_id.in_(ids[first : first + 500])))
    words = texts(one.words for one in rows if one.words)
    return {(one.answers_id, one.path): (one.said, words.get(one.words, "")) for one in rows}


def open_answer(identity: Identity, row: Survey, answers_id: str, path: str) -> Said | None:
    """One of them, when this reader may read it."""
    stored = db.session.get(Answers, answers_id)
    if stored is None or stored.survey_id != row.id or path not in {one.path for one in open_questions(identity, row)}:
        return None
    return next(iter(_of(opened_to_count([stored]), [path])[path]), None)
