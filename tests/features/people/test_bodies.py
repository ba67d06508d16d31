"""Bodies: a seat with a voice is an assignment as well, and both stay in step."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.cast import FRANCOIS, HELENE, INES, JULIEN, MIREILLE, NADIA, PATRICE
from tests.factories import a_validated_dossier
from tests.features.conftest import SignIn
from workflow.db import db
from workflow.errors import Invalid, Problem, Refused
from workflow.people import actions, queries
from workflow.people.actions import BodyDraft, SeatDraft
from workflow.people.models import Assignment, Body
from workflow.people.queries import not_over

COMMITTEE = "commission-relogement"


def committee() -> Body:
    return queries.body("mistral", COMMITTEE)


def voices(body: Body) -> set[tuple[str, str]]:
    """(person, organisation) who hold the assignment of that body now."""
    asked = select(Assignment).where(
        Assignment.operation_id == "mistral", Assignment.body == body.slug, Assignment.role == "siege_commission"
    )
    return {(row.person_id, row.organisation) for row in db.session.scalars(asked.where(not_over()))}


def seated(body: Body) -> set[tuple[str, str]]:
    return {
        (person, seat.organisation)
        for seat in queries.seats_of(body)
        if not seat.guest
        for person in (seat.person_id, seat.substitute_id)
        if person
    }


@pytest.fixture
def ines(sign_in: SignIn) -> FlaskClient:
    return sign_in(INES)


def test_the_committee_of_the_demonstration_is_in_step(app: Flask) -> None:
    assert committee().decides
    assert voices(committee()) == seated(committee())


def test_who_takes_a_seat_reads_and_who_leaves_it_does_no_more(ines: FlaskClient, sign_in: SignIn) -> None:
    body = committee()
    seat = next(one for one in queries.seats_of(body) if one.organisation == "prefecture-isere").id
    version, path = str(body.version), f"/operations/mistral/bodies/{COMMITTEE}/seats/{seat}"
    db.session.rollback()
    decided = a_validated_dossier().reference
    francois = sign_in(FRANCOIS)
    assert francois.get(f"/dossiers/{decided}").status_code == 200
    sent = {"organisation": "prefecture-isere", "person": "monique-tallard", "substitute": "", "version": version}
    assert ines.post(path, data=sent).status_code == 303
    assert francois.get(f"/dossiers/{decided}").status_code == 404  # still seated where the charter is decided on
    assert sign_in("monique-tallard").get(f"/dossiers/{decided}").status_code == 200
    assert voices(committee()) == seated(committee())


def test_a_guest_and_a_body_that_only_meets_open_nothing(app: Flask) -> None:
    body = committee()
    actions.put_seat(body.id, SeatDraft("csf", "monique-tallard", guest=True), INES)
    group = queries.body("mistral", "groupe-de-suivi-social")
    actions.put_seat(group.id, SeatDraft("csf", "monique-tallard"), INES)
    assert not any(person == "monique-tallard" for person, _ in voices(body) | voices(group))


def test_a_body_that_begins_to_decide_gives_its_seats_a_voice(app: Flask) -> None:
    group = queries.body("mistral", "groupe-de-suivi-social")
    told = BodyDraft(group.label, decides=True, rhythm=group.rhythm)
    actions.change_body(group.id, told, group.version, INES)
    assert voices(group) == seated(group) != set()
    actions.change_body(group.id, BodyDraft(group.label, rhythm=group.rhythm), group.version, INES)
    assert voices(group) == set()


def test_a_quorum_that_could_never_be_reached_is_refused(ines: FlaskClient) -> None:
    body = committee()
    sent = {"label": "Commission relogement", "rhythm": "2", "decides": "y", "version": str(body.version)}
    count = len(queries.seats_of(body))
    db.session.rollback()
    path = f"/operations/mistral/bodies/{COMMITTEE}/change"
    assert ines.post(path, data=sent | {"quorum": str(count + 1)}).status_code == 422
    assert ines.post(path, data=sent | {"quorum": "many"}).status_code == 422
    assert ines.post(path, data=sent | {"quorum": str(count)}).status_code == 303
    body = committee()
    seat = queries.seats_of(body)[0].id
    with pytest.raises(Refused, match="quorum"):
        actions.remove_seat(body.id, seat, body.version, INES)


def test_a_body_is_begun_from_what_the_procedures_ask(ines: FlaskClient) -> None:
    for seat in queries.seats_of(committee()):
        body = committee()
        body.quorum = None
        actions.remove_seat(body.id, seat.id, body.version, INES)
    actions.remove_body(committee().id, committee().version, INES)
    db.session.commit()
    page = ines.get(f"/operations/mistral/bodies/new?asked={COMMITTEE}").text
    assert f'selected value="{COMMITTEE}"' in page
    answer = ines.post(
        "/operations/mistral/bodies/new",
        data={"asked": COMMITTEE, "label": "Commission d’attribution", "chair": "grenoble"},
    )
    assert answer.headers["Location"].endswith(COMMITTEE), "whatever its name, the procedures find it"
    assert committee().decides
    db.session.rollback()
    again = ines.post("/operations/mistral/bodies/new", data={"asked": "", "label": "Commission d’attribution"})
    assert again.headers["Location"].endswith("commission-d-attribution")


def test_nobody_sits_twice_or_stands_in_for_themselves(app: Flask) -> None:
    body = committee()
    for told in (
        SeatDraft("csf", HELENE),
        SeatDraft("csf", "monique-tallard", "monique-tallard"),
        SeatDraft("csf", None, "monique-tallard"),
    ):
        with pytest.raises(Invalid):
            actions.put_seat(body.id, told, INES)


def test_a_body_with_members_is_not_removed(ines: FlaskClient) -> None:
    version = str(committee().version)
    db.session.rollback()
    answer = ines.post(f"/operations/mistral/bodies/{COMMITTEE}/remove", data={"version": version})
    assert answer.status_code == 409
    assert committee() is not None


def test_a_seat_changed_by_somebody_else_meanwhile_is_shown_beside(ines: FlaskClient, sign_in: SignIn) -> None:
    body = committee()
    seat = next(one for one in queries.seats_of(body) if one.organisation == "actis").id
    version, path = str(body.version), f"/operations/mistral/bodies/{COMMITTEE}/seats/{seat}"
    db.session.rollback()
    sent = {"organisation": "actis", "version": version}
    assert ines.post(path, data=sent | {"person": "karim-belaid"}).status_code == 303
    answer = sign_in(NADIA).post(path, data=sent | {"person": "sonia-mendes"})
    assert answer.status_code == 409
    assert "Karim Belaïd" in answer.text
    assert "Sonia Mendès" in answer.text


def test_bodies_of_an_operation_that_is_not_mine_are_not_there(sign_in: SignIn) -> None:
    for path in ("/operations/mistral/bodies", "/operations/elsewhere/bodies"):
        assert sign_in(PATRICE).get(path).status_code == 404
    assert sign_in(NADIA).get("/operations/elsewhere/bodies").status_code == 404


MEMBERS = [HELENE, PATRICE, FRANCOIS, MIREILLE, JULIEN, "monique-tallard", "sonia-mendes"]
SOMEBODY = st.sampled_from(MEMBERS)
CHANGES = st.lists(
    st.tuples(st.sampled_from(["put", "change", "remove"]), st.integers(0, 9), SOMEBODY, SOMEBODY, st.booleans()),
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_whatever_is_changed_seats_and_assignments_stay_in_step(app: Flask, changes: list) -> None:
    for verb, rank, person, substitute, guest in changes:
        body = committee()
        seats = queries.seats_of(body)
        told = SeatDraft("grenoble", person, substitute, guest)
        try:
            if verb == "put" or not seats:
                actions.put_seat(body.id, told, INES)
            elif verb == "change":
                actions.change_seat(body.id, seats[rank % len(seats)].id, told, body.version, INES)
            else:
                actions.remove_seat(body.id, seats[rank % len(seats)].id, body.version, INES)
        except Problem:
            continue
        assert voices(committee()) == seated(committee())
    db.session.rollback()
