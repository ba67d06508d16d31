"""Every household has one named person to call; gaps are listed; the history says who, since when, until when."""

from datetime import timedelta

import pytest
from flask import Flask

from tests import factories
from tests.cast import BRUNO, CLAIRE, FRANCOIS, INES, KARIM, NADIA, PATRICE, SONIA
from workflow import clock
from workflow.db import db
from workflow.dossiers import actions as dossiers
from workflow.dossiers.actions.referents import set_referent
from workflow.dossiers.models import Household
from workflow.dossiers.queries import referents
from workflow.people import actions as people
from workflow.people import queries as who
from workflow.people.actions import AbsenceDraft

PATH = "/operations/mistral/referents"


def of(person: str | None) -> list[str]:
    return [row.id for row in db.session.query(Household).filter_by(referent=person).order_by(Household.reference)]


def test_gaps_come_first_and_are_counted(app: Flask, sign_in) -> None:
    row = factories.a_household(7)
    set_referent(row, None, NADIA)
    reference = row.reference
    db.session.commit()
    page = sign_in(NADIA).get(PATH).text
    table = page.split("<tbody", 1)[1]
    assert table.index(reference) < table.index("MIS-0001")
    only = sign_in(BRUNO).get(f"{PATH}?gap=1").text.split("<tbody", 1)[1]
    assert reference in only
    assert "MIS-0001" not in only


@pytest.mark.parametrize(("case", "gap"), [("none", "none"), ("left", "gone"), ("covered", ""), ("alone", "away")])
def test_a_household_is_followed_only_by_somebody_who_is_there(app: Flask, case: str, gap: str) -> None:
    row = factories.a_household()
    set_referent(row, None if case == "none" else KARIM, NADIA)
    today = clock.today()
    if case == "left":
        for one in who.assignments_of(KARIM):
            people.end_assignment(one, NADIA)
    if case in ("covered", "alone"):
        other = SONIA if case == "covered" else PATRICE
        people.put_absence(KARIM, AbsenceDraft(other, today, today + timedelta(days=3)), KARIM)
    db.session.flush()
    assert referents.followers("mistral").gap(row) == gap


def test_everything_one_person_follows_passes_at_once(app: Flask, sign_in) -> None:
    mine = of(CLAIRE)
    db.session.rollback()
    answer = sign_in(NADIA).post(PATH, data={"which": CLAIRE, "to": BRUNO})
    assert answer.status_code == 303
    assert of(CLAIRE) == []
    assert set(mine) <= set(of(BRUNO))


def test_only_the_ticked_ones_change_hands(app: Flask, sign_in) -> None:
    mine = of(CLAIRE)
    db.session.rollback()
    client = sign_in(BRUNO)
    assert client.post(PATH, data={"which": "ticked", "household": mine[:2], "to": NADIA}).status_code == 303
    assert of(NADIA) == mine[:2]


@pytest.mark.parametrize("told", [{"to": BRUNO}, {"which": CLAIRE, "to": ""}, {"which": CLAIRE, "to": FRANCOIS}])
def test_nothing_changes_hands_without_households_or_without_somebody_able(app: Flask, sign_in, told) -> None:
    before = of(CLAIRE)
    db.session.rollback()
    assert sign_in(NADIA).post(PATH, data=told).status_code == 422
    assert of(CLAIRE) == before


def test_the_history_of_a_household_says_who_and_until_when(app: Flask, sign_in) -> None:
    row = factories.a_household()
    first = row.referent
    for person in (NADIA, KARIM):
        set_referent(row, person, INES)
    told = referents.history(row)
    assert [one.person for one in told] == [KARIM, NADIA, first]
    assert told[0].until is None
    assert told[1].until == told[0].since
    household = row.id
    db.session.commit()
    page = sign_in(BRUNO).get(f"/households/{household}/referent").text
    assert page.index("Karim Belaïd") < page.index("Nadia Ferhat")


def test_an_administrator_sees_references_and_no_name(app: Flask, sign_in) -> None:
    name = factories.a_household().name
    db.session.rollback()
    page = sign_in(INES).get(PATH).text
    assert "MIS-0001" in page
    assert name not in page


def test_a_reader_without_names_finds_nothing(app: Flask, sign_in) -> None:
    assert sign_in(FRANCOIS).get(PATH).status_code == 404
    landlord = sign_in(SONIA)
    assert landlord.get(PATH).status_code == 200
    assert landlord.post(PATH, data={"which": CLAIRE, "to": BRUNO}).status_code == 403


def many(count: int) -> None:
    """Households of one building more, followed by Claire."""
    for number in range(count):
        told = {"name": f"Famille Nombreuse {number}", "dwelling": f"ZZ-{number}", "landlord": "actis"}
        dossiers.put_household("mistral", told | {"reference": f"ZZZ-{number:04}", "referent": CLAIRE}, NADIA)
    db.session.commit()


def test_one_page_holds_a_hundred_households_and_a_search_finds_the_others(app: Flask, sign_in) -> None:
    many(120)
    nadia = sign_in(NADIA)
    page = nadia.get(PATH).text
    assert page.count('name="household"') == 100
    assert "page=2" in page
    found = nadia.get(PATH, query_string={"q": "zzz-0119"}).text
    assert found.count('name="household"') == 1
    assert nadia.get(PATH, query_string={"q": "nombreuse 119"}).text.count('name="household"') == 1
    assert sign_in(INES).get(PATH, query_string={"q": "nombreuse"}).text.count('name="household"') == 0


def test_all_those_found_change_hands_at_once_beyond_one_page(app: Flask, sign_in) -> None:
    many(120)
    before = len(of(BRUNO))
    db.session.rollback()
    nadia = sign_in(NADIA)
    assert "(120)" in nadia.get(PATH, query_string={"q": "zzz"}).text
    answer = nadia.post(PATH, query_string={"q": "zzz"}, data={"which": "found", "to": BRUNO})
    assert answer.status_code == 303
    assert len(of(BRUNO)) == before + 120
