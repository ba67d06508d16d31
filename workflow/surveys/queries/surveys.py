"""Surveys of an operation, and the questionnaires that were approved for one: found and authorised in one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import func, select

from workflow import access, clock
from workflow.access import Identity
from workflow.approvals import queries as approvals
from workflow.approvals.models import Course
from workflow.catalogue.queries import Published, current, version
from workflow.circuit.model import Circuit
from workflow.db import db
from workflow.errors import NotFound
from workflow.operations.models import Operation
from workflow.operations.queries import operation as find_operation
from workflow.surveys.models import OPEN, Answers, Recipient, Survey
from workflow.surveys.rules.frame import Frame, frame_of


def may_run(identity: Identity, operation: str) -> bool:
    """Who sends surveys, keys answers and reads the results: the team of the operation, where names are read."""
    fills = access.may_fill(identity, operation)
    manages = access.may_set_up(identity, operation) and access.may_read_names(identity, operation)
    return operation in identity.operations and (fills or manages)


def surveys(identity: Identity, operation: str) -> list[Survey]:
    """Those of an operation, the latest first."""
    if not may_run(identity, operation):
        raise NotFound()
    asked = select(Survey).where(Survey.operation_id == operation)
    return list(db.session.scalars(asked.order_by(Survey.made_at.desc(), Survey.id)))


def survey(identity: Identity, survey_id: str, *, lock: bool = False) -> Survey:
    """One of them. Raises NotFound."""
    asked = select(Survey).where(Survey.id == survey_id)
    if lock:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    row = db.session.scalar(asked)
    if row is None or not may_run(identity, row.operation_id):
        raise NotFound()
    return row


def operation_of(row: Survey) -> Operation:
    place = find_operation(row.operation_id)
    if place is None:
        raise NotFound()
    return place


def is_open(row: Survey) -> bool:
    """Whether households may still answer: until the end of its last day, where the operation takes place."""
    return row.state == OPEN and clock.today(operation_of(row).zone) <= row.until


@dataclass(frozen=True)
class Asked:
    """What a survey asks: its form, and what stands around the questions."""

    published: Published

    @cached_property
    def frame(self) -> Frame:
        return frame_of(self.published.settings)


def asked_in(row: Survey) -> Asked:
    return Asked(version(row.form))


# -- questionnaires that were approved ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Campaign:
    """A file of the operation in which a questionnaire was approved. form: the version that would be asked now."""

    subject: str
    reference: str
    title: str
    form: str


def approved(identity: Identity, operation: str) -> list[Campaign]:
    """Approved questionnaires for which there is no survey yet."""
    taken = select(Survey.campaign).where(Survey.operation_id == operation)
    asked = select(Course).where(Course.operation_id == operation, Course.subject.not_in(taken))
    rows = [row for row in db.session.scalars(asked.order_by(Course.opened_at)) if _approves(row)]
    told = approvals.sentences([row.subject for row in rows], identity) if rows else {}
    found = []
    for row in rows:
        form = current(str(_settings(row)["form"]), operation)
        words = told.get(row.subject)
        if form is not None and words is not None:
            found.append(Campaign(row.subject, words["reference"], words["who"], form.hash))
    return found


def _settings(row: Course) -> dict[str, str]:
    return version(row.procedure).settings.get("sends_survey") or {}


def _approves(row: Course) -> bool:
    """Whether the questionnaire passed the stages before the one from which it may be sent."""
    told = _settings(row)
    if not told or row.phase not in ("open", "approved"):
        return False
    return row.phase == "approved" or _reached(version(row.procedure).circuit, row.stage or "", str(told["from"]))


def _reached(circuit: Circuit, stage: str, wanted: str) -> bool:
    names = [one.id for one in circuit.stages]
    return stage in names and wanted in names and names.index(stage) >= names.index(wanted)


# -- how far they are ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Numbers:
    """asked: households of the list; sent: letters that left; finished: those who answered; relocated: households of
    the operation that moved. declined: those who said that they do not wish to answer.
    """

    asked: int = 0
    sent: int = 0
    finished: int = 0
    declined: int = 0
    relocated: int = 0


def how_far(rows: Iterable[Survey]) -> dict[str, Counter[str]]:
    """{survey: asked, sent, finished, declined}."""
    ids = [row.id for row in rows]
    found: dict[str, Counter[str]] = {one: Counter() for one in ids}
    of_survey = Recipient.survey_id.in_(ids)
    for one, asked, sent in db.session.execute(
        select(Recipient.survey_id, func.count(), func.count(Recipient.sent_on))
        .where(of_survey)
        .group_by(Recipient.survey_id)
    ):
        found[one].update(asked=asked, sent=sent)
    counted = select(Answers.survey_id, Answers.agreed, func.count()).where(Answers.finished_for.is_not(None))
    counted = counted.where(Answers.survey_id.in_(ids)).group_by(Answers.survey_id, Answers.agreed)
    for one, agreed, count in db.session.execute(counted):
        found[one]["finished" if agreed else "declined"] += count
    return found
