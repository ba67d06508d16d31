"""Open texts: a reminder beside the field, words pointed out once before going on, never in the way, counted."""

import pytest
from lxml import html

from forms.pages import name_of
from tests.cast import CLAIRE, NADIA
from tests.features.dossiers.speaking import a_speaking_dossier
from workflow.db import db
from workflow.dossiers import queries
from workflow.dossiers.queries.remarked import Remarked, remarked_in

RENT, WISH, HEALTH = (name_of(f"/data/home/{name}") for name in ("rent", "wish", "health"))
SWAP, AUTOSAVE = {"X-Relais": "swap"}, {"X-Relais": "autosave"}
HURTFUL, PLAIN = "Madame est dépressive et veut du calme.", "Madame souhaite un logement calme."


@pytest.fixture
def row(app, tmp_path):
    return a_speaking_dossier(tmp_path / "speaking")


def counted():
    db.session.rollback()
    found = remarked_in("mistral")
    db.session.rollback()
    return found


def remarks(desk):
    return [
        " ".join(one.text_content().split()) for one in html.fromstring(desk.last.text).xpath("//div[@class='caution']")
    ]


def test_a_reminder_stands_beside_open_texts_only(row, desk):
    claire = desk(CLAIRE, row).get("/fill/home")
    found = html.fromstring(claire.last.text).xpath("//span[@class='reminder']/../@id")
    assert found == [f"{WISH}-hint"]


def test_words_are_pointed_out_in_the_page_as_soon_as_the_answer_changes(row, desk):
    claire = desk(CLAIRE, row).get("/fill/home")
    claire.send("/save/home", form="/fill/home", headers=SWAP, **{WISH: HURTFUL})
    assert len(remarks(claire)) == 1
    assert "dépressive" in remarks(claire)[0]
    assert counted() == Remarked(shown=1)


def test_without_a_script_they_are_pointed_out_once_and_saving_again_keeps_them(row, desk):
    claire = desk(CLAIRE, row).get("/fill/home").send("/fill/home", **{RENT: "400", WISH: HURTFUL})
    assert claire.status == 200
    assert len(remarks(claire)) == 1
    claire.send("/fill/home").follow()
    assert claire.last.request.path.endswith("/fill/noise")
    assert counted() == Remarked(shown=1, kept=1)
    claire.get("/fill/home").send("/fill/home").follow()
    assert claire.last.request.path.endswith("/fill/noise"), "what was kept once is not asked again"
    assert counted() == Remarked(shown=1, kept=1)


def test_words_put_otherwise_are_counted_and_the_text_is_not(row, desk):
    claire = desk(CLAIRE, row).get("/fill/home").send("/fill/home", **{RENT: "400", WISH: HURTFUL})
    claire.send("/fill/home", **{WISH: PLAIN}).follow()
    assert claire.last.request.path.endswith("/fill/noise")
    assert counted() == Remarked(shown=1, reworded=1)


def test_saving_in_passing_says_and_counts_nothing(row, desk):
    claire = desk(CLAIRE, row).get("/fill/home")
    claire.send("/save/home", form="/fill/home", headers=AUTOSAVE, **{WISH: HURTFUL})
    assert counted() == Remarked()


def test_a_question_that_asks_for_health_is_left_alone(row, desk):
    claire = desk(CLAIRE, row).get("/fill/home").send("/fill/home", **{RENT: "400", HEALTH: HURTFUL}).follow()
    assert claire.last.request.path.endswith("/fill/noise")
    assert counted() == Remarked()


def test_before_sending_one_reads_again_where_such_words_stand(row, desk):
    claire = desk(CLAIRE, row).get("/fill/home").send("/fill/home", **{WISH: HURTFUL}, update="1").get("/check")
    links = html.fromstring(claire.last.text).xpath(f"//div[contains(@class, 'notice')]//a[contains(@href, '#{WISH}')]")
    assert len(links) == 1


def test_the_manager_reads_the_figures_of_the_operation(row, desk, sign_in):
    desk(CLAIRE, row).get("/fill/home").send("/fill/home", **{RENT: "400", WISH: HURTFUL})
    page = sign_in(NADIA).get("/operations/mistral")
    assert html.fromstring(page.text).xpath("//p[@id='remarks-counted']")
    assert queries.present_set(row) is not None
