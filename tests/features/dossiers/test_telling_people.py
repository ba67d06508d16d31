"""Whoever a fact concerns is told once, in words that name nobody; who did it is not told."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests import factories
from tests.cast import BRUNO, CLAIRE, FRANCOIS, HELENE, JULIEN, KARIM, MIREILLE, NADIA, PATRICE, SONIA
from tests.features.approvals.seating import a_sitting, enter, seat_of
from tests.features.conftest import SignIn
from workflow import clock, outbox
from workflow.approvals import actions as approvals
from workflow.approvals.models import Task
from workflow.circuit import commands as c
from workflow.db import db
from workflow.dossiers.models import Dossier, Household, Notice
from workflow.mail import Mail
from workflow.outbox import Outbox
from workflow.people.actions import end_assignment
from workflow.people.models import Assignment, Person
from workflow.record.queries import facts

COMMITTEE = (HELENE, FRANCOIS, MIREILLE)


def settled(row: Dossier) -> Dossier:
    """Every job done; the dossier as it stands then."""
    reference = row.reference
    db.session.rollback()
    outbox.drain()
    return factories.dossier_of(reference)


def told(row: Dossier, what: str) -> set[str]:
    """Persons told of this, "" being the household."""
    return {notice.person for notice in db.session.query(Notice).filter_by(subject=row.subject, what=what)}


def mails_to(person: str) -> list[Mail]:
    address = db.session.get_one(Person, person).email
    return db.session.query(Mail).filter_by(to=address).order_by(Mail.made_at).all()


@pytest.fixture
def referent_bruno(app: Flask) -> None:
    for household in db.session.query(Household):
        household.referent = BRUNO
    db.session.commit()


def test_the_next_persons_learn_that_something_waits_and_who_handed_it_on_does_not(app: Flask) -> None:
    row = settled(factories.a_submitted_dossier())
    assert told(row, "asked") == {SONIA, KARIM}
    assert [len(mails_to(person)) for person in (SONIA, KARIM, CLAIRE)] == [1, 1, 0]


def test_mails_name_no_household_and_no_answer(app: Flask) -> None:
    row = settled(factories.a_dossier_before_the_committee())
    for slug in COMMITTEE:
        factories.decide(slug, row, "Approve", "validation")
    row = settled(row)
    home = row.household
    secrets = [home.name, home.name.split()[-1], home.reference, row.reference, home.address, home.dwelling]
    mails = db.session.query(Mail).all()
    assert len(mails) > 5
    for mail in mails:
        assert [secret for secret in secrets if secret in mail.subject + mail.body] == []


def test_each_mail_carries_a_link_of_its_own_of_which_only_a_mark_is_kept(app: Flask) -> None:
    settled(factories.a_submitted_dossier())
    bodies = [mail.body for person in (SONIA, KARIM) for mail in mails_to(person)]
    tokens = {re.search(r"/n/([\w-]+)", body)[1] for body in bodies}
    assert len(tokens) == 2
    assert not tokens & {notice.token_hash for notice in db.session.query(Notice)}


@pytest.mark.complaint(15)
def test_a_dossier_that_comes_back_is_told_to_who_carries_it(app: Flask) -> None:
    row = factories.a_submitted_dossier()
    factories.decide(SONIA, row, "SendBack", "visa_bailleur", reason="Le loyer ne correspond pas.", sections=("E",))
    row = settled(row)
    assert told(row, "returned") == {CLAIRE}
    assert "loyer" not in mails_to(CLAIRE)[0].body


def test_a_dossier_sent_back_by_who_carries_it_is_no_news_to_them(app: Flask) -> None:
    row = factories.a_dossier_before_the_household()
    factories.decide(CLAIRE, row, "SendBack", "lecture_menage", reason="Une erreur de saisie.")
    assert told(settled(row), "returned") == set()


def test_the_household_is_to_read_and_only_its_referent_is_asked_to_see_it(app: Flask, referent_bruno: None) -> None:
    row = settled(factories.a_dossier_before_the_household())
    assert told(row, "reading") == {""}
    assert told(row, "asked") == {BRUNO}


def test_what_was_done_before_the_news_left_is_not_announced(app: Flask) -> None:
    row = settled(factories.a_dossier_before_the_committee())  # each acted before any job ran
    assert SONIA not in told(row, "asked")
    assert told(row, "reading") == set()


@pytest.mark.complaint(24)
def test_everybody_who_follows_learns_the_outcome_and_so_does_the_household(app: Flask, referent_bruno: None) -> None:
    row = settled(factories.a_dossier_before_the_committee())
    assert {*COMMITTEE, PATRICE} <= told(row, "asked")
    for slug in COMMITTEE:
        factories.decide(slug, row, "Approve", "validation")
    assert told(settled(row), "validated") == {CLAIRE, BRUNO, ""}


def test_a_refusal_is_told_to_the_household_too(app: Flask) -> None:
    row = settled(factories.a_dossier_before_the_committee())
    for slug in COMMITTEE:
        factories.decide(slug, row, "Refuse", "validation", reason="Il manque des pièces.")
    row = settled(row)
    assert "" in told(row, "refused")
    assert told(row, "validated") == set()


@pytest.mark.complaint(15)
def test_the_same_job_run_again_tells_nobody_twice(app: Flask) -> None:
    row = settled(factories.a_dossier_before_the_household())
    before = db.session.query(Notice).count(), db.session.query(Mail).count()
    for job in db.session.query(Outbox).filter_by(kind="dossiers.tell"):
        job.state, job.next_at = outbox.PENDING, job.made_at
    db.session.commit()
    settled(row)
    assert (db.session.query(Notice).count(), db.session.query(Mail).count()) == before


@pytest.mark.complaint(22)
def test_reminders_carry_a_personal_link_and_the_dossier_shows_the_last_one(app: Flask, desk: Callable) -> None:
    row = settled(factories.a_submitted_dossier())
    remind_at = db.session.query(Task).filter_by(subject=row.subject).one().remind_at
    db.session.rollback()
    with clock.at(remind_at):
        approvals.pass_time()
        row = settled(row)
    assert told(row, "reminded") == {SONIA, KARIM}
    assert "/n/" in mails_to(SONIA)[-1].body
    assert desk(CLAIRE, row).get().last.text.count("told") > 0


@pytest.mark.complaint(24)
def test_a_step_that_stays_late_is_told_to_who_carries_the_dossier_then_to_the_manager(app: Flask) -> None:
    row = settled(factories.a_submitted_dossier())
    due = db.session.query(Task).filter_by(subject=row.subject).one().due
    db.session.rollback()
    with clock.at(due + timedelta(days=10)):
        approvals.pass_time()
        row = settled(row)
    assert told(row, "overdue") == {CLAIRE}
    assert told(row, "escalated") == {NADIA}


def test_a_decision_taken_back_is_told_to_whoever_had_heard_of_it(app: Flask) -> None:
    row = factories.a_submitted_dossier()
    factories.decide(SONIA, row, "SendBack", "visa_bailleur", reason="Un doute.")
    row = settled(row)
    approvals.act_as(factories.identity(SONIA), row.subject, c.TakeBack(), factories.version(row))
    db.session.commit()
    assert told(settled(row), "taken_back") == {CLAIRE}


def test_a_letter_that_says_what_is_no_longer_so_leaves_the_list(app: Flask) -> None:
    for household in db.session.query(Household):
        household.email = None
    row = settled(factories.a_dossier_before_the_household())
    factories.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen")
    row = settled(row)
    [notice] = db.session.query(Notice).filter_by(subject=row.subject, what="reading")
    assert notice.state == "dropped"


def test_who_holds_nothing_in_the_operation_any_more_is_not_told(app: Flask) -> None:
    row = settled(factories.a_submitted_dossier())
    for held in db.session.query(Assignment).filter_by(person_id=CLAIRE):
        held.ended_at = clock.now() - timedelta(hours=1)
    db.session.commit()
    approvals.act_as(
        factories.identity(SONIA),
        row.subject,
        c.SendBack(step="visa_bailleur", shown=_shown(row), reason_ref="x", sections=()),
        0,
    )
    db.session.commit()
    assert CLAIRE not in told(settled(row), "returned")


def _shown(row: Dossier) -> str:
    return factories.queries.present_set(row).fingerprint


def test_what_lies_far_back_is_no_news(app: Flask) -> None:
    with clock.at(clock.now() - timedelta(days=60)):
        row = factories.a_submitted_dossier()
    row = settled(row)
    assert db.session.query(Notice).filter_by(subject=row.subject).count() == 0


def test_whoever_may_hold_a_paper_that_no_longer_counts_is_told(app: Flask) -> None:
    row = settled(factories.a_validated_dossier())
    factories.decide(NADIA, row, "Cancel", "", reason="Ouvert deux fois.")
    row = settled(row)
    assert {"", CLAIRE, SONIA, BRUNO, *COMMITTEE} <= told(row, "voided")
    assert NADIA not in told(row, "voided")
    assert not told(row, "stopped")


def test_where_too_few_may_read_the_file_to_decide_on_it_who_looks_after_the_procedure_learns_it(app: Flask) -> None:
    row = settled(factories.a_dossier_before_the_committee(agreements=("actis",)))
    assert told(row, "too_few") == {NADIA}
    for slug in (HELENE, PATRICE):
        factories.decide(slug, row, "Approve", "validation")
    row = settled(row)
    assert told(row, "validated") == set()
    assert len([one for one in mails_to(NADIA) if "more voices than" in one.body or "plus de voix" in one.body]) == 1


def leave(*persons: str) -> None:
    """All they hold ends, as an administrator ends it."""
    for held in db.session.query(Assignment).filter(Assignment.person_id.in_(persons)):
        end_assignment(held, NADIA)
    db.session.commit()


def test_where_the_last_who_could_decide_leave_it_is_told_at_once_and_once(app: Flask, sign_in: SignIn) -> None:
    row = settled(factories.a_submitted_dossier())
    leave(SONIA)
    row = settled(row)
    assert told(row, "nobody") == set(), "another one of the landlord may still decide"
    leave(KARIM)
    row = settled(row)
    assert told(row, "nobody") == {NADIA}
    approvals.refresh("mistral")
    db.session.commit()
    row = settled(row)
    assert [fact.kind for fact in facts(row.subject)].count("Escalated") == 1
    shown = sign_in(NADIA).get("/operations/mistral/under-way").text
    assert "Nobody may decide here now" in shown or "Personne ne peut décider ici" in shown


def test_who_withdraws_in_a_sitting_may_leave_too_few(app: Flask) -> None:
    row = settled(factories.a_dossier_before_the_committee())
    sitting = a_sitting(row)
    enter(sitting, row, "adjourn", withdrawn={seat_of(one): "Un proche." for one in (PATRICE, FRANCOIS, MIREILLE)})
    assert told(settled(row), "too_few") == {NADIA}


def test_who_leaves_may_be_the_last_one_a_decision_waited_for(app: Flask) -> None:
    row = factories.a_dossier_before_the_committee()
    for slug, said in ((HELENE, "Approve"), (PATRICE, "Approve"), (FRANCOIS, "Refuse")):
        factories.decide(slug, row, said, "validation", **({"reason": "Trop loin."} if said == "Refuse" else {}))
    row = settled(row)
    assert not row.closed, "the fourth organisation and the fifth could still refuse it"
    leave(MIREILLE, JULIEN)
    assert told(settled(row), "validated") >= {CLAIRE}
