"""Open answers are read again before they are shared: kept, put otherwise, left out. All goes with a household."""

from __future__ import annotations

from sqlalchemy import select

from workflow import clock
from workflow.access import Identity
from workflow.db import db, new_id
from workflow.errors import FieldError, Invalid, NotFound
from workflow.record import actions as record
from workflow.surveys.actions.telling import note
from workflow.surveys.models import HIDE, KEEP, MASK, Answers, Recipient, Reread
from workflow.surveys.queries.open_answers import Said, open_answer
from workflow.surveys.queries.surveys import survey

LONGEST = 2000
HOUSEHOLD = "household:"


def reread(identity: Identity, survey_id: str, answer: tuple[str, str], said: str, words: str) -> Said:
    """Say what becomes of one open answer: (id of the answers, path of the question). Raises NotFound, Invalid."""
    (answers_id, path), row = answer, survey(identity, survey_id)
    found = open_answer(identity, row, answers_id, path)
    if found is None:
        raise NotFound()
    if said not in (KEEP, MASK, HIDE):
        raise Invalid([FieldError("said", "Say what becomes of this answer.")])
    words = words.strip()
    if said == MASK and not words:
        raise Invalid([FieldError("words", "Write what is shared instead.")])
    if len(words) > LONGEST:
        raise Invalid([FieldError("words", "Write at most %(count)s characters.", {"count": LONGEST})])
    stored = db.session.get_one(Answers, answers_id)
    kept = db.session.scalar(select(Reread).where(Reread.answers_id == answers_id, Reread.path == path))
    kept = kept or Reread(id=new_id(), operation_id=row.operation_id, answers_id=answers_id, path=path, words="")
    record.drop_text(kept.words)
    kept.words = record.keep_text(f"recipient:{stored.recipient_id}", words) if said == MASK else ""
    kept.said, kept.by, kept.at = said, identity.person, clock.now()
    db.session.add(kept)
    db.session.flush()
    note(row, "OpenAnswerReread", identity.person, answers=answers_id, said=said)
    return found


def forget_with(subject: str) -> None:
    """A household was erased: so is what it answered, its code, its wish to be called."""
    if not subject.startswith(HOUSEHOLD):
        return
    asked = select(Recipient).where(Recipient.household_id == subject.removeprefix(HOUSEHOLD))
    for one in db.session.scalars(asked).all():
        record.forget(one.subject)
        one.code = ""
