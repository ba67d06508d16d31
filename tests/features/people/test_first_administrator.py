"""An installation without anybody: one link, one first administrator."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import FIRST
from tests.services.databases import Databases
from workflow import clock, config
from workflow.app import create_app
from workflow.db import EVERYTHING, db, enter_scope
from workflow.filing import actions as filing
from workflow.migrations import running
from workflow.people import actions, queries
from workflow.people.models import Assignment, OneTimeLink, Organisation, Person
from workflow.record import queries as record


@pytest.fixture
def empty(database_engine: str, databases: Databases, keys: Path, tmp_path: Path) -> Iterator[Flask]:
    """An installation on which nothing was ever entered."""
    url = databases.create(database_engine)
    settings = config.load(
        {"RELAIS_HOME": str(keys), "DATABASE_URL": url, "STORAGE_URL": f"file://{tmp_path}/files", "DEMONSTRATION": "0"}
    )
    app = create_app(settings, TESTING=True, WTF_CSRF_ENABLED=False, RELAIS_QUIET=True, PROPAGATE_EXCEPTIONS=False)
    with app.app_context():
        running.upgrade()
        filing.ensure_authority(settings)
        enter_scope(EVERYTHING)
        yield app
        enter_scope(None)
        db.session.remove()
        db.engine.dispose()
    databases.drop(url)


def a_link() -> str:
    secret = actions.offer_first_link()
    db.session.commit()
    return f"/first/{secret}"


def test_the_front_page_of_an_empty_installation_says_where_to_look(empty: Flask) -> None:
    page = empty.test_client().get("/", follow_redirects=True)
    assert page.status_code == 200
    assert "fenêtre du serveur" in page.text or "window of the server" in page.text


def test_the_link_makes_the_first_administrator_once(empty: Flask) -> None:
    path, client = a_link(), empty.test_client()
    for _ in range(3):
        assert client.get(path).status_code == 200
    assert client.get_cookie("relais_session") is None, "looking signs nobody in"
    assert client.post(path, data=FIRST).status_code == 303
    assert client.get("/me").status_code == 200
    assert client.get("/people").status_code == 200
    (row,) = db.session.scalars(select(Assignment))
    assert (row.role, row.operation_id, row.organisation) == ("administrator", None, "ville-de-venissieux")
    db.session.rollback()
    again = empty.test_client().post(path, data=FIRST | {"email": "other@example.org"})
    assert again.status_code == 410
    assert db.session.query(Person).count() == 1


def test_what_does_not_hold_is_said_and_nothing_is_half_done(empty: Flask) -> None:
    path, client = a_link(), empty.test_client()
    answer = client.post(path, data=FIRST | {"password": "court", "email": "lucie.barral@example.org"})
    assert answer.status_code == 422
    assert "Lucie Barral" in answer.text, "what was typed stays"
    assert client.post(path, data=FIRST | {"email": "no address", "kind": ""}).status_code == 422
    assert db.session.query(Person).count() == db.session.query(Organisation).count() == 0
    db.session.rollback()
    assert client.post(path, data=FIRST).status_code == 303


def test_the_link_dies_after_a_day_and_when_a_newer_one_is_offered(empty: Flask) -> None:
    first, second = a_link(), a_link()
    client = empty.test_client()
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    with clock.at(clock.now() + timedelta(hours=25)):
        assert client.get(second).status_code == 410
        assert client.post(second, data=FIRST).status_code == 410
    assert client.get("/first/unknown").status_code == 410


def test_no_link_is_offered_once_somebody_looks_after_the_installation(empty: Flask) -> None:
    empty.test_client().post(a_link(), data=FIRST)
    assert actions.offer_first_link() is None
    assert not actions.needs_first_administrator()


def test_of_the_link_only_its_fingerprint_is_kept(empty: Flask) -> None:
    secret = a_link().removeprefix("/first/")
    (row,) = db.session.scalars(select(OneTimeLink))
    assert secret not in row.token_hash
    assert all(secret not in str(fact) for fact in record.latest("house"))


def test_everything_stands_in_the_record_without_a_name(empty: Flask) -> None:
    empty.test_client().post(a_link(), data=FIRST)
    kinds = {fact.kind for fact in record.latest("house")}
    assert {"FirstLinkOffered", "OrganisationPut", "PersonPut", "AccountOpened", "Assigned", "SignedIn"} <= kinds
    told = " ".join(str(fact.data | fact.actor) for fact in record.latest("house"))
    assert "Barral" not in told
    assert not re.search(r"\S+@\S+", told)


def test_a_second_administrator_lets_the_first_one_go(empty: Flask) -> None:
    empty.test_client().post(a_link(), data=FIRST)
    (first,) = queries.administrators()
    other = actions.add_person(actions.PersonDraft("Malik Ferrand", "malik@example.org"), None)
    actions.assign(other.id, "administrator", "ville-de-venissieux", None, since=clock.today())
    with pytest.raises(Exception, match="last administrator"):
        actions.end_assignment(first, other.id)
    actions.open_account(other, "encore quatre mots faciles")
    actions.end_assignment(first, other.id)
    assert [row.person_id for row in queries.administrators()] == [other.id]


def test_the_demonstration_offers_no_link(app: Flask) -> None:
    assert actions.offer_first_link() is None, "Inès looks after it"
    db.session.rollback()
    app.config["RELAIS"] = replace(app.config["RELAIS"], demonstration=False)
    assert app.test_client().get("/first/whatever").status_code == 410
