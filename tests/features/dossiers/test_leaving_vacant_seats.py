"""A seat may stay vacant when somebody leaves, if a reason is given; what reads answers is not passed to oneself."""

from html import unescape

import pytest
from flask import Flask

from tests import factories
from tests.cast import BRUNO, CLAIRE, FRANCOIS, HELENE, INES, NADIA
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.models import Handover
from workflow.dossiers.queries.held import held
from workflow.dossiers.queries.succession import Departure, Succession
from workflow.people.models import Body, Seat
from workflow.people.queries import grants_of
from workflow.record.queries import facts, text

MISTRAL = "mistral"
WHY = "La préfecture nommera quelqu’un en janvier."


def leaving(person: str, successor: str, **more) -> Succession:
    return Succession((Departure(person, MISTRAL),), successor, "leaves", **more)


def seat_of(person: str) -> Seat:
    """Theirs in the committee."""
    return db.session.query(Seat).filter_by(person_id=person, body_id=committee()).one()


def committee() -> str:
    return db.session.query(Body).filter_by(operation_id=MISTRAL, slug="commission-relogement").one().id


def vacated(person: str, why: str = WHY) -> Succession:
    return leaving(person, BRUNO, others={f"{MISTRAL}:seat": "-"}, why=why)


def test_a_seat_stays_vacant_with_a_reason_only(app: Flask) -> None:
    stops, _cautions = queries.doubts(vacated(FRANCOIS, why=" "))
    assert {stop.code for stop in stops} == {"no_reason"}
    row, seat_id = vacated(FRANCOIS), seat_of(FRANCOIS).id
    [handover] = actions.leave(row, NADIA)
    seat = db.session.get_one(Seat, seat_id)
    assert seat.person_id is None
    assert held(FRANCOIS, MISTRAL) == []
    assert text(handover.passed["why"]) == WHY
    done = next(fact for fact in facts(f"handover:{handover.id}") if fact.kind == "HandedOver")
    assert done.data["passed"][f"seat:{seat_id}"] == "-"
    assert WHY not in str(done.data), "the record keeps no free text"


def test_a_vacant_seat_goes_to_whoever_may_sit_instead(app: Flask) -> None:
    seat = seat_of(HELENE)
    seat.substitute_id = seat.substitute_id or NADIA
    other, seat_id = seat.substitute_id, seat.id
    actions.leave(vacated(HELENE), INES)
    seat = db.session.get_one(Seat, seat_id)
    assert (seat.person_id, seat.substitute_id) == (other, None)


def test_a_vacant_seat_is_named_where_gaps_are_looked_for(app: Flask, sign_in) -> None:
    actions.leave(vacated(FRANCOIS), NADIA)
    path = f"/operations/mistral/bodies/commission-relogement/seats/{_vacant()}"
    db.session.commit()
    client = sign_in(NADIA)
    for page in ("/operations/mistral/who-acts", "/operations/mistral"):
        words = unescape(client.get(page).text)
        assert path in words, page
        assert "Préfecture" in words, page
    sheet = unescape(client.get(f"/operations/mistral/handovers/{_handover()}").text)
    assert WHY in sheet


def test_the_page_offers_it_and_keeps_what_was_typed(app: Flask, sign_in) -> None:
    seat = seat_of(FRANCOIS).id
    db.session.rollback()
    sent = {"reason": "leaves", "successor": BRUNO, "when": "now", "close": "y", f"to:seat:{seat}": "-"}
    client = sign_in(NADIA)
    refused = client.post(f"/people/{FRANCOIS}/leave", data=sent)
    assert refused.status_code == 422
    confirm = client.post(f"/people/{FRANCOIS}/leave", data=sent | {"why": WHY})
    assert confirm.status_code == 200
    assert WHY in unescape(confirm.text)
    done = client.post(f"/people/{FRANCOIS}/leave", data=sent | {"why": WHY, "confirm": "1"})
    assert done.status_code == 303
    assert db.session.get_one(Seat, seat).person_id is None


def _vacant() -> str:
    return db.session.query(Seat).filter_by(person_id=None, body_id=committee()).one().id


def _handover() -> str:
    found = db.session.query(Handover).one().id
    db.session.rollback()
    return found


# -- to oneself ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("leaver", [CLAIRE, FRANCOIS], ids=["a role", "a seat"])
def test_what_reads_answers_is_not_passed_to_oneself_while_an_administrator_is_there(app: Flask, leaver: str) -> None:
    def stops(by: str) -> set[str]:
        return {stop.code for stop in queries.doubts(leaving(leaver, BRUNO, by=by))[0]}

    assert "to_oneself" in stops(BRUNO)
    assert "to_oneself" not in stops(INES)


def test_the_only_administrator_who_takes_over_a_role_is_in_the_record(app: Flask) -> None:
    factories.a_dossier(0)
    actions.leave(leaving(CLAIRE, INES), INES)
    assert "cesf" in {grant.role for grant in grants_of(INES)}
    assert [fact.actor["person"] for fact in facts(f"person:{INES}") if fact.kind == "RoleTaken"] != []
