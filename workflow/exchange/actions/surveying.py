"""Part of the demonstration: at La Duchère a questionnaire is approved, sixty letters go out, forty answers come back.

Played through the real actions, so that the figures of the survey are counted and nowhere written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from workflow import clock
from workflow.access import Identity
from workflow.approvals.models import Course, Voter
from workflow.catalogue.queries import current, version
from workflow.db import Scope, db, scoped
from workflow.dossiers import actions as dossiers
from workflow.dossiers import queries as files
from workflow.dossiers.actions import Decision
from workflow.dossiers.models import Household
from workflow.exchange.rules.invented import duchere
from workflow.operations.models import Building
from workflow.people import queries as who
from workflow.people.models import Assignment, Person
from workflow.record.queries import text
from workflow.surveys.actions import answering, beginning, following, rereading
from workflow.surveys.actions.answering import Way
from workflow.surveys.models import KEEP, MASK, Recipient, Survey
from workflow.surveys.queries import open_answers
from workflow.surveys.queries.recipients import by_code
from workflow.surveys.queries.sheets import Sheet, opened

Said = dict[str, Any]
CAMPAIGN = "campagne-satisfaction"
AFTER_THE_MOVE, ANSWERED = timedelta(days=40), timedelta(days=12)
"""How long ago the letters left, and how many days later answers begin to come."""


def an_approved_questionnaire(operation: str, name: str = "Enquête sur les relogements") -> str:
    """A campaign whose questionnaire everybody who is asked approves; its subject."""
    published = current(CAMPAIGN, operation)
    if published is None:
        raise LookupError(CAMPAIGN)
    manager = _manager(operation)
    row, _new = dossiers.begin_for_operation(manager, operation, published)
    page = {"A": {"A1": name, "A2": "Ménages relogés", "A3": 6}}
    dossiers.write_answers(manager, row.reference, page)
    dossiers.submit(manager, row.reference, files.file(manager, row.reference).known.course.version)
    wanted = published.settings["sends_survey"]["from"]
    while _stage(row.subject) != wanted:
        _everybody_agrees(row.subject, row.reference)
    return row.subject


def _stage(subject: str) -> str | None:
    return db.session.scalar(select(Course.stage).where(Course.subject == subject))


def _everybody_agrees(subject: str, reference: str) -> None:
    """Whoever the open steps wait for says yes; who has said it is asked no more."""
    asked = select(Voter).where(Voter.subject == subject, Voter.decided.is_(False)).order_by(Voter.step, Voter.person)
    voter = db.session.scalars(asked).first()
    if voter is None:
        raise LookupError("nobody is asked")
    course = db.session.get_one(Course, subject)
    opinion = version(course.procedure).circuit.step(voter.step).kind.value == "opinion"
    row = files.by_reference(reference)
    decision = Decision(
        command="GiveOpinion" if opinion else "Approve",
        step=voter.step,
        version=files.file(_identity(voter.person), reference).known.course.version,
        shown=files.present_set(row).fingerprint,
        **({"opinion": "favourable"} if opinion else {}),
    )
    dossiers.decide(_identity(voter.person), reference, decision)


def _manager(operation: str) -> Identity:
    asked = select(Assignment.person_id).where(
        Assignment.operation_id == operation, Assignment.role == "chef_de_projet"
    )
    return _identity(db.session.scalars(asked).first() or "")


def _identity(person: str) -> Identity:
    return who.identity_of_person(db.session.get_one(Person, person))


# -- La Duchère ---------------------------------------------------------------------------------------------------


def survey_of_la_duchere(description: Mapping[str, Any]) -> None:
    """The operation is installed. Households moved, are asked, and forty answer by link, paper and telephone."""
    operation = str(description["slug"])
    with scoped(Scope(frozenset((operation,)))):
        homes = duchere.households(dict(description))
        with clock.at(clock.now() - AFTER_THE_MOVE):
            _moved(operation, homes[: duchere.ASKED])
            campaign = an_approved_questionnaire(operation, "Enquête de la première phase")
            until = clock.today() + timedelta(days=75)
            manager = _identity(duchere.MANAGER)
            row = beginning.begin(manager, operation, campaign, "Enquête de la première phase", until)
        _moved(operation, homes[duchere.ASKED :])
        _letters(row)
        _answers(row)
        _meanwhile(row)


def _moved(operation: str, homes: list[Said]) -> None:
    buildings = {row.slug: row.id for row in db.session.scalars(select(Building))}
    for told in homes:
        columns = {name: value for name, value in told.items() if name != "building"}
        columns |= {"building_id": buildings[told["building"]], "referent": duchere.DESK}
        row = dossiers.put_household(operation, columns, by="demonstration")
        row.lang = told["lang"]
        dossiers.set_state(row, "moved", duchere.DESK)


def _letters(row: Survey) -> None:
    day = clock.today() - AFTER_THE_MOVE + timedelta(days=2)
    following.letters_left(row, [one.household_id for one in _recipients(row)], "post", day, duchere.DESK)


def _recipients(row: Survey) -> list[Recipient]:
    asked = select(Recipient).join(Household, Household.id == Recipient.household_id)
    return list(db.session.scalars(asked.where(Recipient.survey_id == row.id).order_by(Household.reference)))


def _answers(row: Survey) -> None:
    for rank, (recipient, (lang, way, said)) in enumerate(zip(_recipients(row), duchere.answers(), strict=False)):
        with clock.at(clock.now() - AFTER_THE_MOVE + ANSWERED + timedelta(hours=9 * rank)):
            _answer(row, recipient, Way(way, "" if way == "link" else duchere.DESK, lang=lang), said)


def _answer(row: Survey, recipient: Recipient, way: Way, said: Said) -> None:
    if way.channel == "link":
        found = by_code(text(recipient.code) or "")
        stored = answering.begin_by_code(row, found or recipient, way.lang)
    else:
        stored = answering.begin_keying(_identity(duchere.DESK), row.id, recipient.id, way)
    sheet = Sheet(row, stored, opened(row, stored), way.lang)
    for section, answers in said.items():
        answering.save(sheet, recipient, section, dict(_posted(f"data:{section}", answers)))
    answering.finish(sheet, recipient, way.person or "household")


def _posted(name: str, answers: Said) -> list[tuple[str, Any]]:
    """Answers as a page sends them."""
    found: list[tuple[str, Any]] = []
    for key, value in answers.items():
        inside = isinstance(value, dict)
        found += _posted(f"{name}:{key}", value) if inside else [(f"{name}:{key}", value)] if value else []
    return found


def _meanwhile(row: Survey) -> None:
    """Letters come back, somebody stops in the middle, reminders leave, words are read again, a call is made."""
    left = _recipients(row)[duchere.ANSWERED :]
    desk = _identity(duchere.DESK)
    for recipient, why in zip(left, ("moved", "address", "unclaimed"), strict=False):
        following.say_returned(desk, row.id, recipient.id, why, clock.today() - timedelta(days=20))
    for recipient in left[3:5]:
        stored = answering.begin_by_code(row, recipient, recipient.lang)
        sheet = Sheet(row, stored, opened(row, stored), recipient.lang)
        answering.save(sheet, recipient, "B", {"data:B:Q2": "plutot"})
    silent = [one.household_id for one in left[3:]]
    following.reminders_left(row, silent, clock.today() - timedelta(days=10), duchere.DESK)
    _reread(row)


def _reread(row: Survey) -> None:
    """All but the last that is awaited; the one that names a neighbour is put otherwise."""
    manager = _identity(duchere.DESK)
    questions = open_answers.open_questions(manager, row)
    waiting = [one for several in open_answers.open_answers(row, questions).values() for one in several]
    for one in waiting[:-2]:
        named = "Gonnet" in one.words
        instead = one.words.replace("Madame Gonnet, du premier,", "[…]") if named else ""
        rereading.reread(manager, row.id, (one.answers, one.path), MASK if named else KEEP, instead)
