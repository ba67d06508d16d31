"""The households of a survey, found by their line or by their code, with what became of each."""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from workflow.access import Identity
from workflow.db import db, unscoped
from workflow.errors import NotFound
from workflow.record.queries import text
from workflow.surveys.models import HOUSEHOLD, Answers, Call, Recipient, Survey
from workflow.surveys.queries.homes import Home, homes
from workflow.surveys.queries.surveys import survey as find_survey
from workflow.surveys.rules.codes import grouped, normalised
from workflow.surveys.rules.following import state_of


def mark_of(code: str) -> str:
    """What is kept of a code to know it again: keyed, so that the table alone lets nobody guess."""
    secret = current_app.config["RELAIS"].secret_key.encode()
    return hmac.new(secret, f"survey-code:{code}".encode(), "sha256").hexdigest()


def by_code(typed: str) -> Recipient | None:
    """Whose code this is, however it was typed."""
    code = normalised(typed)
    if not code:
        return None
    with unscoped("a code is found before one knows of which operation it is"):
        return db.session.scalar(select(Recipient).where(Recipient.code_hash == mark_of(code)))


def code_of(row: Recipient) -> str:
    """The code for a letter, in groups; "" once there is nothing to answer any more."""
    return grouped(text(row.code) or "")


@dataclass(frozen=True)
class Line:
    """One household of a survey: its line, what it answered by either hand, its wish to be called, and what is known of
    it (None when this reader may not know of it, or it was erased).
    """

    row: Recipient
    home: Home | None
    answers: tuple[Answers, ...] = ()
    call: Call | None = None

    @property
    def finished(self) -> Answers | None:
        return next((one for one in self.answers if one.finished_for), None)

    @property
    def begun(self) -> Answers | None:
        """Answers that nobody finished: those of the household first."""
        return next(iter(sorted(self.answers, key=lambda one: one.hand != HOUSEHOLD)), None)

    @property
    def state(self) -> str:
        done = self.finished
        return state_of(
            sent=self.row.sent_on is not None,
            opened=self.row.opened_at is not None,
            begun=any(one.saves > 1 or one.hand != HOUSEHOLD for one in self.answers),
            finished=done is not None,
            agreed=done is not None and done.agreed,
            returned=self.row.returned_on is not None,
        )


def lines(identity: Identity, row: Survey) -> list[Line]:
    """Every household of a survey, in the order of the references."""
    rows = recipients(row.id)
    known = homes().known(identity, [one.household_id for one in rows])
    told = _lines(rows, known)
    return sorted(told, key=lambda one: (one.home is None, one.home.reference if one.home else one.row.id))


def line(identity: Identity, survey_id: str, recipient_id: str) -> tuple[Survey, Line]:
    """One household of a survey this person runs. Raises NotFound."""
    row = find_survey(identity, survey_id)
    found = db.session.get(Recipient, recipient_id)
    if found is None or found.survey_id != row.id or found.operation_id != row.operation_id:
        raise NotFound()
    known = homes().known(identity, [found.household_id])
    if found.household_id not in known:
        raise NotFound()
    return row, _lines([found], known)[0]


def recipients(survey_id: str) -> list[Recipient]:
    return list(db.session.scalars(select(Recipient).where(Recipient.survey_id == survey_id).order_by(Recipient.id)))


def of_households(survey_id: str, ids: Iterable[str]) -> list[Recipient]:
    """Those of these households that are on its list."""
    wanted, found = sorted(set(ids)), list[Recipient]()
    for first in range(0, len(wanted), 500):
        some = Recipient.household_id.in_(wanted[first : first + 500])
        found += db.session.scalars(select(Recipient).where(Recipient.survey_id == survey_id, some))
    return found


def _lines(rows: list[Recipient], known: dict[str, Home]) -> list[Line]:
    ids = [one.id for one in rows]
    answers: dict[str, list[Answers]] = {}
    for first in range(0, len(ids), 500):
        some = ids[first : first + 500]
        for one in db.session.scalars(select(Answers).where(Answers.recipient_id.in_(some))):
            answers.setdefault(one.recipient_id, []).append(one)
    calls = {one.recipient_id: one for one in _calls({one.survey_id for one in rows})}
    return [Line(one, known.get(one.household_id), tuple(answers.get(one.id, ())), calls.get(one.id)) for one in rows]


def _calls(surveys: set[str]) -> Iterable[Call]:
    return db.session.scalars(select(Call).where(Call.survey_id.in_(surveys)))


def counted(told: Iterable[Line]) -> Counter[str]:
    """How many households are in each state."""
    return Counter(one.state for one in told)
