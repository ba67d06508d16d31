"""The questions are read in another language while the form is filled in: nothing typed is lost."""

import pytest
from lxml import html

from forms.pages import name_of
from tests.cast import CLAIRE
from tests.features.dossiers.speaking import a_speaking_dossier
from workflow.db import db
from workflow.dossiers import queries

RENT, SINCE, LIFT, WISH = (name_of(f"/data/home/{name}") for name in ("rent", "since", "lift", "wish"))
SWAP = {"X-Relais": "swap"}
TYPED = {RENT: "412,50", SINCE: "03/02/2019", LIFT: "yes", WISH: "Près de l’école,\nau calme."}
ARABIC = {"speak": "1", "speak_in": "ar"}


@pytest.fixture
def row(app, tmp_path):
    return a_speaking_dossier(tmp_path / "speaking")


def answered(row):
    db.session.rollback()
    instance, _lines = queries.opened(row, queries.present_set(row))
    found = {name: instance.get(f"/data/home/{name}") for name in ("rent", "since", "lift", "wish")}
    db.session.rollback()
    return found


def tree_of(desk):
    return html.fromstring(desk.last.text)


def test_switching_while_filling_keeps_every_answer_those_not_saved_yet_too(row, desk):
    claire = desk(CLAIRE, row).get("/fill/home")
    claire.send("/fill/home", **TYPED, **ARABIC).follow()
    assert answered(row) == {
        "rent": "412.50",
        "since": "2019-02-03",
        "lift": "yes",
        "wish": "Près de l’école,\nau calme.",
    }
    assert "الإيجار" in claire.text
    sent = claire.form("/fill/home")
    assert {name: sent[name][0].strip().replace("\r", "") for name in TYPED} == TYPED
    claire.send("/fill/home", speak="1", speak_in="fr").follow()
    assert "الإيجار" not in claire.text.replace("العربية", "")
    assert answered(row)["rent"] == "412.50"


def test_the_language_chosen_stays_for_the_next_section_and_for_each_changed_answer(row, desk):
    claire = desk(CLAIRE, row).get("/fill/home")
    claire.send("/fill/home", **TYPED, **ARABIC).follow()
    claire.send("/save/home", form="/fill/home", headers=SWAP, **{RENT: "500"})
    section = html.fromstring(claire.last.text)
    assert (section.get("lang"), section.get("dir")) == ("ar", "rtl")
    assert "إيجار شهرين" in claire.text
    claire.get("/fill/people")
    assert "الأشخاص" in claire.text


def test_questions_in_arabic_are_marked_and_the_words_of_the_page_stay_french(row, desk):
    claire = desk(CLAIRE, row).get("/fill/home").send("/fill/home", **ARABIC).follow()
    tree = tree_of(claire)
    [section] = tree.xpath("//div[@data-section]")
    assert (section.get("lang"), section.get("dir")) == ("ar", "rtl")
    assert section.xpath(".//span[@class='required'][@lang='fr'][@dir='ltr']")
    assert tree.get("lang") == "fr"
    assert "Enregistrer et continuer" in claire.text
    claire.send("/fill/home", **{RENT: ""})
    assert tree_of(claire).xpath("//div[@data-section]//p[@class='error'][@lang='fr']")


def test_what_is_not_translated_stands_in_french_and_is_said_once(row, desk):
    claire = desk(CLAIRE, row).get("/fill/home").send("/fill/home", **ARABIC).follow()
    assert len(tree_of(claire).xpath("//p[contains(@class, 'untranslated')]")) == 1
    [label] = tree_of(claire).xpath(f"//label[@for='{WISH}']")
    assert label.xpath("./span[@lang='fr'][@dir='ltr']/text()") == ["Ce que vous souhaitez"]
    assert all(one.text_content().strip() for one in tree_of(claire).xpath("//div[@data-section]//label"))


def test_french_stands_under_each_question_when_it_is_read_aloud(row, desk):
    claire = desk(CLAIRE, row).get("/fill/home").send("/fill/home", **ARABIC, speak_both="1").follow()
    [also] = tree_of(claire).xpath(f"//label[@for='{RENT}']/span[@class='also']")
    assert (also.text, also.get("lang"), also.get("dir")) == ("Loyer", "fr", "ltr")
    assert tree_of(claire).xpath(f"//label[@for='{LIFT}']/span[@class='also']/text()") == ["Oui"]
    claire.get("/fill/noise")
    assert "Le jour" in claire.text
    assert "نهارا" in claire.text


def test_each_language_is_offered_under_its_own_name(row, desk):
    claire = desk(CLAIRE, row).get("/fill/home")
    offered = tree_of(claire).xpath("//select[@name='speak_in']/option")
    assert [(one.get("value"), one.text) for one in offered] == [
        ("fr", "français"),
        ("en", "English"),
        ("ar", "العربية"),
    ]


def test_why_each_question_is_asked_is_told_under_the_page(row, desk):
    claire = desk(CLAIRE, row).get("/fill/home")
    tree = tree_of(claire)
    leads = set(tree.xpath("//a[@class='ask-why']/@href"))
    assert leads <= {f"#{one}" for one in tree.xpath("//details[@id='whys']//li/@id")}
    assert len(leads) == 5
