"""Two who change the same thing: whoever comes second sees both texts, status 409, and nothing is lost."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from tests import factories
from tests.cast import BRUNO, CLAIRE, INES, KARIM, NADIA, SONIA
from tests.features.conftest import SignIn
from workflow import access, clock
from workflow.db import db
from workflow.operations.models import Building, Parameter, Partner, Tranche
from workflow.people import actions, queries
from workflow.people.models import Assignment, Body, Seat

HERE = "/operations/mistral"
COMMITTEE = "commission-relogement"


def of_mistral(model: type, **named: object):
    return db.session.query(model).filter_by(operation_id="mistral", **named).first()


@dataclass(frozen=True)
class Edit:
    """One form: its address, the field both change, what the first and the second type, and how each is said.

    second: who comes second; the first is Nadia.
    """

    path: Callable[[], str]
    field: str
    first: str
    second: str
    theirs: str = ""
    mine: str = ""
    by: str = INES


def _assignment() -> str:
    row = db.session.query(Assignment).filter_by(person_id=SONIA, role="referent_bailleur").one()
    return f"/people/assignments/{row.id}"


def _seat() -> str:
    body = of_mistral(Body, slug=COMMITTEE)
    return f"{HERE}/bodies/{COMMITTEE}/seats/{of_mistral(Seat, body_id=body.id, organisation='actis').id}"


def _value() -> str:
    row = of_mistral(Parameter)
    return f"{HERE}/parameters/{row.code}/{row.id}"


EDITS: dict[str, Edit] = {
    "operations.change": Edit(lambda: f"{HERE}/change", "city", "Échirolles", "Fontaine"),
    "operations.partner": Edit(
        lambda: f"{HERE}/partners/{of_mistral(Partner, organisation='cg-isere').id}", "part", "receiving", "partner"
    ),
    "operations.tranche": Edit(
        lambda: f"{HERE}/tranches/{of_mistral(Tranche).id}", "label", "Première vague", "Vague numéro un"
    ),
    "operations.building": Edit(
        lambda: f"{HERE}/buildings/{of_mistral(Building).id}", "address", "1 quai neuf", "2 quai neuf"
    ),
    "operations.correct_value": Edit(_value, "source", "Charte, article 7", "Charte, article 8"),
    "operations.named": Edit(lambda: f"{HERE}/zones/zac", "name", "Zone première", "Zone seconde"),
    "people.organisation": Edit(
        lambda: "/organisations/csf", "address", "3 place basse", "4 place haute", by="another-administrator"
    ),
    "people.change_person": Edit(lambda: f"/people/{KARIM}/change", "name", "Karim Premier", "Karim Second"),
    "people.change_body": Edit(lambda: f"{HERE}/bodies/{COMMITTEE}/change", "label", "Commission A", "Commission B"),
    "people.change_seat": Edit(_seat, "person", KARIM, SONIA, "Karim Belaïd", "Sonia Mendès"),
    "people.change_assignment": Edit(
        _assignment, "until", "2031-05-02", "2032-06-03", "2 mai 2031", 'value="2032-06-03"'
    ),
    "dossiers.change_household": Edit(
        lambda: f"/households/{factories.a_household().id}/change", "name", "Famille Une", "Famille Deux", by=BRUNO
    ),
    "dossiers.referent": Edit(
        lambda: f"/households/{factories.a_household().id}/referent",
        "to",
        NADIA,
        SONIA,
        "Nadia Ferhat",
        "Sonia Mendès",
        BRUNO,
    ),
}
"""Every page on which something that exists is changed."""

NO_VERSION = {
    "people.me": "nobody but oneself changes one's own page",
    "people.my_password": "the present password is asked for",
    "people.my_absence": "an absence is added; one on the same days is refused",
    "people.new_absence": "an absence is added; one on the same days is refused",
    "people.my_devices": "one's own addresses: one is added, one is withdrawn",
    "operations.names": "a list",
}


def form_of(client: FlaskClient, path: str, field: str) -> dict[str, str]:
    """What a browser would send of the form that holds the field."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    forms = [one for one in html.fromstring(answer.text).forms if field in one.fields and one.method == "POST"]
    return dict(forms[0].form_values())


@pytest.mark.parametrize("endpoint", EDITS)
def test_the_second_of_two_sees_both_texts_and_loses_nothing(app: Flask, sign_in: SignIn, endpoint: str) -> None:
    edit = EDITS[endpoint]
    path = edit.path()
    db.session.rollback()
    first, second = sign_in(_first(edit)), sign_in(_second(edit))
    shown = form_of(second, path, edit.field)
    sent = form_of(first, path, edit.field) | {edit.field: edit.first}
    assert first.post(path, data=sent).status_code == 303
    answer = second.post(path, data=shown | {edit.field: edit.second})
    assert answer.status_code == 409
    assert (edit.theirs or _said(answer.text, edit.first)) in answer.text
    assert (edit.mine or _said(answer.text, edit.second)) in answer.text
    again = form_of(first, path, edit.field)
    assert again[edit.field] == edit.first or endpoint == "dossiers.referent", "what the first wrote stands"
    typed = _typed_again(answer.text, edit.field)
    assert typed[edit.field] == edit.second, "what the second typed is still in the form"
    assert second.post(path, data=typed).status_code == 303, "sent again, it holds"


def _first(edit: Edit) -> str:
    return INES if edit.by == "another-administrator" else NADIA


def _second(edit: Edit) -> str:
    """A second administrator of the installation, where only they change something."""
    if edit.by != "another-administrator":
        return edit.by
    actions.assign(CLAIRE, "administrator", "grenoble", None, since=clock.today(), by=INES)
    db.session.commit()
    return CLAIRE


def _said(page: str, value: str) -> str:
    """A chosen value is said by its label."""
    options = html.fromstring(page).xpath(f"//option[@value='{value}']/text()")
    return options[0].strip() if options else value


def _typed_again(page: str, field: str) -> dict[str, str]:
    forms = [one for one in html.fromstring(page).forms if field in one.fields and one.method == "POST"]
    return dict(forms[0].form_values())


def test_every_form_that_changes_something_is_in_the_list(app: Flask) -> None:
    """A page that both shows and changes one thing carries what was shown; a new one is added above."""
    editing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if {"GET", "POST"} <= (rule.methods or set())
        and rule.endpoint.partition(".")[0] in ("people", "operations")
        and access.ROUTES[rule.endpoint] != access.PUBLIC
        and not any(word in rule.endpoint for word in (".new_", ".remove_", ".end_", ".take_"))
    }
    assert editing - set(EDITS) - set(NO_VERSION) == set()


def test_a_referent_named_meanwhile_is_not_overwritten_from_an_older_list(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_household()
    household, before = row.id, row.referent
    db.session.rollback()
    nadia, path = sign_in(NADIA), f"{HERE}/referents"
    ticked = {"which": "ticked", "household": f"{household}:{before}"}
    assert nadia.post(path, data=ticked | {"to": NADIA}).status_code == 303
    answer = sign_in(BRUNO).post(path, data=ticked | {"to": SONIA})
    assert answer.status_code == 409
    assert queries.names([NADIA])[NADIA] in answer.text
