"""Somebody is away: the substitute finds the work, acts on their behalf, and the record says both names."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from tests import factories
from tests.cast import BRUNO, CLAIRE, FRANCOIS, HELENE, INES, JULIEN, KARIM, NADIA, PATRICE, SONIA
from workflow import access, clock
from workflow.approvals import actions, queries
from workflow.approvals.models import Voter
from workflow.db import db, new_id
from workflow.dossiers import queries as dossiers
from workflow.dossiers.queries.listing import readable
from workflow.dossiers.queries.paper import decisions
from workflow.errors import NotFound, Refused
from workflow.operations.queries import operation
from workflow.people import actions as people
from workflow.people.actions import AbsenceDraft
from workflow.people.models import Absence
from workflow.record.queries import facts


def away(person: str, substitute: str, first: int = 0, last: int = 5, procedures: list[str] | None = None) -> None:
    today = clock.today()
    draft = AbsenceDraft(substitute, today + timedelta(days=first), today + timedelta(days=last), procedures or [])
    people.put_absence(person, draft, person)
    actions.refresh("mistral")  # the job that follows an absence
    db.session.commit()


def test_the_substitute_finds_the_task_and_whose_it_is(app: Flask, sign_in) -> None:
    factories.a_submitted_dossier()
    away(SONIA, PATRICE)
    db.session.rollback()
    page = sign_in(PATRICE).get("/waiting").text
    assert "Co-valider le diagnostic" in page
    assert "Sonia Mendès" in page


@pytest.mark.complaint(20)
def test_a_decision_of_the_substitute_carries_both_names(app: Flask, sign_in) -> None:
    row = factories.a_submitted_dossier()
    reference = row.reference
    away(SONIA, KARIM)
    factories.decide(KARIM, row, "Approve", "visa_bailleur")
    away(HELENE, NADIA)
    vote = queries.standing(row.subject).state.votes_at("visa_bailleur")[0]
    assert vote.by.person == KARIM, "his own voice comes first: the same organisation, any one is enough"
    factories.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen")
    people.assign(JULIEN, "association", "prefecture-isere", "mistral", since=clock.today())
    away(FRANCOIS, JULIEN)
    factories.decide(JULIEN, row, "Approve", "validation")
    factories.decide(JULIEN, row, "Approve", "validation")
    votes = queries.standing(row.subject).state.votes_at("validation")
    assert [(vote.voice.person, vote.by.person, vote.by.on_behalf_of) for vote in votes] == [
        (JULIEN, JULIEN, None),
        (FRANCOIS, JULIEN, FRANCOIS),
    ]
    zone = ZoneInfo(operation("mistral").zone)
    told = decisions.rows(queries.standing(row.subject).published, facts(row.subject), "fr", zone)
    assert any("Julien Bressan" in line["capacity"] and "François Delaunay" in line["capacity"] for line in told)
    db.session.rollback()
    page = sign_in(CLAIRE).get(f"/dossiers/{reference}").text
    assert "François Delaunay" in page
    assert "Julien Bressan" in page


@pytest.mark.parametrize(("first", "last"), [(1, 5), (-5, -1)])
def test_outside_its_days_an_absence_gives_nothing(app: Flask, first: int, last: int) -> None:
    row = factories.a_submitted_dossier()
    today = clock.today()
    days = {"first_day": today + timedelta(days=first), "last_day": today + timedelta(days=last)}
    db.session.add(
        Absence(
            id=new_id(),
            person_id=SONIA,
            substitute_id=INES,
            procedures=[],
            declared_by=SONIA,
            declared_at=clock.now(),
            withdrawn_at=None,
            **days,
        )
    )
    db.session.commit()
    assert not [grant for grant in factories.identity(INES).grants if grant.on_behalf_of]
    with pytest.raises(NotFound):
        factories.decide(INES, row, "Approve", "visa_bailleur")


def test_an_absence_for_other_procedures_gives_no_decision_here(app: Flask) -> None:
    row = factories.a_submitted_dossier()
    away(SONIA, PATRICE, procedures=["convention"])
    assert db.session.query(Voter).filter_by(person=PATRICE).count() == 0
    with pytest.raises(NotFound):
        factories.decide(PATRICE, row, "Approve", "visa_bailleur")


def test_an_absence_for_some_procedures_lends_reading_of_those_only(app: Flask, sign_in) -> None:
    row = factories.a_submitted_dossier()
    reference, household, name = row.reference, row.household_id, row.household.name
    away(NADIA, HELENE, procedures=["convention"])
    helene = factories.identity(HELENE)
    assert access.lens_of(helene, "mistral") == "commission"
    assert not access.may_read_names(helene, "mistral")
    with pytest.raises(NotFound):
        dossiers.file(helene, reference)
    with pytest.raises(NotFound):
        dossiers.household(helene, household)
    away(NADIA, HELENE, procedures=["diagnostic-social"])
    helene = factories.identity(HELENE)
    file = dossiers.file(helene, reference)
    assert (file.lens_name, file.names) == ("coordination", True)
    assert access.lens_of(helene, "mistral") == "commission", "of everything else"
    assert dossiers.household(helene, household).id == household
    assert [one.id for one in db.session.scalars(readable(helene, "mistral"))] == [household]
    db.session.rollback()
    assert name in sign_in(HELENE).get(f"/dossiers/{reference}").text


def test_who_filled_in_does_not_check_on_behalf_of_somebody_else(app: Flask) -> None:
    row = factories.a_submitted_dossier()
    people.assign(CLAIRE, "association", "actis", "mistral", since=clock.today())
    away(SONIA, CLAIRE)
    with pytest.raises(Refused) as stop:
        factories.decide(CLAIRE, row, "Approve", "visa_bailleur")
    assert stop.value.code in ("self_approval", "separated")


def test_standing_in_lends_reading_but_not_setting_up(app: Flask) -> None:
    away(NADIA, HELENE)
    helene = factories.identity(HELENE)
    assert access.lens_of(helene, "mistral") == "coordination"
    assert not access.may_set_up(helene, "mistral")


def test_the_household_is_recorded_by_the_substitute_of_a_desk_officer(app: Flask) -> None:
    row = factories.a_dossier_before_the_household()
    away(BRUNO, HELENE)
    assert db.session.query(Voter).filter_by(person=HELENE, step="lecture_menage").count() == 1
    factories.decide(HELENE, row, "Sign", "lecture_menage", channel="screen")
    vote = queries.standing(row.subject).state.votes_at("lecture_menage")[0]
    assert vote.by.recorded_by == HELENE


def test_the_day_after_the_work_waits_for_its_owner_alone(app: Flask) -> None:
    factories.a_submitted_dossier()
    away(SONIA, PATRICE, last=0)
    assert db.session.query(Voter).filter_by(person=PATRICE, reason="substitute").count() == 1
    tomorrow = clock.now() + timedelta(days=1)
    with clock.at(tomorrow):
        actions.refresh("mistral")
    assert db.session.query(Voter).filter_by(person=PATRICE, reason="substitute").count() == 0
