"""The whole course of a dossier: who, for whom, in what capacity, on which version, when, and what it led to."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from tests import factories
from tests.cast import BRUNO, CLAIRE, FRANCOIS, HELENE, KARIM, MONIQUE, NADIA, PATRICE, SONIA
from workflow import clock, outbox
from workflow.approvals import actions as approvals
from workflow.approvals.models import Task
from workflow.circuit import commands as c
from workflow.db import db
from workflow.dossiers.models import Dossier, Notice
from workflow.mail import Mail
from workflow.people import actions as people
from workflow.people.actions import AbsenceDraft
from workflow.people.models import Person

RENT = "data:D:D_loyer:D2_loyer"
NONE: set[str] = set()


def settled(row: Dossier) -> Dossier:
    reference = row.reference
    db.session.rollback()
    outbox.drain()
    return factories.dossier_of(reference)


def told(row: Dossier, what: str) -> set[str]:
    return {notice.person for notice in db.session.query(Notice).filter_by(subject=row.subject, what=what)}


def read(sign_in: Callable, person: str, row: Dossier, more: str = "/course") -> str:
    path = f"/dossiers/{row.reference}{more}"
    db.session.rollback()
    return unescape(sign_in(person).get(path).text)


def corrected(row: Dossier, desk: Callable, section: str, **typed: str) -> Dossier:
    """Sent back by a seat of the committee on one section, corrected by Claire, sent again; every job done."""
    factories.decide(FRANCOIS, row, "SendBack", "validation", reason="À revoir.", sections=(section,))
    row = settled(row)
    if typed:
        desk(CLAIRE, row).get(f"/fill/{section}").send(f"/fill/{section}", **typed)
    factories.resubmit(factories.dossier_of(row.reference))
    return settled(row)


def test_each_act_says_who_for_whom_in_what_capacity_and_on_which_version(app: Flask, sign_in: Callable) -> None:
    page = read(sign_in, NADIA, factories.a_dossier_before_the_committee())
    assert "Sonia Mendès (ACTIS)" in page and "Référent du bailleur" in page
    concerned, entered = page.index("personne concernée"), page.index("Bruno Castel")
    assert concerned < entered, "the capacity stands beside whoever has it, not beside who entered it"
    assert page.count("1 des réponses") + page.count("1 of the answers") == 3
    assert "Commission relogement" in page, "what is still to come"


def test_a_decision_that_survived_a_correction_is_named_and_its_owner_told(
    app: Flask, sign_in: Callable, desk: Callable
) -> None:
    row = corrected(factories.a_dossier_before_the_committee(), desk, "H")
    assert (told(row, "kept"), told(row, "fallen"), told(row, "again")) == ({SONIA}, NONE, NONE)
    assert "Co-valider le diagnostic" in read(sign_in, NADIA, row).split("Corrigé et renvoyé")[1]
    assert "still counts" in (page := read(sign_in, SONIA, row, "")) or "compte toujours" in page


@pytest.mark.complaint(14)
def test_a_decision_that_fell_is_told_with_its_reason_to_who_gave_it(
    app: Flask, sign_in: Callable, desk: Callable
) -> None:
    row = factories.a_dossier_before_the_committee()
    factories.decide(HELENE, row, "Approve", "validation")
    row = corrected(settled(row), desk, "D", **{RENT: "555,55"})
    assert told(row, "again") == {SONIA}, "the landlord is asked again at once: one mail, not two"
    assert told(row, "fallen") == {HELENE}
    assert told(row, "kept") == NONE
    db.session.rollback()
    waiting = unescape(sign_in(SONIA).get("/waiting").text)
    assert "your decision no longer counts" in waiting or "votre décision ne compte plus" in waiting
    assert "no longer counts" in (page := read(sign_in, SONIA, row, "")) or "ne compte plus" in page
    factories.decide(SONIA, row, "Approve", "visa_bailleur")
    factories.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen")
    page = read(sign_in, HELENE, row, "/decide/approve/validation")
    assert "no longer counts" in page or "ne compte plus" in page, "in her turn, she reads why"


@pytest.mark.complaint(44)
def test_what_came_by_itself_and_what_the_manager_did_are_told_apart(app: Flask, sign_in: Callable) -> None:
    row = factories.a_submitted_dossier()
    due = db.session.query(Task).filter_by(subject=row.subject).one().due
    approvals.act_as(factories.identity(NADIA), row.subject, c.Remind(step="visa_bailleur"), factories.version(row))
    db.session.commit()
    with clock.at(due + timedelta(hours=1)):
        approvals.pass_time()
        factories.decide(SONIA, row, "Approve", "visa_bailleur")
    page = read(sign_in, CLAIRE, row)
    assert "automatique" in page or "by itself" in page
    assert "intervention" in page
    assert "state-late" in page, "given after its deadline"


@pytest.mark.complaint(20)
def test_who_decides_for_somebody_away_stands_with_both_names(app: Flask, sign_in: Callable) -> None:
    row = factories.a_submitted_dossier()
    today = clock.today()
    people.put_absence(SONIA, AbsenceDraft(PATRICE, today, today, ["diagnostic-social", "fiche-relais"]), SONIA)
    approvals.refresh("mistral")
    db.session.commit()
    row = settled(row)
    factories.decide(PATRICE, row, "Approve", "visa_bailleur")
    page = read(sign_in, NADIA, row)
    assert "Patrice Odier (ACTIS), " in page
    assert "Sonia Mendès" in page


def test_the_mail_to_a_substitute_says_in_whose_place_something_is_asked(app: Flask) -> None:
    row = factories.a_filled_dossier()
    today = clock.today()
    people.put_absence(SONIA, AbsenceDraft(PATRICE, today, today), SONIA)
    db.session.commit()
    factories.resubmit(row)
    row = settled(row)
    bodies = {
        slug: [m.body for m in db.session.query(Mail).filter_by(to=db.session.get_one(Person, slug).email)]
        for slug in (PATRICE, KARIM)
    }
    assert any("Sonia Mendès" in body for body in bodies[PATRICE] if "/n/" in body)
    assert not any("Sonia Mendès" in body for body in bodies[KARIM])


def test_a_stranger_finds_no_course(app: Flask, sign_in: Callable) -> None:
    row = factories.a_dossier_before_the_committee()
    path, family = f"/dossiers/{row.reference}/course", row.household.name
    db.session.rollback()
    assert sign_in(MONIQUE).get(path).status_code == 404
    assert family in unescape(sign_in(BRUNO).get(path).text)
    seat = unescape(sign_in(HELENE).get(path).text)
    assert "Sonia Mendès" in seat
    assert family not in seat, "the committee reads no name of a household"
