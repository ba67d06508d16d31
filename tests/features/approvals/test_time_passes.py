"""Time passes: working days of the operation, reminders without a salvo, silence that decides and is told."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests import factories, museum
from tests.cast import BRUNO, CLAIRE, NADIA
from workflow import clock, outbox
from workflow.approvals import actions as approvals
from workflow.approvals.models import Task
from workflow.circuit.deadlines import last_day
from workflow.db import db
from workflow.dossiers import actions
from workflow.dossiers.models import Dossier, Notice
from workflow.mail import Mail
from workflow.operations import actions as operations
from workflow.operations.models import Operation
from workflow.people.models import Person
from workflow.record.queries import facts

FORM = """| survey |
| | type | name | label::Français (fr) | label::English (en) | bind::relais:level | bind::relais:purpose |
| | begin group | home | Le logement | The dwelling | | |
| | text | wish | Ce que vous souhaitez | What you wish | V1 | souhaits |
| | end group | | | | | |

| settings |
| | form_id | version | default_language |
| | waiting | 1 | Français (fr) |
"""
CIRCUIT = """
circuit: museum
label: {fr: "Musée", en: "Museum"}
managed_by: {role: [chef_de_projet]}
stages:
  - id: fill
    label: {fr: "Remplir", en: "Fill in"}
    steps:
      - {id: filling, label: {fr: "Remplir", en: "Fill in"}, kind: fill, who: {role: [cesf]}, sees: author}
  - id: read
    label: {fr: "Lire", en: "Read"}
    steps:
      - id: reading
        label: {fr: "Relire", en: "Read again"}
        kind: %(kind)s
        who: {role: agent_relogement}
        sees: author
        delay: 5
        reminders: [-3, -2, -1, 1, 2]
        escalation: {after: 3, to: {role: chef_de_projet}}
        separate_from: [filling]
%(tacit)s
  - id: end
    label: {fr: "Décider", en: "Decide"}
    steps:
      - {id: ending, label: {fr: "Décider", en: "Decide"}, kind: approval, who: {role: chef_de_projet}, sees: author}
"""


def waiting(folder: Path, kind: str = "visa", tacit: str = "") -> Dossier:
    """A dossier that waits for the desk officer, for five working days."""
    told = {"kind": kind, "tacit": f"        tacit: {tacit}" if tacit else ""}
    row = museum.a_museum(folder, form=FORM, circuit=CIRCUIT % told)
    actions.write_answers(factories.identity(CLAIRE), row.reference, {"home": {"wish": "Un balcon"}})
    factories.resubmit(row)
    return settled(row)


def settled(row: Dossier) -> Dossier:
    """Every job done; the dossier as it stands then."""
    reference = row.reference
    db.session.rollback()
    outbox.drain()
    return factories.dossier_of(reference)


def passes(row: Dossier, days: float) -> Dossier:
    """The clock strikes once, so many days after the deadline of that step, and jobs run."""
    due = db.session.query(Task).filter_by(subject=row.subject).one().due
    db.session.rollback()
    with clock.at(due + timedelta(days=days)):
        approvals.pass_time()
        return settled(row)


def told(row: Dossier, what: str) -> set[str]:
    return {notice.person for notice in db.session.query(Notice).filter_by(subject=row.subject, what=what)}


def mails_to(person: str) -> list[Mail]:
    address = db.session.get_one(Person, person).email
    return db.session.query(Mail).filter_by(to=address).order_by(Mail.made_at).all()


@pytest.mark.parametrize(
    ("kind", "tacit", "news"),
    [
        ("visa", "approve", "silence_yes"),
        ("visa", "refuse", "silence_no"),
        ("opinion", "no_opinion", "silence"),
    ],
)
def test_silence_decides_and_is_told_to_who_follows_and_to_who_did_not_answer(
    app: Flask, tmp_path: Path, kind: str, tacit: str, news: str
) -> None:
    row = passes(waiting(tmp_path, kind, tacit), 0.01)
    assert told(row, news) == {CLAIRE, BRUNO}
    assert told(row, "overdue") == told(row, "reminded") == set(), "one piece of news, not three"
    assert "StepOverdue" in {fact.kind for fact in facts(row.subject)}, "overdue is an event all the same"


def test_what_silence_decided_says_so_in_the_history_and_opens_what_follows(
    app: Flask, tmp_path: Path, sign_in: Callable
) -> None:
    row = passes(waiting(tmp_path, "visa", "approve"), 0.01)
    assert told(row, "asked") == {BRUNO, NADIA}
    reference = row.reference
    db.session.rollback()
    page = sign_in(CLAIRE).get(f"/dossiers/{reference}/course").text
    assert "Décision par silence" in page or "silence" in page


@pytest.mark.complaint(40)
def test_after_a_time_off_each_gets_one_mail_and_not_a_salvo(app: Flask, tmp_path: Path) -> None:
    row = waiting(tmp_path)
    before = {person: len(mails_to(person)) for person in (BRUNO, CLAIRE, NADIA)}
    row = passes(row, 30)
    got = {person: len(mails_to(person)) - count for person, count in before.items()}
    assert got == {BRUNO: 1, CLAIRE: 1, NADIA: 1}
    assert (told(row, "reminded"), told(row, "overdue"), told(row, "escalated")) == ({BRUNO}, {CLAIRE}, {NADIA})
    row = passes(row, 31)
    assert {person: len(mails_to(person)) - count for person, count in before.items()} == got


@pytest.mark.complaint(22)
def test_a_reminder_names_no_household_and_leads_to_its_page(app: Flask, tmp_path: Path) -> None:
    row = passes(waiting(tmp_path), -1)
    mail = mails_to(BRUNO)[-1]
    assert "/n/" in mail.body
    secrets = (row.household.name, row.household.reference, row.reference, row.household.address)
    assert [one for one in secrets if one in mail.subject + mail.body] == []


def test_a_reminder_to_a_household_goes_to_who_records_what_it_says(app: Flask) -> None:
    row = settled(factories.a_dossier_before_the_household())
    row = passes(row, -1)
    assert told(row, "reminded") <= {CLAIRE, BRUNO}
    assert told(row, "reminded")


# -- working days of the operation --------------------------------------------------------------------------------

MONDAY = datetime(2027, 3, 22, 9, tzinfo=UTC)  # Good Friday is on the 26th, Easter Monday on the 29th


def due_day(folder: Path) -> date:
    row = waiting(folder)
    return last_day(db.session.query(Task).filter_by(subject=row.subject).one().due, "Europe/Paris")


@pytest.mark.parametrize(
    ("calendar", "day"),
    [
        ({"alsace_moselle": False, "closed": []}, date(2027, 3, 30)),
        ({"alsace_moselle": True, "closed": []}, date(2027, 3, 31)),
        ({"alsace_moselle": True, "closed": [date(2027, 3, 24)]}, date(2027, 4, 1)),
    ],
)
def test_a_deadline_counts_the_working_days_of_its_operation(
    app: Flask, tmp_path: Path, calendar: dict, day: date
) -> None:
    row = db.session.get_one(Operation, "mistral")
    told_of = {name: getattr(row, name) for name in ("name", "city", "owner", "starts", "ends")}
    operations.change_operation("mistral", told_of | {"calendar": calendar}, row.version, NADIA)
    db.session.commit()
    with clock.at(MONDAY):
        assert due_day(tmp_path) == day


def test_closed_days_are_typed_as_one_writes_them_and_a_word_that_is_none_is_said(
    app: Flask, sign_in: Callable
) -> None:
    nadia, path = sign_in(NADIA), "/operations/mistral/change"
    typed = {"name": "Mistral", "city": "Grenoble", "owner": "grenoble", "zone": "Europe/Paris", "version": "1"}
    answer = nadia.post(path, data=typed | {"closed": "24/12/2026, demain"})
    assert answer.status_code == 422
    assert "demain" in answer.text
    answer = nadia.post(path, data=typed | {"closed": "24/12/2026\n2026-12-31", "alsace_moselle": "y"})
    assert answer.status_code == 303
    db.session.rollback()
    kept = db.session.get_one(Operation, "mistral").figures
    assert kept["calendar"] == {"alsace_moselle": True, "closed": ["2026-12-24", "2026-12-31"]}
    assert kept["zones"], "the rest of what is known stays"
    page = nadia.get(path).text
    assert "24/12/2026" in page
