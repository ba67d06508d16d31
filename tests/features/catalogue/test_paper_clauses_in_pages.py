"""A clause is worded otherwise in the page: seen in a document, then published for every model that calls for it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.cast import CLAIRE, INES, NADIA
from tests.features.conftest import SignIn
from workflow.catalogue.models import PaperClause
from workflow.catalogue.queries import paper_models
from workflow.db import db

OWN, COMMON = "/operations/mistral/clauses/litiges", "/clauses/litiges"
WORDS = "## Article – Différends {#litiges}\n\nUn médiateur entend les parties dans le mois.\n"
SAID = "Un médiateur entend les parties dans le mois."


@pytest.fixture
def nadia(sign_in: SignIn) -> FlaskClient:
    return sign_in(NADIA)


@pytest.fixture
def ines(sign_in: SignIn) -> FlaskClient:
    return sign_in(INES)


def seen(name: str = "litiges", operation: str = "mistral") -> int:
    db.session.expire_all()
    row = db.session.get(PaperClause, (name, operation))
    version = row.version if row else 0
    db.session.rollback()
    return version


def calling(operation: str = "mistral", name: str = "litiges") -> dict[str, str]:
    """{slug: the words of the clause in the version in use}"""
    found = {one.slug: one.library.clauses[name] for one in paper_models.models_calling(operation, name)}
    db.session.rollback()
    return found


def write(client: FlaskClient, words: str, do: str, where: str = OWN, **typed: str) -> tuple[int, str]:
    operation = "mistral" if "mistral" in where else ""
    told = {"text": words, "do": do, "seen": str(seen(where.rpartition("/")[2], operation)), **typed}
    sent = client.post(where, data=told, content_type="multipart/form-data")
    return sent.status_code, unescape(sent.text)


def publish(client: FlaskClient, where: str = OWN, **typed: object) -> tuple[int, str]:
    name, operation = where.rpartition("/")[2], "mistral" if "mistral" in where else ""
    told = {"seen": str(seen(name, operation)), "models": list(calling(operation, name.partition(".")[0])), **typed}
    sent = client.post(f"{where}/publish", data=told)
    return sent.status_code, unescape(sent.text)


def test_clauses_are_listed_with_the_models_that_use_them(nadia: FlaskClient) -> None:
    page = unescape(nadia.get("/operations/mistral/clauses").text)
    assert "Différends" in page and OWN in page
    assert nadia.get("/clauses?format=xlsx").mimetype.endswith("sheet")


def test_the_words_are_seen_in_a_document_that_calls_for_them(nadia: FlaskClient) -> None:
    status, page = write(nadia, WORDS, "see", model="convention-prefecture")
    assert status == 200 and SAID in page
    assert page.count("data:image/png;base64,") > 5
    assert seen() == 0


def test_an_officer_changes_a_clause_and_publishes_it_for_her_operation(nadia: FlaskClient) -> None:
    before = calling("")
    assert write(nadia, WORDS, "publish")[0] == 303
    page = unescape(nadia.get(f"{OWN}/publish").text)
    assert "Convention de relogement" in page and "médiateur" in page
    assert publish(nadia)[0] == 303
    assert set(calling().values()) == {WORDS} and set(calling()) == set(before)
    assert calling("") == before == calling("la-duchere")
    assert {paper_models.model_in_use("mistral", slug).operation for slug in before} == {"mistral"}


def test_the_common_clause_gives_every_common_model_a_new_version(ines: FlaskClient) -> None:
    write(ines, WORDS, "save", COMMON)
    assert publish(ines, COMMON)[0] == 303
    assert set(calling("").values()) == {WORDS} == set(calling("mistral").values())
    assert {paper_models.model_in_use("", slug).number for slug in calling("")} == {2}


def test_the_manager_cannot_change_common_clauses(nadia: FlaskClient, sign_in: SignIn) -> None:
    assert nadia.get(COMMON).status_code == 404
    assert nadia.post(COMMON, data={"text": WORDS, "do": "save", "seen": "0"}).status_code == 404
    assert sign_in(CLAIRE).get(OWN).status_code == 404


def test_words_for_the_households_of_one_landlord_stand_beside_those_for_all(nadia: FlaskClient) -> None:
    where = "/operations/mistral/clauses/litiges.actis"
    assert nadia.get(where).status_code == 200
    assert write(nadia, WORDS, "save", where)[0] == 303
    assert publish(nadia, where)[0] == 303
    found = paper_models.model_in_use("mistral", "convention-prefecture").library.clauses
    db.session.rollback()
    assert (found["litiges.actis"], found["litiges"] != WORDS) == (WORDS, True)
    assert nadia.get("/operations/mistral/clauses/litiges.nobody").status_code == 404


def test_own_words_are_given_up_again(nadia: FlaskClient) -> None:
    before = calling()
    write(nadia, WORDS, "save")
    publish(nadia)
    assert nadia.get(f"{OWN}/give-up").status_code == 200
    assert nadia.post(f"{OWN}/give-up", data={"version": str(seen())}).status_code == 303
    assert calling() == before


def test_own_words_are_not_given_up_for_words_that_cannot_be_written(nadia: FlaskClient) -> None:
    write(nadia, WORDS, "save")
    publish(nadia)
    before = calling()
    db.session.get_one(PaperClause, ("litiges", "")).text = WORDS + "\n{{ menage.nom }}\n"
    db.session.commit()
    refused = nadia.post(f"{OWN}/give-up", data={"version": str(seen())})
    assert refused.status_code == 409
    assert "Convention de relogement" in unescape(refused.text)
    assert calling() == before


def test_a_clause_that_cannot_be_written_is_not_published_and_names_the_models(nadia: FlaskClient) -> None:
    before = calling()
    write(nadia, WORDS + "\n{{ menage.nom }}\n", "save")
    status, page = publish(nadia)
    assert status == 200 and "Convention de relogement" in page and "menage" in page
    assert calling() == before


def test_of_two_who_write_the_second_sees_both_texts(nadia: FlaskClient) -> None:
    write(nadia, WORDS, "save", seen="0")
    status, page = write(nadia, WORDS.replace("mois", "trimestre"), "save", seen="0")
    assert status == 409 and "trimestre" in page and "dans le mois" in page


def test_publishing_is_refused_when_other_models_use_the_clause_than_were_listed(nadia: FlaskClient) -> None:
    write(nadia, WORDS, "save")
    assert publish(nadia, models=["avenant"])[0] == 409
    assert WORDS not in calling().values()


def test_saved_words_wait_and_are_forgotten_on_demand(nadia: FlaskClient) -> None:
    write(nadia, WORDS, "save")
    assert SAID in unescape(nadia.get(OWN).text)
    assert nadia.post(f"{OWN}/discard", data={"version": str(seen())}).status_code == 303
    assert SAID not in unescape(nadia.get(OWN).text)


@pytest.mark.parametrize("words", ["", "   \n", "x" * 200_000])
def test_no_words_and_far_too_many_are_refused_with_a_sentence(nadia: FlaskClient, words: str) -> None:
    status, page = write(nadia, words, "save")
    assert status == 409 and "notice-late" in page
    assert seen() == 0


def test_every_link_of_a_list_of_clauses_leads_somewhere(nadia: FlaskClient) -> None:
    for address in ("/clauses", "/operations/mistral/clauses"):
        page = nadia.get(address).text.partition("<main")[2]
        links = set(re.findall(r'href="(/[^"]*clauses/[^"]+)"', page))
        assert (len(links) > 20) == (address != "/clauses")
        assert {nadia.get(one).status_code for one in sorted(links)[:3]} <= {200}
