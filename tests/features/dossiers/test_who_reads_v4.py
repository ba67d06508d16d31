"""What was confided stays with whom it was confided to: no page, list, file or paper of anybody else repeats it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forms.instance import Instance
from forms.pages import name_of
from forms.visibility import view
from tests import factories as made
from tests.cast import BRUNO, CLAIRE, EVERYBODY, NADIA, SONIA
from tests.features.conftest import SignIn
from workflow import access
from workflow.access import LENSES, Grant, Identity
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.models import Dossier
from workflow.web.models import SensitiveRead

CONFIDED = {
    "C": {"C14": "2027-03-14", "C14_accord": "oui", "C14_prevoir": 1},
    "G_reserve": {
        "G7": "oui",
        "G7_detail": "Jeton-danger-771",
        "G7_orientation": ["ecoute", "hebergement"],
        "G7_besoin": "Pas dans le secteur actuel.",
        "G8": "oui",
        "G9": "oui",
        "G9_relais": ["psychologue"],
        "G9_accord": "oui",
        "G9_besoin": "Un seul interlocuteur.",
    },
    "H": {
        "H1": "oui",
        "H2": ["rdc"],
        "H3": "mdph",
        "H3_besoin": "Trois marches au plus.",
        "H4": ["soins_lieu"],
        "H4_lieu": "Jeton-soins-772",
        "H4_besoin": "Un arrêt de tramway.",
    },
    "I": {"I4": ["teisseire"], "I4_raison": "Jeton-secteur-773"},
}
TOKENS = (
    *("Jeton-danger-771", "Jeton-soins-772", "Jeton-secteur-773"),
    *(
        "Mise à l’abri",
        "Consultation d’un psychologue",
        "Droits ouverts par la MDPH",
        "Soins réguliers dans un établissement",
    ),
    *(
        "14 mars 2027",
        "2027-03-14",
        "Naissance prévue",
        "est en danger",
        "Passages à domicile",
        "souffrance est exprimée",
    ),
)
"""Answers of level V4 as they are written and as they read, and the questions themselves."""

ABOUT = (
    "/dossiers/",
    "/households",
    "/waiting",
    "/search",
    "/operations/mistral/notices",
    "/operations/mistral/who-acts",
)


def confided(row: Dossier) -> dict[str, Any]:
    said = made.said(row.household)
    for page, told in CONFIDED.items():
        said[page] = said[page] | told
    said["I"]["I_choix"] = {"I15_1": "mistral"}
    said["I"]["secteur"] = [{"I3": "mistral"}]
    return said


def a_dossier_that_confides(rank: int = 0) -> Dossier:
    row = made.a_dossier(rank)
    actions.write_answers(made.identity(CLAIRE), row.reference, confided(row))
    db.session.commit()
    return row


def hand_on(row: Dossier) -> None:
    actions.submit(made.identity(CLAIRE), row.reference, made.version(row))
    db.session.commit()


def addresses(app: Flask, row: Dossier) -> list[str]:
    """Every address about this dossier, its household and its operation, and the lists where they stand."""
    rules = [rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    known = {
        "reference": [row.reference],
        "household": [row.household_id],
        "section": [section.name for section in queries.form_of(row).sections],
        "operation": [row.operation_id],
    }
    found = {filled for rule in rules for filled in _filled(rule, known)}
    db.session.rollback()
    return sorted(address for address in found if address.startswith(ABOUT))


def _filled(rule: str, known: dict[str, list[str]]) -> Iterator[str]:
    """The addresses of a rule with every known value in its place; none when it needs something else."""
    hole = re.search(r"<(?:\w+:)?(\w+)>", rule)
    if hole is None:
        yield rule
        return
    for value in known.get(hole[1], ()):
        yield from _filled(rule[: hole.start()] + value + rule[hole.end() :], known)


def told(client: FlaskClient, address: str) -> str:
    return client.get(address, follow_redirects=True).get_data().decode("utf-8", "replace")


def leaks(client: FlaskClient, everywhere: list[str]) -> list[tuple[str, str]]:
    return [
        (address, token)
        for address in everywhere
        for text in [told(client, address)]
        for token in TOKENS
        if token in text
    ]


def test_every_confidential_answer_is_there_to_be_found_and_its_author_finds_it(app: Flask, sign_in: SignIn) -> None:
    row = a_dossier_that_confides()
    hand_on(row)
    reference = row.reference
    db.session.rollback()
    page = told(sign_in(CLAIRE), f"/dossiers/{reference}")
    assert [token for token in TOKENS if token != "2027-03-14" and token not in page] == []
    lines = db.session.query(SensitiveRead).filter_by(person=CLAIRE).all()
    assert any("V4" in line.levels for line in lines)


def test_nobody_else_of_the_demonstration_finds_it_anywhere(app: Flask, sign_in: SignIn) -> None:
    row = a_dossier_that_confides()
    hand_on(row)
    made.decide(SONIA, row, "Approve", "visa_bailleur")
    made.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen")
    everywhere = [address for address in addresses(app, row) if "/fill/" not in address]
    assert len(everywhere) > 12
    for slug in EVERYBODY:
        if slug != CLAIRE:
            assert leaks(sign_in(slug), everywhere) == [], slug


@pytest.mark.parametrize("slug", [BRUNO, NADIA, SONIA])
def test_nobody_else_finds_it_in_the_draft(app: Flask, sign_in: SignIn, slug: str) -> None:
    everywhere = addresses(app, a_dossier_that_confides())
    assert len(everywhere) > 25
    assert leaks(sign_in(slug), everywhere) == []


def test_another_adviser_sees_the_consequence_and_not_the_cause(app: Flask, sign_in: SignIn) -> None:
    row = a_dossier_that_confides()
    reference, other, everywhere = row.reference, made.another_adviser(), addresses(app, row)
    client = sign_in(other)
    assert leaks(client, everywhere) == []
    page = told(client, f"/dossiers/{reference}")
    assert "Pas dans le secteur actuel." in page
    assert "Nouvelle adresse à ne communiquer à personne" in page


def test_what_another_adviser_saves_leaves_what_was_confided_in_place(app: Flask) -> None:
    row = a_dossier_that_confides()
    reference, other = row.reference, made.another_adviser()
    db.session.rollback()
    form = {name_of("/data/G_reserve/G9_besoin"): "Deux interlocuteurs."}
    shown = queries.present_set(made.dossier_of(reference)).stamp
    actions.save_section(made.identity(other), reference, "G_reserve", form, shown)
    db.session.commit()
    instance = _instance(made.dossier_of(reference))
    assert instance.get("/data/G_reserve/G7_detail") == "Jeton-danger-771"
    assert instance.get("/data/G_reserve/G9_besoin") == "Deux interlocuteurs."


def test_the_papers_tell_the_consequence_to_the_committee_and_nothing_of_it_at_home(app: Flask) -> None:
    row = a_dossier_that_confides()
    hand_on(row)
    instance = _instance(row)
    read = {name: repr(view(instance, LENSES[name], "fr")) for name in ("commission", "household", "landlord")}
    for text in read.values():
        assert [token for token in TOKENS if token in text] == []
    assert "Pas dans le secteur actuel." in read["commission"]
    assert "Pas dans le secteur actuel." not in read["household"], "a copy lies at home, where others read it"
    assert "Nouvelle adresse" not in read["household"]
    assert "Un seul interlocuteur." in read["household"]


def _instance(row: Dossier) -> Instance:
    return queries.opened(row, queries.present_set(row))[0]


def test_whom_the_file_names_to_carry_it_on_reads_what_was_confided(app: Flask) -> None:
    row = a_dossier_that_confides()
    heir = made.another_adviser()
    assert queries.file(made.identity(heir), row.reference).lens_name == "author"
    row.officer = heir
    db.session.commit()
    assert queries.file(made.identity(heir), row.reference).lens_name == "confided"


def test_reading_in_somebodys_stead_does_not_give_what_was_confided() -> None:
    lent = Grant("cesf", "grenoble", "mistral", on_behalf_of=CLAIRE)
    substitute = Identity("lea-fontaine", "Léa Fontaine", "fr", (lent,))
    assert access.lens_before(substitute, "mistral", {CLAIRE, "lea-fontaine"}) == "author"


def test_no_role_reads_it_by_itself() -> None:
    assert "V4" not in {level for role in access.ROLES.values() for level in LENSES[role.lens].levels}
    assert [name for name, lens in LENSES.items() if "V4" in lens.levels] == ["confided"]
