"""A survey begins, a household answers in Arabic on its telephone, another one on paper; each of them once."""

import re

from playwright.sync_api import expect

from tests import factories
from tests.cast import BRUNO
from tests.journeys.barriers import faults
from tests.journeys.conftest import Arrive
from tests.journeys.homes import Home
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor
from workflow.db import db
from workflow.dossiers import actions as dossiers
from workflow.dossiers.models import Household
from workflow.exchange.actions.surveying import an_approved_questionnaire
from workflow.record.queries import text
from workflow.surveys.models import Answers, Recipient

TELEPHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
ASKED = (Home.SURVEYED_BY_PHONE, Home.SURVEYED_ON_PAPER, Home.SURVEYED_SILENT)
SURVEYS = "/operations/mistral/surveys"


def test_a_survey_is_sent_and_answered_once_by_each_household(relais: Installation, arrive: Arrive) -> None:
    with relais.inside():
        homes = [factories.a_household(rank) for rank in ASKED]
        for home in homes:
            dossiers.set_state(home, "moved", BRUNO)
        by_phone, on_paper = homes[0].id, homes[1].reference
        an_approved_questionnaire("mistral", "Après le déménagement")
    barriers: list[str] = []
    nadia = arrive(relais, "Nadia Ferhat")
    survey = she_begins_the_survey(nadia, barriers)
    secret = code_of(relais, by_phone)
    a_household_answers_in_arabic(arrive(relais, **TELEPHONE), secret, barriers)
    it_goes_on_elsewhere_and_finishes(arrive(relais, **TELEPHONE), secret, barriers)
    bruno = arrive(relais, "Bruno Castel")
    he_keys_a_sheet(bruno, survey, on_paper, barriers)
    a_second_answer_is_refused(arrive(relais, **TELEPHONE), secret)
    with relais.inside():
        told = db.session.query(Answers.channel, Answers.lang).filter(Answers.finished_for.is_not(None)).all()
        assert sorted(map(tuple, told)) == [("link", "ar"), ("paper", "fr")]
    nadia.goes_to(f"{survey}/results")
    nadia.sees("2 ménages ont répondu")
    nadia.sees("Trop peu de ménages ont répondu")
    barriers += faults(nadia.page)
    assert not barriers, "\n".join(barriers)


def she_begins_the_survey(nadia: Visitor, barriers: list[str]) -> str:
    nadia.goes_to("/households")
    nadia.page.locator(f"main a[href='{SURVEYS}']").click()
    nadia.page.locator(f"main a[href='{SURVEYS}/new']").first.click()
    nadia.writes("Nom de l’enquête", "Enquête de la tranche 1")
    barriers += faults(nadia.page)
    nadia.presses("Commencer")
    nadia.is_told_that_it_is_done()
    nadia.sees("lettres à envoyer")
    barriers += faults(nadia.page)
    return nadia.path


def code_of(relais: Installation, household: str) -> str:
    """As it stands on the letter."""
    with relais.inside():
        row = db.session.query(Recipient).filter_by(household_id=household).one()
        home = db.session.get_one(Household, household)
        assert home.name
        return text(row.code) or ""


def a_household_answers_in_arabic(phone: Visitor, secret: str, barriers: list[str]) -> None:
    phone.goes_to("/q?lang=ar")
    assert phone.page.locator("html").get_attribute("dir") == "rtl"
    phone.page.locator("#code").fill(f"{secret[:4]} {secret[4:8]}-{secret[8:]}".lower())
    barriers += faults(phone.page)
    phone.presses("متابعة")
    barriers += faults(phone.page)
    phone.presses("أوافق على الإجابة")
    expect(phone.page.locator("h1")).to_have_text("الإعلان والمعلومات")
    expect(phone.page.locator("html[data-script]")).to_have_count(1)
    phone.page.get_by_label("رسالة بريدية").check()
    expect(phone.page.locator("[data-saved-line]")).to_contain_text("حُفظ في", timeout=15_000)
    barriers += faults(phone.page)


def it_goes_on_elsewhere_and_finishes(other: Visitor, secret: str, barriers: list[str]) -> None:
    """What was saved while typing is there; the language too."""
    other.goes_to(f"/q/{secret}")
    other.presses("متابعة إجاباتي")
    other.goes_to(f"/q/{secret}/page/B")
    expect(other.page.get_by_label("رسالة بريدية")).to_be_checked()
    while not other.path.endswith("/finish"):
        other.presses("حفظ ومتابعة")
        other.page.wait_for_load_state()
    barriers += faults(other.page)
    other.presses("إرسال إجاباتي")
    expect(other.page.locator("h1")).to_have_text("لقد أجبتم من قبل. شكرًا لكم.")


def he_keys_a_sheet(bruno: Visitor, survey: str, reference: str, barriers: list[str]) -> None:
    bruno.goes_to(survey)
    bruno.follows("Saisir des réponses reçues sur papier ou au téléphone")
    bruno.writes("Code de la lettre, ou référence du ménage", reference.lower())
    bruno.presses("Continuer")
    bruno.ticks("sur papier")
    barriers += faults(bruno.page)
    bruno.presses("Continuer")
    bruno.sees("Page 1")
    bruno.ticks("Courrier")
    while not bruno.path.endswith("/finish"):
        bruno.presses("Enregistrer et continuer")
        bruno.page.wait_for_load_state()
    barriers += faults(bruno.page)
    bruno.presses(re.compile("Terminer"))
    bruno.is_told_that_it_is_done()
    bruno.sees("sur papier")


def a_second_answer_is_refused(phone: Visitor, secret: str) -> None:
    assert phone.goes_to(f"/q/{secret}/page/B?lang=es") == 200
    expect(phone.page.locator("h1")).to_have_text("Ya ha respondido. Gracias.")
