"""Every door has its line in the policy, and the lines are obeyed."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import bindparam, func, select

from tests import factories
from tests.cast import BRUNO, CLAIRE, EVERYBODY, FRANCOIS, JULIEN, MONIQUE, OLIVIER, PATRICE, SONIA
from tests.features.conftest import SignIn
from workflow import access
from workflow.db import EVERYTHING, NoScope, Scope, db, enter_scope, leave_scope, prepared, scoped
from workflow.dossiers.models import Household
from workflow.dossiers.queries.agreed import knows_of_households


def test_every_page_has_a_line_in_the_policy_and_no_line_is_left_over(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints - set(access.ROUTES) == set(), "these pages open to nobody: give them a line in access.ROUTES"
    assert set(access.ROUTES) - endpoints == set(), "these lines speak of pages that do not exist"


OF_HOUSEHOLDS = ("dossiers.households", "dossiers.households_xlsx")


def _plain_routes(app: Flask) -> list[tuple[str, str]]:
    return [
        (rule.endpoint, rule.rule)
        for rule in app.url_map.iter_rules()
        if not rule.arguments and "GET" in (rule.methods or ())
    ]


def test_a_stranger_is_sent_to_the_counter_from_every_page_that_is_not_public(
    app: Flask, anonymous: FlaskClient
) -> None:
    for endpoint, path in _plain_routes(app):
        answer = anonymous.get(path)
        if access.ROUTES[endpoint] == access.PUBLIC:
            assert answer.status_code in (200, 302, 303), path
        else:
            assert answer.status_code == 302, path
            assert "/sign-in" in answer.headers["Location"]


@pytest.mark.parametrize("slug", EVERYBODY)
def test_each_role_sees_the_pages_of_its_line_and_no_other(app: Flask, sign_in: SignIn, slug: str) -> None:
    client, who = sign_in(slug), factories.identity(slug)
    concerned = knows_of_households(who, "mistral")  # a seat may be one of a body that decides on the operation only
    db.session.rollback()
    for endpoint, path in _plain_routes(app):
        answer = client.get(path)
        expected = access.may_come(endpoint, who) and (concerned or endpoint not in OF_HOUSEHOLDS)
        assert (answer.status_code in (200, 302, 303)) == expected, (path, answer.status_code)
        if not expected:
            assert answer.status_code == 404


def test_what_is_hidden_and_what_is_absent_look_the_same(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_submitted_dossier(agreements=("actis",))
    reference = row.reference
    db.session.rollback()
    client = sign_in(JULIEN)
    hidden, absent = client.get(f"/dossiers/{reference}"), client.get("/dossiers/ACT-999999-1")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.text.replace(reference, "") == absent.text.replace("ACT-999999-1", "")


def test_an_organisation_that_was_not_agreed_to_receives_nothing(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_submitted_dossier(agreements=("prefecture-isere", "cg-isere"))
    reference = row.reference
    db.session.rollback()
    for slug in (SONIA, PATRICE, JULIEN):
        assert sign_in(slug).get(f"/dossiers/{reference}").status_code == 404
    assert sign_in(CLAIRE).get(f"/dossiers/{reference}").status_code == 200


def test_the_committee_reads_nothing_before_the_household_has_read_its_copy(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_dossier_before_the_household()
    reference = row.reference
    db.session.rollback()
    committee = sign_in(FRANCOIS)
    assert committee.get(f"/dossiers/{reference}").status_code == 404
    factories.decide(BRUNO, factories.dossier_of(reference), "Sign", "lecture_menage", channel="screen")
    assert committee.get(f"/dossiers/{reference}").status_code == 200


def test_the_committee_reads_no_free_text_of_others(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_submitted_dossier()
    words = "Mme Untel doit encore 1 234 euros"
    factories.decide(SONIA, row, "SendBack", "visa_bailleur", reason=words, sections=("D",))
    factories.resubmit(row)
    factories.decide(SONIA, row, "Approve", "visa_bailleur")
    factories.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen", reason="Nous ne sommes pas d’accord")
    reference = row.reference
    db.session.rollback()
    assert words in sign_in(CLAIRE).get(f"/dossiers/{reference}").text
    page = sign_in(FRANCOIS).get(f"/dossiers/{reference}").text
    assert words not in page
    assert "pas d’accord" not in page


def test_no_role_receives_a_paper_that_tells_more_than_its_pages() -> None:
    wider = [
        (name, audience)
        for name, role in access.ROLES.items()
        for audience in role.papers
        if not access.covers(access.LENSES[role.lens], access.LENSES[audience])
    ]
    assert wider == []


@pytest.mark.parametrize("slug", [MONIQUE, OLIVIER])
def test_an_association_and_the_operator_open_no_household(app: Flask, sign_in: SignIn, slug: str) -> None:
    row = factories.a_submitted_dossier()
    reference, household = row.reference, row.household_id
    db.session.rollback()
    client = sign_in(slug)
    for path in ("/households", f"/households/{household}", f"/dossiers/{reference}"):
        assert client.get(path).status_code == 404


def test_a_query_on_data_of_an_operation_without_a_scope_is_refused(app: Flask) -> None:
    token = enter_scope(None)
    with pytest.raises(NoScope):
        db.session.query(Household).all()
    leave_scope(token)


def test_what_is_counted_is_counted_within_the_scope(app: Flask) -> None:
    asked = select(func.count()).select_from(Household)
    with scoped(Scope(frozenset({"another"}))):
        assert db.session.scalar(asked) == 0
    assert db.session.scalar(asked)


def test_a_query_that_is_kept_ready_finds_what_the_scope_of_the_moment_lets_it_find(app: Flask) -> None:
    found = db.session.query(Household).first()
    ready = prepared(select(Household).where(Household.id == bindparam("wanted")))

    def find(scope: Scope | None) -> Household | None:
        token = enter_scope(scope)
        try:
            return db.session.scalar(ready, {"wanted": found.id})
        finally:
            leave_scope(token)

    here, elsewhere = Scope(frozenset({found.operation_id})), Scope(frozenset({"another"}))
    assert [find(scope) for scope in (here, elsewhere, EVERYTHING, Scope(frozenset()), here)] == [
        found,
        None,
        found,
        None,
        found,
    ]
    with pytest.raises(NoScope):
        find(None)


def test_rights_end_with_the_assignment(app: Flask, sign_in: SignIn) -> None:
    from datetime import timedelta

    from workflow import clock
    from workflow.people.models import Assignment

    client = sign_in(SONIA)
    assert client.get("/households").status_code == 200
    for row in db.session.query(Assignment).filter_by(person_id=SONIA):
        row.until = clock.today() - timedelta(days=1)
    db.session.commit()
    assert client.get("/households").status_code == 404
