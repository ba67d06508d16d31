"""A study firm surveyed a household; months later somebody else brings its diagnosis up to date, never done again."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from forms.compiler import name_of
from tests import factories
from tests.cast import BRUNO, FRANCOIS, HELENE, MIREILLE, SONIA
from tests.journeys.barriers import faults
from tests.journeys.conftest import Arrive
from tests.journeys.deciding import approves
from tests.journeys.homes import Home
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor
from workflow import clock
from workflow.catalogue.queries import current
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.people import actions as people

RANK = Home.STALE
AWA, FIRM = "awa-diop", "etudes-du-parc"
THEN = timedelta(days=243)
WISH = name_of("/data/I_projet/I17")
COMMITTEE = {"Hélène Vasseur": HELENE, "François Delaunay": FRANCOIS, "Mireille Santoni": MIREILLE}


@dataclass
class Aged:
    """The dossier of the study firm, validated eight months ago; its mission is over."""

    reference: str
    household: str


@pytest.fixture
def aged(relais: Installation) -> Aged:
    with relais.inside(), clock.at(clock.now() - THEN):
        people.put_organisation(FIRM, "Études du Parc", "provider")
        people.put_person(AWA, "Awa Diop", "awa.diop@example.org")
        month = (clock.today() - timedelta(days=30), clock.today() + timedelta(days=30))
        place = factories.MISTRAL["slug"]
        people.assign(AWA, "charge_relogement", "grenoble", place, employer=FIRM, since=month[0], until=month[1])
        db.session.commit()
        home = factories.a_household(RANK)
        awa = factories.identity(AWA)
        row, _new = actions.open_dossier(awa, home, current("diagnostic-social", place))
        actions.write_answers(awa, row.reference, factories.said(home))
        actions.submit(awa, row.reference, queries.file(awa, row.reference).known.course.version)
        db.session.commit()
        factories.decide(SONIA, row, "Approve", "visa_bailleur")
        factories.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen")
        for seat in COMMITTEE.values():
            factories.decide(seat, row, "Approve", "validation")
        return Aged(row.reference, row.household_id)


def test_a_diagnosis_that_has_aged_is_refreshed_by_somebody_else_and_validated_again(
    relais: Installation, arrive: Arrive, aged: Aged
) -> None:
    claire = arrive(relais, "Claire Maurin")
    nothing_is_proposed_on_old_answers(claire, aged)
    she_opens_a_new_version(claire, aged)
    she_confirms_what_is_still_so_and_corrects_the_rest(claire, aged)
    the_visa_stands_and_the_committee_decides_again(relais, aged)
    for name in COMMITTEE:
        seat = arrive(relais, name)
        seat.goes_to(f"/dossiers/{aged.reference}")
        approves(seat)
    what_changed_can_be_read(claire, aged)
    claire.goes_to(f"/households/{aged.household}")
    expect(claire.main.get_by_role("button", name="Proposer un logement")).to_be_visible()


def nothing_is_proposed_on_old_answers(claire: Visitor, aged: Aged) -> None:
    claire.goes_to(f"/households/{aged.household}")
    claire.sees("à mettre à jour")
    claire.sees("Awa Diop (Études du Parc, pour Ville de Grenoble)")
    claire.sees("« Diagnostic social » vient d’abord")
    expect(claire.main.get_by_role("button", name="Proposer un logement")).to_have_count(0)


def she_opens_a_new_version(claire: Visitor, aged: Aged) -> None:
    claire.follows(re.compile("^Mettre à jour$"), inside=claire.main.locator(".notice"))
    claire.sees("Ce qui est devenu trop ancien")
    assert faults(claire.page) == []
    claire.presses("Ouvrir la nouvelle version")
    claire.sees(re.compile("Recueilli le .* par Awa Diop"))
    assert faults(claire.page) == []


def she_confirms_what_is_still_so_and_corrects_the_rest(claire: Visitor, aged: Aged) -> None:
    claire.goes_to(f"/dossiers/{aged.reference}/check")
    pages = [link.get_attribute("href") for link in claire.main.locator(".notice-waiting li a").all()]
    assert len(pages) >= 6, "everything that has aged is named"
    claire.presses("Envoyer")
    claire.sees(re.compile("rubriques sont trop anciennes"))
    for page in pages:
        claire.goes_to(page)
        if page.endswith("/I_projet"):
            claire.page.locator(f'[name="{WISH}"]').fill("Garder le jardin partagé.")
        claire.page.locator("#unchanged").check()
        claire.presses("Enregistrer et continuer")
        expect(claire.page).not_to_have_url(re.compile(f"{page}$"))
    claire.goes_to(f"/dossiers/{aged.reference}/check")
    claire.sees("Rubriques ni corrigées ni confirmées")
    assert faults(claire.page) == []
    claire.presses("Envoyer")
    claire.is_told_that_it_is_done()


def the_visa_stands_and_the_committee_decides_again(relais: Installation, aged: Aged) -> None:
    with relais.inside():
        row = factories.dossier_of(aged.reference)
        state = queries.file(factories.identity(BRUNO), row.reference).known.state
        assert list(state.open) == ["lecture_menage"], "nothing the landlord looks at has changed: its visa stands"
        assert [vote.voice.person for vote in state.votes["visa_bailleur"]] == [SONIA]
        factories.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen")


def what_changed_can_be_read(claire: Visitor, aged: Aged) -> None:
    claire.goes_to(f"/dossiers/{aged.reference}/versions")
    claire.sees("Garder le jardin partagé.")
    claire.sees("Confirmé sans changement")
    claire.sees("Awa Diop")
