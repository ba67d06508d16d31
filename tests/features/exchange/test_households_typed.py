"""A household entered in a page, or changed there."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.cast import BRUNO, CLAIRE, INES, JULIEN, MONIQUE, NADIA, SONIA
from tests.features.conftest import SignIn
from workflow.db import EVERYTHING, db, enter_scope
from workflow.dossiers import actions
from workflow.dossiers.models import Household
from workflow.dossiers.rules import prefixes
from workflow.operations.models import Building, Operation
from workflow.record.models import Event

NEW = "/operations/mistral/households/new"


def drac_a() -> str:
    found = db.session.scalars(select(Building.id).where(Building.slug == "drac-a")).one()
    db.session.rollback()
    return found


def typed(**more: Any) -> dict[str, Any]:
    told = {"name": "Mme  Essai", "building": drac_a(), "dwelling": "Z-1", "dwelling_type": "T3", "surface": "62,5"}
    return told | {"persons": "4", "phone": "04 65 71 00 00", "email": "Essai@Example.org"} | more


def last() -> Household:
    db.session.rollback()
    rows = list(db.session.scalars(select(Household).order_by(Household.reference)))
    db.session.expunge_all()
    db.session.rollback()
    return rows[-1]


def read(answer: TestResponse) -> str:
    return " ".join(html.fromstring(answer.text).text_content().split())


@pytest.mark.parametrize("slug", [CLAIRE, BRUNO, NADIA, INES])
def test_who_works_in_the_field_or_sets_up_enters_a_household(app: Flask, sign_in: SignIn, slug: str) -> None:
    client = sign_in(slug)
    assert client.get(NEW).status_code == 200
    answer = client.post(NEW, data=typed())
    assert answer.status_code == 303
    assert client.get(answer.location).status_code == 200
    row = last()
    assert (row.reference, row.name, row.surface, row.persons) == ("MIS-0013", "Mme Essai", 62.5, 4)
    assert (row.landlord, row.address, row.email) == ("actis", "2 allée des Galets", "essai@example.org")
    assert (row.state, row.version) == ("to_contact", 1)


@pytest.mark.parametrize("slug", [JULIEN, SONIA, MONIQUE])
def test_the_others_find_no_such_page(app: Flask, sign_in: SignIn, slug: str) -> None:
    assert sign_in(slug).get(NEW).status_code == 404
    assert sign_in(slug).post(NEW, data=typed()).status_code in (401, 404)


def test_the_record_says_who_entered_it_and_not_its_name(app: Flask, sign_in: SignIn) -> None:
    sign_in(CLAIRE).post(NEW, data=typed())
    fact = db.session.scalars(select(Event).where(Event.subject == f"household:{last().id}")).one()
    assert fact.kind == "HouseholdPut" and CLAIRE in fact.body and "Essai" not in fact.body


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("dwelling", " "), ("surface", "grand"), ("persons", "0"), ("phone", "12"), ("email", "nobody"),
     ("building", ""), ("building", "unknown"), ("referent", JULIEN), ("name", "x" * 200), ("landlord", "nobody")],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    app: Flask, sign_in: SignIn, field: str, value: str
) -> None:
    before = last().reference
    answer = sign_in(CLAIRE).post(NEW, data=typed(**{field: value, "tenant_reference": "KEPT-1"}))
    assert answer.status_code == 422
    page = html.fromstring(answer.text)
    assert page.xpath(f"//*[@class='error-summary']//a[@href='#{field}']")
    assert page.get_element_by_id("tenant_reference").value == "KEPT-1"
    assert last().reference == before


def test_somebody_behind_the_same_door_is_shown_and_not_doubled_unless_one_insists(app: Flask, sign_in: SignIn) -> None:
    client = sign_in(CLAIRE)
    client.post(NEW, data=typed())
    known = last()
    answer = client.post(NEW, data=typed(name="M. Autre", dwelling="z 1"))
    assert answer.status_code == 422
    assert known.reference in read(answer)
    assert html.fromstring(answer.text).xpath(f"//a[@href='/households/{known.id}']")
    assert last().id == known.id
    assert client.post(NEW, data=typed(name="M. Autre", dwelling="z 1", sure="y")).status_code == 303
    assert last().reference == "MIS-0014"


def test_a_tenant_reference_already_known_is_shown_wherever_the_household_lives(app: Flask, sign_in: SignIn) -> None:
    known = last()
    answer = sign_in(CLAIRE).post(NEW, data=typed(tenant_reference=f" {known.tenant_reference.lower()} "))
    assert answer.status_code == 422
    assert known.reference in read(answer)


def test_who_may_not_read_names_is_not_shown_who_lives_there(app: Flask, sign_in: SignIn) -> None:
    known = last()
    answer = sign_in(INES).post(NEW, data=typed(tenant_reference=known.tenant_reference))
    assert known.reference in read(answer)
    assert known.name not in read(answer)


# -- changing -----------------------------------------------------------------------------------------------------


def change(client: FlaskClient, row: Household, **more: Any) -> TestResponse:
    page = html.fromstring(client.get(f"/households/{row.id}/change").text)
    form = next(one for one in page.forms if "version" in one.fields)
    return client.post(f"/households/{row.id}/change", data=dict(form.form_values()) | more)


def test_what_is_known_is_changed_and_found_under_its_new_name(app: Flask, sign_in: SignIn) -> None:
    row = last()
    assert change(sign_in(CLAIRE), row, name="Mme Éclair", surface="71,25").status_code == 303
    after = last()
    assert (after.name, after.surface, after.version) == ("Mme Éclair", 71.25, row.version + 1)
    assert " eclair " in after.search


def test_keeping_a_page_as_it_was_changes_nothing(app: Flask, sign_in: SignIn) -> None:
    row = last()
    assert change(sign_in(CLAIRE), row).status_code == 303
    assert last().version == row.version


def test_two_who_change_the_same_household_are_shown_both_versions_and_nothing_is_lost(
    app: Flask, sign_in: SignIn
) -> None:
    row = last()
    claire, nadia = sign_in(CLAIRE), sign_in(NADIA)
    page = html.fromstring(nadia.get(f"/households/{row.id}/change").text)
    stale = dict(next(one for one in page.forms if "version" in one.fields).form_values())
    assert change(claire, row, phone="04 65 71 11 11").status_code == 303
    answer = nadia.post(f"/households/{row.id}/change", data=stale | {"phone": "04 65 71 22 22"})
    assert answer.status_code == 409
    assert "04 65 71 11 11" in read(answer)
    form = next(one for one in html.fromstring(answer.text).forms if "version" in one.fields)
    sent = dict(form.form_values())
    assert sent["phone"] == "04 65 71 22 22"
    assert last().phone == "04 65 71 11 11"
    sent.pop("request_key")
    assert nadia.post(f"/households/{row.id}/change", data=sent).status_code == 303
    assert last().phone == "04 65 71 22 22"


def test_who_may_not_read_names_changes_nothing(app: Flask, sign_in: SignIn) -> None:
    assert sign_in(INES).get(f"/households/{last().id}/change").status_code == 404


# -- references ---------------------------------------------------------------------------------------------------


def test_references_are_dense_when_many_enter_at_once(app: Flask) -> None:
    place = drac_a()

    def enter(number: int) -> str:
        with app.app_context():
            enter_scope(EVERYTHING)
            told = {"name": f"E{number}", "building_id": place, "dwelling": f"Y-{number}", "landlord": "actis"}
            reference = actions.register_household("mistral", told, CLAIRE).reference
            db.session.commit()
            db.session.remove()
            return reference

    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(enter, range(12)))
    assert found == [f"MIS-{number:04d}" for number in range(13, 25)]


def test_after_the_last_of_four_figures_comes_the_first_of_five(app: Flask) -> None:
    told = {"name": "E", "dwelling": "1", "landlord": "actis"}
    actions.put_household("mistral", told | {"reference": "MIS-9999"}, CLAIRE)
    found = [actions.register_household("mistral", told | {"dwelling": str(n)}, CLAIRE).reference for n in range(2)]
    assert found == ["MIS-10000", "MIS-10001"]


def test_two_operations_of_the_same_name_do_not_share_references(app: Flask) -> None:
    db.session.add(Operation(id="mistral-2", name="Mistral", city="Grenoble", owner="grenoble"))
    db.session.flush()
    told = {"name": "E", "dwelling": "1", "landlord": "actis"}
    assert actions.register_household("mistral-2", told, CLAIRE).reference == "MIST-0001"
    assert actions.register_household("mistral-2", told, CLAIRE).reference == "MIST-0002"


@pytest.mark.parametrize(
    ("name", "first"),
    [("Mistral", "MIS"), ("La Duchère", "DUC"), ("Les 4 Tours", "TOU"), ("12", "MEN"), ("Zé", "ZEM")],
)
def test_a_prefix_is_taken_from_the_name_of_the_operation(name: str, first: str) -> None:
    found = prefixes(name)
    assert next(found) == first
    assert len({next(found) for _time in range(700)}) == 700
