"""One page says who acts at each step of each procedure, and shouts where nobody can."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.cast import CLAIRE, FRANCOIS, HELENE, INES, NADIA, OLIVIER, PATRICE, SONIA
from workflow import clock
from workflow.db import db
from workflow.people import actions, queries
from workflow.people.actions import AbsenceDraft
from workflow.people.models import Assignment

PATH = "/operations/mistral/who-acts"


def end(person: str) -> None:
    for row in queries.assignments_of(person):
        if row.operation_id == "mistral":
            actions.end_assignment(row, NADIA)
    db.session.commit()


def test_each_step_names_its_persons_and_their_organisation(app: Flask, sign_in) -> None:
    page = sign_in(NADIA).get(PATH).text
    for words in ("Remplir le diagnostic", "Claire Maurin", "Sonia Mendès", "ACTIS", "Commission relogement"):
        assert words in page
    assert "Quelqu’un peut agir à chaque étape" in page or "Somebody can act" in page


@pytest.mark.complaint(47)
def test_a_role_nobody_holds_is_said_with_a_way_to_give_it(app: Flask, sign_in) -> None:
    end(CLAIRE)
    page = sign_in(NADIA).get(PATH).text
    assert "/assignments/new?operation=mistral&amp;role=cesf" in page or "role=cesf" in page
    assert "state-late" in page


def test_who_may_not_give_roles_sees_the_gap_without_the_link(app: Flask, sign_in) -> None:
    end(CLAIRE)
    page = sign_in(SONIA).get(PATH).text
    assert "state-late" in page
    assert "role=cesf" not in page


def test_a_quorum_out_of_reach_is_said(app: Flask, sign_in) -> None:
    for row in db.session.query(Assignment).filter_by(body="commission-relogement"):
        if row.person_id not in (HELENE, FRANCOIS):
            actions.end_assignment(row, NADIA)
    db.session.commit()
    page = sign_in(NADIA).get(PATH).text
    assert "3 voix" in page or "3 voices" in page


def test_who_is_away_is_shown_with_the_substitute(app: Flask, sign_in) -> None:
    today = clock.today()
    actions.put_absence(SONIA, AbsenceDraft(PATRICE, today, today + timedelta(days=2)), SONIA)
    db.session.commit()
    page = sign_in(NADIA).get(PATH).text
    assert "Patrice Odier" in page.split("Co-valider le diagnostic")[1].split("</ul>")[0]


def test_the_page_is_also_a_workbook(app: Flask, sign_in) -> None:
    answer = sign_in(NADIA).get(f"{PATH}?format=xlsx")
    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")


def test_who_does_not_belong_to_the_operation_finds_nothing(app: Flask, sign_in) -> None:
    assert sign_in(INES).get(PATH).status_code == 200
    assert sign_in(OLIVIER).get(PATH).status_code == 404
    assert sign_in(NADIA).get("/operations/elsewhere/who-acts").status_code == 404
