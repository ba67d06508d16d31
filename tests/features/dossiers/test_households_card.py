"""One household: what is known of it, the contact log, and who reads what."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.cast import BRUNO, CLAIRE, FRANCOIS, JULIEN, NADIA, SONIA
from tests.features.conftest import SignIn
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.models import Household
from workflow.record.queries import text

WORDS = "Préfère être appelée après 18 h."


def _page(client: FlaskClient, household: str) -> str:
    answer = client.get(f"/households/{household}")
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


@pytest.fixture
def household(app: Flask) -> str:
    """The id of a household that nobody has met yet."""
    found = factories.a_household(2).id
    db.session.rollback()
    return found


def _row(household: str) -> Household:
    db.session.rollback()
    return db.session.get_one(Household, household)


def test_the_card_says_how_to_reach_the_household_and_who_follows_it(sign_in: SignIn, household: str) -> None:
    row = _row(household)
    name, phone, dwelling = row.name, row.phone, row.dwelling
    page = _page(sign_in(CLAIRE), household)
    assert f"<h1>{name}</h1>" in page
    assert f'href="tel:{phone.replace(" ", "")}"' in page
    assert dwelling in page
    assert "Claire Maurin" in page or "Bruno Castel" in page


def test_a_contact_is_added_to_the_log_with_its_words_sealed(sign_in: SignIn, household: str) -> None:
    client = sign_in(BRUNO)
    answer = client.post(f"/households/{household}/contacts", data={"kind": "phone", "note": WORDS})
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/households/{household}#contacts")
    [line] = queries.contacts(household)
    assert (line.kind, line.person) == ("phone", BRUNO)
    assert line.note != WORDS and text(line.note) == WORDS
    db.session.rollback()
    page = _page(client, household)
    assert WORDS in page and "Bruno Castel" in page


def test_an_appointment_moves_a_household_that_was_to_contact(sign_in: SignIn, household: str) -> None:
    sign_in(BRUNO).post(f"/households/{household}/contacts", data={"kind": "appointment", "note": ""})
    assert _row(household).state == "appointment"


@pytest.mark.parametrize("kind", ["", "nonsense"])
def test_a_contact_without_its_kind_is_asked_again_and_keeps_what_was_typed(
    sign_in: SignIn, household: str, kind: str
) -> None:
    answer = sign_in(BRUNO).post(f"/households/{household}/contacts", data={"kind": kind, "note": WORDS})
    page = unescape(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert WORDS in page
    assert 'href="#kind"' in page, "the summary leads to the field"
    assert queries.contacts(household) == []


def test_too_long_a_note_is_refused_and_kept(sign_in: SignIn, household: str) -> None:
    long = "é" * 1001
    answer = sign_in(BRUNO).post(f"/households/{household}/contacts", data={"kind": "phone", "note": long})
    assert answer.status_code == 422
    assert long in answer.get_data(as_text=True)


def test_markup_in_a_note_is_only_text(sign_in: SignIn, household: str) -> None:
    client = sign_in(BRUNO)
    client.post(f"/households/{household}/contacts", data={"kind": "phone", "note": "<script>alert(1)</script>"})
    assert b"<script>alert" not in client.get(f"/households/{household}").data


def test_the_same_form_sent_twice_adds_one_line(sign_in: SignIn, household: str) -> None:
    client = sign_in(BRUNO)
    for _again in range(2):
        told = {"kind": "letter", "note": "", "request_key": "the-same"}
        assert client.post(f"/households/{household}/contacts", data=told).status_code == 303
    assert len(queries.contacts(household)) == 1


@pytest.mark.parametrize("slug", [SONIA, NADIA])
def test_who_does_not_follow_the_household_reads_the_log_without_its_words(
    sign_in: SignIn, household: str, slug: str
) -> None:
    actions.note_contact(_row(household), "phone", WORDS, BRUNO)
    db.session.commit()
    client = sign_in(slug)
    page = _page(client, household)
    assert "Bruno Castel" in page
    assert WORDS not in page
    assert f'action="/households/{household}/contacts"' not in page
    assert client.post(f"/households/{household}/contacts", data={"kind": "phone"}).status_code in (403, 404)


def test_a_member_of_the_committee_sees_size_and_state_but_neither_name_nor_log(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_dossier_before_the_committee(agreements=("actis", "prefecture-isere")).household
    actions.note_contact(row, "phone", WORDS, BRUNO)
    db.session.commit()
    household, kind = row.id, row.dwelling_type
    hidden = {row.name, row.phone, row.email, row.address, row.dwelling, WORDS, "Bruno Castel"} - {None, ""}
    page = _page(sign_in(FRANCOIS), household)
    assert [word for word in hidden if word in page] == []
    assert kind in page
    assert sign_in(JULIEN).get(f"/households/{household}").status_code == 404, "no agreement, no page"


def test_an_unknown_household_and_one_of_another_operation_look_the_same(app: Flask, sign_in: SignIn) -> None:
    other = {"reference": "DUC-000001", "name": "Famille Ailleurs", "dwelling": "1", "landlord": "actis"}
    elsewhere = actions.put_household("la-duchere", other, NADIA).id
    db.session.commit()
    client = sign_in(CLAIRE)
    nothing = "0" * 32
    hidden, absent = client.get(f"/households/{elsewhere}"), client.get(f"/households/{nothing}")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.get_data(as_text=True).replace(elsewhere, nothing) == absent.get_data(as_text=True)


def test_an_erased_household_shows_its_reference_and_takes_nothing_more(sign_in: SignIn, household: str) -> None:
    row = _row(household)
    reference, name = row.reference, row.name
    actions.note_contact(row, "phone", WORDS, BRUNO)
    actions.set_state(row, "purged", NADIA)
    actions.erase_household(row, NADIA)
    db.session.commit()
    client = sign_in(CLAIRE)
    page = _page(client, household)
    assert re.search(rf"<h1>(Ménage|Household) {reference}</h1>", page)
    assert name not in page and WORDS not in page
    assert f'action="/households/{household}/dossiers"' not in page
    assert client.post(f"/households/{household}/contacts", data={"kind": "phone"}).status_code == 409
    assert client.post(f"/households/{household}/dossiers").status_code == 409
