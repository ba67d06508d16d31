"""Beginning a diagnosis from the card of a household."""

from datetime import date, datetime
from html import unescape

import pytest
from flask import Flask

from forms.expressions import Now
from tests import factories
from tests.cast import BRUNO, CLAIRE, FRANCOIS, NADIA, SONIA
from tests.features.conftest import SignIn
from workflow.catalogue.queries import current
from workflow.db import db
from workflow.dossiers import queries
from workflow.dossiers.models import Dossier, Household
from workflow.dossiers.rules import first_answers

NOW = Now(date(2026, 11, 23), datetime.fromisoformat("2026-11-23T12:00:00+00:00"), lambda: 0.5, lambda: "0" * 32)
HOME = "/data/A/A_logement"


@pytest.fixture
def household(app: Flask) -> str:
    found = factories.a_household(4).id
    db.session.rollback()
    return found


def _dossiers(household: str) -> list[Dossier]:
    db.session.rollback()
    found = db.session.query(Dossier).filter_by(household_id=household).all()
    db.session.expunge_all()
    db.session.rollback()  # an open transaction would keep the next page waiting
    return found


def test_beginning_leads_to_the_first_section(sign_in: SignIn, household: str) -> None:
    client = sign_in(CLAIRE)
    assert f'action="/households/{household}/dossiers"' in client.get(f"/households/{household}").get_data(as_text=True)
    answer = client.post(f"/households/{household}/dossiers")
    [row] = _dossiers(household)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/dossiers/{row.reference}/fill/A"
    assert row.author == CLAIRE


def test_a_second_beginning_offers_the_one_under_way(sign_in: SignIn, household: str) -> None:
    first = sign_in(CLAIRE).post(f"/households/{household}/dossiers")
    client = sign_in(CLAIRE)
    second = client.post(f"/households/{household}/dossiers")
    assert second.headers["Location"] == first.headers["Location"]
    assert len(_dossiers(household)) == 1
    card = unescape(client.get(f"/households/{household}").get_data(as_text=True))
    assert "déjà en cours" in card or "already under way" in card
    assert 'value="diagnostic-social"' not in card, "the card now leads to it"


def test_who_opens_without_filling_is_led_to_the_dossier(sign_in: SignIn, household: str) -> None:
    answer = sign_in(BRUNO).post(f"/households/{household}/dossiers")
    [row] = _dossiers(household)
    assert answer.headers["Location"] == f"/dossiers/{row.reference}"


@pytest.mark.parametrize("slug", [NADIA, SONIA, FRANCOIS])
def test_others_may_not_begin_a_diagnosis(sign_in: SignIn, household: str, slug: str) -> None:
    assert sign_in(slug).post(f"/households/{household}/dossiers").status_code in (403, 404)
    assert _dossiers(household) == []


def test_what_the_household_file_knows_is_not_asked_again(sign_in: SignIn, household: str) -> None:
    sign_in(CLAIRE).post(f"/households/{household}/dossiers")
    [row] = _dossiers(household)
    instance, provenance = queries.opened(row, queries.present_set(row))
    home: Household = row.household
    building = queries.place(home, named=True)["fr"]
    assert instance.get(f"{HOME}/A1") == building
    assert instance.get(f"{HOME}/A1_numero") == home.dwelling
    assert instance.get(f"{HOME}/A1_etage") == home.floor
    assert instance.get(f"{HOME}/A1_zone") == home.zone
    assert instance.get("/data/A/A_entretien/A6") == "Claire Maurin"
    assert instance.get("/data/D/D1") == home.dwelling_type
    assert float(instance.get("/data/D/D1_surface")) == home.surface
    assert provenance[f"{HOME}/A1_numero"][::2] == [CLAIRE, "prefilled"]
    age = "/data/H/H5_seuil"  # Mistral has no rule of its own for it: the form's beginning stays
    assert set(provenance) == set(current("diagnostic-social").settings["prefill"]) - {age}


def test_what_the_form_would_not_take_is_left_to_be_asked(app: Flask) -> None:
    published = current("diagnostic-social")
    known = {"floor": "RDC", "zone": "elsewhere", "dwelling": "DRA-101", "surface": 4000.0, "building": None}
    instance, filled = first_answers(published.form, NOW, published.settings["prefill"], known)
    assert set(filled) == {f"{HOME}/A1_numero"}
    assert [instance.get(f"{HOME}/{name}") for name in ("A1", "A1_etage", "A1_zone")] == ["", "", ""]
    assert instance.get("/data/D/D1_surface") == ""


def test_after_the_decision_it_is_brought_up_to_date_and_no_other_begins_beside_it(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_validated_dossier()
    household, reference = row.household_id, row.reference
    db.session.rollback()
    client = sign_in(CLAIRE)
    card = client.get(f"/households/{household}").get_data(as_text=True)
    assert f'href="/dossiers/{reference}/refresh"' in card
    assert "Commencer un autre diagnostic" not in card
    refused = client.post(f"/households/{household}/dossiers", data={"procedure": "diagnostic-social"})
    assert (refused.status_code, reference in refused.get_data(as_text=True)) == (409, True)
    assert [found.reference for found in _dossiers(household)] == [reference]


def test_where_the_procedure_allows_it_another_one_begins_beside_it(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = factories.a_validated_dossier()
    household, reference = row.household_id, row.household.reference
    settings = current("diagnostic-social", row.operation_id).settings
    db.session.rollback()
    monkeypatch.setitem(settings, "another", True)
    client = sign_in(CLAIRE)
    client.post(f"/households/{household}/dossiers")
    card = client.get(f"/households/{household}").get_data(as_text=True)
    assert sorted(found.reference for found in _dossiers(household)) == [f"{reference}-1", f"{reference}-2"]
    assert "remplacé" in card or "replaced" in card, "the older one says so"
