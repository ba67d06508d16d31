"""The pages of a departure: everything held first, then the consequence, then one click; the sheet to keep."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories
from tests.cast import BRUNO, CLAIRE, HELENE, INES, NADIA
from workflow import clock, outbox
from workflow.approvals.models import Voter
from workflow.db import db
from workflow.dossiers.models import Handover, Household
from workflow.mail import Mail
from workflow.people import queries as people

LEAVE = f"/people/{CLAIRE}/leave"
NOW = {"reason": "leaves", "successor": BRUNO, "when": "now", "close": "y"}


def posted(client: FlaskClient, **more: str) -> TestResponse:
    return client.post(LEAVE, data=NOW | more)


def test_the_page_lists_what_is_held_before_anything_is_asked(app: Flask, sign_in) -> None:
    reference = factories.a_dossier(0).reference
    db.session.rollback()
    page = sign_in(NADIA).get(LEAVE).text
    assert reference in page
    assert "MIS-0001" in page
    assert "Groupe de suivi social" in page


def test_the_consequence_is_read_before_it_happens(app: Flask, sign_in) -> None:
    factories.a_dossier(0)
    db.session.rollback()
    client = sign_in(NADIA)
    shown = posted(client)
    assert shown.status_code == 200
    assert 'name="confirm"' in shown.text
    assert people.grants_of(CLAIRE)
    db.session.rollback()
    done = posted(client, confirm="1")
    assert done.status_code == 303
    assert people.grants_of(CLAIRE) == ()


def test_what_was_typed_stays_when_something_is_missing(app: Flask, sign_in) -> None:
    answer = posted(sign_in(NADIA), successor="", reason="mission_ends")
    assert answer.status_code == 422
    assert re.search(r'<option selected value="mission_ends"', answer.text)
    assert "error-summary" in answer.text


@pytest.mark.parametrize("when", [{}, {"day": "2020-01-01", "hour": "12:00"}])
def test_an_hour_that_cannot_be_is_refused_beside_its_field(app: Flask, sign_in, when: dict[str, str]) -> None:
    answer = posted(sign_in(NADIA), **({"when": "later"} | when))
    assert answer.status_code == 422
    assert 'id="day-error"' in answer.text


def test_nobody_closes_their_own_access_at_once(app: Flask, sign_in) -> None:
    answer = sign_in(NADIA).post(f"/people/{NADIA}/leave", data=NOW)
    assert answer.status_code == 422
    assert 'id="when' in answer.text


@pytest.mark.parametrize("slug", [BRUNO, CLAIRE, HELENE])
def test_only_who_sets_up_may_make_somebody_leave(app: Flask, sign_in, slug: str) -> None:
    client = sign_in(slug)
    for path in (LEAVE, "/operations/mistral/missions/actis/end", "/operations/mistral/handovers"):
        assert client.get(path).status_code == 404


def test_an_administrator_of_the_installation_may_as_well(app: Flask, sign_in) -> None:
    assert sign_in(INES).get(LEAVE).status_code == 200


def test_the_end_of_a_mission_lists_everybody_it_concerns(app: Flask, sign_in) -> None:
    page = sign_in(NADIA).get("/operations/mistral/missions/actis/end").text
    for name in ("Claire Maurin", "Sonia Mendès", "Karim Belaïd", "Patrice Odier"):
        assert name in page


def test_a_planned_departure_can_be_cancelled_from_its_page(app: Flask, sign_in) -> None:
    client = sign_in(NADIA)
    day = (clock.today() + timedelta(days=20)).isoformat()
    done = posted(client, when="later", day=day, hour="18:00", confirm="1")
    path = done.headers["Location"]
    assert "18" in client.get(path).text
    assert client.post(f"{path}/cancel").status_code == 303
    assert db.session.query(Handover).one().state == "cancelled"
    assert all(row.ended_at is None for row in people.assignments_of(CLAIRE))


def test_the_sheet_tells_where_each_household_stands_and_names_none(app: Flask, sign_in) -> None:
    row = factories.a_dossier_before_the_household(0)
    reference, name = row.reference, row.household.name
    db.session.rollback()
    path = posted(sign_in(NADIA), confirm="1").headers["Location"]
    outbox.drain()
    client = sign_in(BRUNO)
    page = client.get(path).text
    assert reference in page
    assert name in page, "Bruno may read names"
    found = dict(re.findall(r'href="([^"]+\.(pdf|docx))"', page))
    assert sorted(found.values()) == ["docx", "pdf"]
    answers = {form: client.get(url) for url, form in found.items()}
    assert answers["pdf"].data.startswith(b"%PDF")
    words = "\n".join(
        cell.text
        for table in Document(BytesIO(answers["docx"].data)).tables
        for line in table.rows
        for cell in line.cells
    )
    assert reference in words
    assert name not in words
    assert sign_in(HELENE).get(path).status_code == 404


def test_whoever_takes_over_is_told_without_naming_a_household(app: Flask, sign_in) -> None:
    factories.a_dossier(0)
    db.session.rollback()
    posted(sign_in(NADIA), confirm="1")
    outbox.drain()
    mail = db.session.query(Mail).filter(Mail.key.startswith("handed_over")).one()
    assert mail.to == "bruno.castel@example.org"
    homes = db.session.query(Household).all()
    assert not [home for home in homes if home.name in mail.body or home.reference in mail.body]
    assert db.session.query(Voter).filter_by(person=CLAIRE).count() == 0


def test_the_departures_lead_to_each_mission_that_may_end(app: Flask, sign_in) -> None:
    page = sign_in(NADIA).get("/operations/mistral/handovers").text
    assert "/operations/mistral/missions/actis/end" in page
