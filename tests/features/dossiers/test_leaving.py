"""Somebody leaves: the access closes at its hour and nothing they held stays without an owner."""

from datetime import timedelta

import pytest
from flask import Flask

from tests import factories
from tests.cast import BRUNO, CLAIRE, HELENE, INES, KARIM, NADIA, SONIA
from workflow import clock, outbox
from workflow.approvals import actions as approvals
from workflow.approvals.models import Voter
from workflow.approvals.queries import standing
from workflow.circuit.commands import Reassign
from workflow.circuit.decide import Actor
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.models import Dossier, Handover, Household
from workflow.dossiers.queries.handovers import not_let_go
from workflow.dossiers.queries.held import held
from workflow.dossiers.queries.succession import Departure, Succession
from workflow.errors import Refused
from workflow.outbox import Outbox
from workflow.people import actions as people_actions
from workflow.people import queries as people
from workflow.people.models import Seat

MISTRAL = "mistral"


def leaving(person: str, successor: str, **more) -> Succession:
    return Succession((Departure(person, MISTRAL),), successor, more.pop("reason", "leaves"), **more)


def kinds(person: str) -> set[str]:
    return {line.kind for line in held(person, MISTRAL)}


def test_after_leaving_nothing_is_owned_by_who_left(app: Flask) -> None:
    factories.a_dossier(0)
    factories.a_dossier_before_the_household(1)
    assert kinds(CLAIRE) == {"role", "seat", "task", "dossier", "household"}
    before = db.session.query(Household).filter_by(referent=CLAIRE).count()
    [row] = actions.leave(leaving(CLAIRE, BRUNO), INES)
    db.session.commit()
    assert held(CLAIRE, MISTRAL) == []
    assert people.grants_of(CLAIRE) == ()
    assert row.state == "done"
    assert db.session.query(Household).filter_by(referent=BRUNO).count() >= before
    assert {one.officer for one in db.session.query(Dossier)} == {BRUNO}
    assert db.session.query(Voter).filter_by(person=CLAIRE).count() == 0
    assert db.session.query(Voter).filter_by(person=BRUNO, role="cesf").count() == 1
    assert not_let_go() == (1, [])


def test_the_account_closes_and_the_open_session_gives_nothing(app: Flask, sign_in) -> None:
    client = sign_in(CLAIRE)
    assert client.get("/households").status_code == 200
    db.session.rollback()
    actions.leave(leaving(CLAIRE, BRUNO), INES)
    db.session.commit()
    assert people.account_of(CLAIRE).closed_at is not None
    db.session.rollback()
    assert client.get("/households").status_code == 302


def test_nothing_is_done_when_a_line_has_no_successor(app: Flask) -> None:
    factories.a_dossier(0)
    with pytest.raises(Refused):
        actions.leave(leaving(CLAIRE, ""), INES)
    db.session.rollback()
    assert people.grants_of(CLAIRE)


def test_one_household_may_go_to_another_person(app: Flask) -> None:
    line = next(line for line in held(CLAIRE, MISTRAL) if line.kind == "household")
    actions.leave(leaving(CLAIRE, BRUNO, others={line.id: NADIA}), INES)
    assert db.session.get(Household, line.key).referent == NADIA
    assert db.session.query(Household).filter_by(referent=NADIA).count() == 1


def test_a_whole_kind_may_go_to_another_person(app: Flask) -> None:
    factories.a_dossier(0)
    actions.leave(leaving(CLAIRE, BRUNO, others={f"{MISTRAL}:household": NADIA}), INES)
    assert db.session.query(Household).filter_by(referent=CLAIRE).count() == 0
    assert db.session.query(Household).filter_by(referent=NADIA).count() > 0
    assert db.session.query(Dossier).one().officer == BRUNO


def test_a_role_may_end_with_its_holder_but_not_when_its_work_would_stop(app: Flask) -> None:
    factories.a_dossier(0)
    role = next(line for line in held(CLAIRE, MISTRAL) if line.kind == "role")
    ends = leaving(CLAIRE, BRUNO, others={role.id: "-"})
    with pytest.raises(Refused) as stop:
        actions.leave(ends, INES)
    assert stop.value.code == "left_alone"
    db.session.rollback()
    factories.another_adviser()
    db.session.rollback()
    actions.leave(ends, INES)
    assert "cesf" not in {grant.role for grant in people.grants_of(BRUNO)}


@pytest.mark.parametrize(
    ("successor", "code"), [("", "nobody"), (CLAIRE, "leaves_too"), (HELENE, "no_right"), (NADIA, "cannot_fill")]
)
def test_it_is_said_before_confirming_why_somebody_cannot_take_over(app: Flask, successor: str, code: str) -> None:
    factories.a_dossier(0)
    role = next(line for line in held(CLAIRE, MISTRAL) if line.kind == "role")
    stops, _cautions = queries.doubts(leaving(CLAIRE, successor, others={role.id: "-"}))
    assert code in {stop.code for stop in stops}


def test_who_sits_already_in_a_body_cannot_take_a_second_seat(app: Flask) -> None:
    stops, _cautions = queries.doubts(leaving(SONIA, CLAIRE))
    assert "two_seats" in {stop.code for stop in stops}


def test_households_that_agreed_to_others_only_are_named_before_confirming(app: Flask) -> None:
    row = factories.a_submitted_dossier(0, agreements=("prefecture-isere",))
    role = next(line for line in held(CLAIRE, MISTRAL) if line.kind == "role")
    asked = leaving(CLAIRE, BRUNO, others={role.id: "-", f"household:{row.household_id}": KARIM})
    _stops, cautions = queries.doubts(asked)
    said = [one for one in cautions if one.code == "not_agreed"]
    assert [one.params["references"] for one in said] == [row.household.reference]


def test_a_seat_passes_on_with_its_voice(app: Flask) -> None:
    row = factories.a_dossier_before_the_committee()
    actions.leave(leaving(HELENE, NADIA), INES)
    db.session.commit()
    seats = db.session.query(Seat).filter_by(organisation="grenoble")
    assert not [seat for seat in seats if HELENE in (seat.person_id, seat.substitute_id)]
    factories.decide(NADIA, row, "Approve", "validation")
    assert any(vote.by.person == NADIA for vote in standing(row.subject).state.votes_at("validation"))


def test_a_step_given_to_somebody_by_name_passes_on_too(app: Flask) -> None:
    row, other = factories.a_submitted_dossier(), factories.another_adviser()
    given = Reassign(step="visa_bailleur", from_person=SONIA, to_person=BRUNO)
    manager = Actor(NADIA, "chef_de_projet", "grenoble")
    approvals.act(row.subject, given, manager, factories.version(row))
    assert "task" in kinds(BRUNO)
    actions.leave(leaving(BRUNO, other), NADIA)
    assert kinds(BRUNO) == set()
    voters = {voter.person for voter in db.session.query(Voter).filter_by(step="visa_bailleur")}
    assert voters == {other, KARIM}


def test_a_planned_departure_happens_at_its_hour(app: Flask) -> None:
    factories.a_dossier(0)
    hour = clock.now() + timedelta(days=10)
    [row] = actions.leave(leaving(CLAIRE, BRUNO, at=hour), NADIA)
    assert row.state == "planned"
    planned = row.id
    db.session.commit()
    assert people.grants_of(CLAIRE)
    with clock.at(hour + timedelta(seconds=1)):
        assert people.grants_of(CLAIRE) == ()
        job = db.session.query(Outbox).filter_by(kind="dossiers.depart").one()
        assert job.next_at > clock.now() - timedelta(minutes=5)
        job.next_at = job.made_at
        db.session.commit()
        outbox.drain()
        assert held(CLAIRE, MISTRAL) == []
    assert db.session.get(Handover, planned).state == "done"


def test_a_planned_departure_may_be_cancelled_before(app: Flask) -> None:
    hour = clock.now() + timedelta(days=10)
    [row] = actions.leave(leaving(CLAIRE, BRUNO, at=hour), NADIA)
    actions.cancel(row, NADIA)
    db.session.commit()
    with clock.at(hour + timedelta(seconds=1)):
        assert people.grants_of(CLAIRE)
        with pytest.raises(Refused):
            actions.cancel(row, NADIA)


def test_a_departure_whose_successor_left_meanwhile_stops_and_says_so(app: Flask) -> None:
    factories.a_dossier(0)
    factories.another_adviser()
    hour = clock.now() + timedelta(days=10)
    planned = actions.leave(leaving(CLAIRE, "lea-fontaine", at=hour), NADIA)[0].id
    actions.leave(leaving("lea-fontaine", BRUNO), NADIA)
    db.session.commit()
    with clock.at(hour + timedelta(seconds=1)):
        job = db.session.query(Outbox).filter_by(kind="dossiers.depart").one()
        job.next_at = job.made_at
        db.session.commit()
        outbox.drain()
        assert db.session.get(Handover, planned).state == "stopped"
        assert people.grants_of(CLAIRE) == ()
        actions.leave(leaving(CLAIRE, BRUNO), NADIA)
        assert held(CLAIRE, MISTRAL) == []


def test_the_last_administrator_of_the_installation_cannot_leave(app: Flask) -> None:
    with pytest.raises(Refused) as stop:
        actions.leave(leaving(INES, NADIA), NADIA, whole=INES)
    assert stop.value.code == "last_administrator"


def test_when_a_mission_ends_everybody_it_employs_hands_over(app: Flask) -> None:
    people_actions.put_organisation("mission-sud", "Mission Sud", "provider")
    for slug, name in (("paul-verne", "Paul Verne"), ("rose-aubry", "Rose Aubry")):
        people_actions.open_account(people_actions.put_person(slug, name, f"{slug}@example.net"))
        people_actions.assign(slug, "cesf", "grenoble", MISTRAL, since=clock.today(), employer="mission-sud", by=NADIA)
        actions.set_referents(db.session.query(Household).order_by(Household.reference).limit(3), slug, NADIA)
    departures = tuple(Departure(slug, MISTRAL, "mission-sud") for slug in ("paul-verne", "rose-aubry"))
    rows = actions.leave(Succession(departures, BRUNO, "mission_ends"), NADIA)
    assert {row.state for row in rows} == {"done"}
    assert held("paul-verne", MISTRAL) == held("rose-aubry", MISTRAL) == []
    assert people.account_of("rose-aubry").closed_at is not None
    assert people.grants_of(CLAIRE), "paid by somebody else: stays"
