"""The first day of each of the people of the demonstration fits what they do; every page of it opens for them."""

from html import unescape

import pytest
from flask import Flask, url_for
from werkzeug.routing import BuildError

from tests import factories
from tests.cast import EVERYBODY, KARIM, MONIQUE, NADIA, PATRICE
from tests.features.conftest import SignIn
from workflow import clock
from workflow.dashboards.queries import touring
from workflow.db import db
from workflow.people import actions, queries
from workflow.people.actions import AbsenceDraft

DEMONSTRATION = (*EVERYBODY, "awa-diarra")


def test_the_demonstration_has_no_other_people(app: Flask) -> None:
    assert {row.person_id for row in queries.accounts_of_demonstration()} == set(DEMONSTRATION)


@pytest.mark.parametrize("slug", DEMONSTRATION)
def test_the_first_day_fits_the_role_and_each_page_opens(app: Flask, sign_in: SignIn, slug: str) -> None:
    identity = factories.identity(slug)
    steps = touring.steps_of(identity)
    assert 4 <= len(steps) <= 9
    mine = {step.id for role in identity.roles for step in touring.tours()[role]}
    assert mine & {step.id for step in steps}, "something of their own, not only what everybody is shown"
    db.session.rollback()
    client = sign_in(slug)
    page = unescape(client.get("/tour").text)
    for step in steps:
        assert step.text["fr"] in page
        assert client.get(_address(app, step.endpoint), follow_redirects=True).status_code == 200, step.endpoint


def _address(app: Flask, endpoint: str) -> str:
    with app.test_request_context():
        try:
            return url_for(endpoint)
        except BuildError:
            return url_for(endpoint, operation="mistral")


def test_a_manager_who_also_sits_in_the_committee_is_told_as_a_manager(app: Flask) -> None:
    assert {"chef_de_projet", "siege_commission"} <= factories.identity(NADIA).roles
    told = {step.id: step for step in touring.steps_of(factories.identity(NADIA))}
    wanted = {step.id: step for step in touring.tours()["chef_de_projet"]}
    assert {name: told[name] for name in wanted} == wanted


def test_standing_in_for_a_colleague_changes_nobodys_first_day(app: Flask) -> None:
    before = touring.steps_of(factories.identity(PATRICE))
    actions.put_absence(KARIM, AbsenceDraft(PATRICE, clock.today(), clock.today()), KARIM)
    assert touring.steps_of(factories.identity(PATRICE)) == before


def test_an_association_is_told_what_it_will_not_see(app: Flask) -> None:
    assert "jamais" in " ".join(step.text["fr"] for step in touring.steps_of(factories.identity(MONIQUE)))
