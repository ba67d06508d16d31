"""Whoever has left is offered in no list of people, whatever they could take on."""

from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook

from tests import factories
from tests.cast import CLAIRE, HELENE, NADIA
from tests.features.conftest import SignIn
from workflow.db import db
from workflow.dossiers import actions
from workflow.dossiers.queries.succession import Departure, Succession
from workflow.errors import Invalid
from workflow.people import actions as people
from workflow.people import queries as who
from workflow.people.actions import AbsenceDraft, SeatDraft

LEA = "lea-fontaine"
HERE = "/operations/mistral"
LISTS = {
    "the referents of many households": f"{HERE}/referents",
    "the referent of one household": "/households/{household}/referent",
    "a household that is entered": f"{HERE}/households/new",
    "a household that is changed": "/households/{household}/change",
    "a new seat": f"{HERE}/bodies/commission-relogement/seats/new",
    "a seat that is changed": f"{HERE}/bodies/commission-relogement/seats/{{seat}}",
    "an absence": f"/people/{CLAIRE}/absences/new",
    "who takes over from somebody": f"/people/{CLAIRE}/leave",
    "who takes over a mission": f"{HERE}/missions/actis/end",
}
"""Every list in which somebody is chosen, but the one of roles: a role is how one comes back."""


def leaves() -> None:
    asked = Succession((Departure(LEA, "mistral"),), CLAIRE, "leaves")
    actions.leave(asked, NADIA)
    db.session.commit()


@pytest.mark.parametrize("name", LISTS)
def test_whoever_has_left_is_offered_no_more(app: Flask, sign_in: SignIn, name: str) -> None:
    factories.another_adviser()
    committee = who.body("mistral", "commission-relogement")
    seat = next(one.id for one in who.seats_of(committee) if one.person_id == HELENE)
    path = LISTS[name].format(household=factories.a_household().id, seat=seat)
    db.session.commit()
    nadia = sign_in(NADIA)
    assert f'value="{LEA}"' in nadia.get(path).text, "offered before"
    db.session.rollback()
    leaves()
    page = nadia.get(path)
    assert page.status_code == 200
    assert f'value="{LEA}"' not in page.text


def test_a_file_of_households_names_them_no_more(app: Flask, sign_in: SignIn) -> None:
    name = who.names([factories.another_adviser()])[LEA]
    db.session.commit()
    nadia = sign_in(NADIA)
    assert name in _workbook(nadia)
    leaves()
    assert name not in _workbook(nadia)


def _workbook(client) -> set[str]:
    book = load_workbook(BytesIO(client.get(f"{HERE}/import/modele.xlsx").data))
    found = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    db.session.rollback()
    return found


def test_what_is_sent_all_the_same_is_refused(app: Flask, sign_in: SignIn) -> None:
    factories.another_adviser()
    leaves()
    mine = factories.a_household().id
    committee = who.body("mistral", "commission-relogement")
    with pytest.raises(Invalid):
        people.put_seat(committee.id, SeatDraft("grenoble", LEA), NADIA)
    with pytest.raises(Invalid):
        today = factories.clock.today()
        people.put_absence(CLAIRE, AbsenceDraft(LEA, today, today), CLAIRE)
    db.session.rollback()
    nadia = sign_in(NADIA)
    assert nadia.post(f"/households/{mine}/referent", data={"to": LEA}).status_code == 422
    assert nadia.post(f"{HERE}/referents", data={"which": CLAIRE, "to": LEA}).status_code == 422
