"""Two people on one form: each sees the other, nobody’s text is written over, both texts show where they differ."""

from datetime import timedelta

import pytest
from lxml import html

from forms.compiler import name_of
from tests import factories as made
from tests.cast import CLAIRE
from workflow import clock
from workflow.db import db
from workflow.dossiers import queries
from workflow.dossiers.models import Dossier

OFFICER, FLOOR = name_of("/data/A/A_entretien/A6"), name_of("/data/A/A_logement/A1_etage")
REMARKS = name_of("/data/J/J5")
AUTOSAVE, SWAP = {"X-Relais": "autosave"}, {"X-Relais": "swap"}


@pytest.fixture
def row(app) -> Dossier:
    return made.a_filled_dossier()


@pytest.fixture
def both(desk, row):
    """Claire and Léa, each before that dossier."""
    lea = made.another_adviser()
    return desk(CLAIRE, row), desk(lea, row)


def answered(row, name):
    db.session.rollback()
    path = "/" + name.replace(":", "/")
    found = queries.opened(made.dossier_of(row.reference), queries.present_set(row))[0].get(path)
    db.session.rollback()
    return found


def conflicts(desk):
    tree = html.fromstring(desk.last.text)
    return [one.text_content().strip() for one in tree.xpath("//section[contains(@class, 'both-texts')]//legend")]


def test_two_people_in_two_sections_do_not_disturb_each_other(both, row):
    claire, lea = both
    claire.get("/fill/A"), lea.get("/fill/J")
    assert claire.send("/save/A", "/fill/A", AUTOSAVE, **{FLOOR: "4"}).status == 204
    assert lea.send("/save/J", "/fill/J", AUTOSAVE, **{REMARKS: "Prévenir avant."}).status == 204
    assert (answered(row, FLOOR), answered(row, REMARKS)) == ("4", "Prévenir avant.")


@pytest.mark.complaint(19)
def test_two_people_in_one_section_keep_what_each_of_them_changed(both, row):
    claire, lea = both
    claire.get("/fill/A"), lea.get("/fill/A")
    claire.send("/save/A", "/fill/A", AUTOSAVE, **{FLOOR: "4"})
    late = lea.send("/save/A", "/fill/A", AUTOSAVE, **{OFFICER: "Une autre main"})
    assert late.status == 204
    assert late.last.headers["X-Relais-Merged"] == "1", "her page still shows the former floor"
    assert (answered(row, FLOOR), answered(row, OFFICER)) == ("4", "Une autre main")


def test_a_page_that_still_shows_an_older_answer_does_not_put_it_back(both, row):
    claire, lea = both
    claire.get("/fill/A"), lea.get("/fill/A")
    claire.send("/save/A", "/fill/A", AUTOSAVE, **{FLOOR: "4"})
    form = lea.form("/fill/A")
    for hand in ("Une main", "Une autre main"):
        answer = lea.client.post(f"/dossiers/{row.reference}/save/A", data=form | {OFFICER: hand}, headers=AUTOSAVE)
        form |= {"version": answer.headers["X-Relais-Version"], "seen": answer.headers["X-Relais-Seen"]}
    assert (answered(row, FLOOR), answered(row, OFFICER)) == ("4", "Une autre main")


def test_one_s_own_change_back_to_what_stood_before_counts(both, row):
    claire, lea = both
    claire.get("/fill/A")
    before = answered(row, OFFICER)
    form = claire.form("/fill/A")
    answer = claire.client.post(f"/dossiers/{row.reference}/save/A", data=form | {OFFICER: "X"}, headers=AUTOSAVE)
    form |= {"version": answer.headers["X-Relais-Version"], "seen": answer.headers["X-Relais-Seen"]}
    lea.get("/fill/A").send("/save/A", "/fill/A", AUTOSAVE, **{FLOOR: "4"})
    claire.client.post(f"/dossiers/{row.reference}/save/A", data=form | {OFFICER: before}, headers=AUTOSAVE)
    assert (answered(row, FLOOR), answered(row, OFFICER)) == ("4", before)


def test_the_same_answer_changed_twice_shows_both_texts_and_saves_in_one_go(both, row):
    claire, lea = both
    claire.get("/fill/A"), lea.get("/fill/A")
    claire.send("/save/A", "/fill/A", AUTOSAVE, **{OFFICER: "Première main"})
    form = lea.form("/fill/A") | {OFFICER: "Seconde main"}
    assert lea.client.post(f"/dossiers/{row.reference}/save/A", data=form, headers=AUTOSAVE).status_code == 409
    lea.send("/fill/A", **{OFFICER: "Seconde main", FLOOR: "4"})
    assert lea.status == 409
    assert len(conflicts(lea)) == 1
    assert "Première main" in lea.text
    assert "Claire Maurin" in lea.text
    assert lea.form("/fill/A")[OFFICER] == ["Seconde main"]
    assert lea.form("/fill/A")[FLOOR] == ["4"]
    assert answered(row, OFFICER) == "Première main"
    assert lea.send("/fill/A").status == 409, "nothing was chosen yet"
    chosen = html.fromstring(lea.last.text).xpath(f"//input[@name='settle:{OFFICER}']/@value")
    lea.send("/fill/A", **{f"settle:{OFFICER}": next(one for one in chosen if one.startswith("mine"))})
    assert lea.status == 303
    assert (answered(row, OFFICER), answered(row, FLOOR)) == ("Seconde main", "4")


@pytest.mark.parametrize(("which", "stands"), [("theirs", "Première main"), ("both", "Première main Seconde main")])
def test_the_other_text_may_stand_or_both(both, row, which, stands):
    claire, lea = both
    claire.get("/fill/A"), lea.get("/fill/A")
    claire.send("/save/A", "/fill/A", AUTOSAVE, **{OFFICER: "Première main"})
    lea.send("/fill/A", **{OFFICER: "Seconde main"})
    chosen = html.fromstring(lea.last.text).xpath(f"//input[@name='settle:{OFFICER}']/@value")
    lea.send("/fill/A", **{f"settle:{OFFICER}": next(one for one in chosen if one.startswith(which))})
    assert answered(row, OFFICER).replace("\n", " ") == stands


def test_a_choice_made_before_the_other_wrote_again_does_not_count(both, row):
    claire, lea = both
    claire.get("/fill/A"), lea.get("/fill/A")
    claire.send("/save/A", "/fill/A", AUTOSAVE, **{OFFICER: "Première main"})
    lea.send("/fill/A", **{OFFICER: "Seconde main"})
    chosen = html.fromstring(lea.last.text).xpath(f"//input[@name='settle:{OFFICER}']/@value")
    claire.get("/fill/A").send("/save/A", "/fill/A", AUTOSAVE, **{OFFICER: "Troisième main"})
    lea.send("/fill/A", **{f"settle:{OFFICER}": next(one for one in chosen if one.startswith("mine"))})
    assert lea.status == 409
    assert "Troisième main" in lea.text


def test_what_the_other_confided_is_never_among_the_texts_to_choose(both, row):
    claire, lea = both
    where = name_of("/data/H/H4_lieu")
    lea.get("/fill/H")
    claire.get("/fill/H").send("/save/H", "/fill/H", AUTOSAVE, **{where: "Hôpital de jour"})
    lea.send("/fill/H", **{where: "Ailleurs"})
    assert "Hôpital de jour" not in lea.last.text
    assert answered(row, where) == "Hôpital de jour"


def test_a_text_whose_line_was_taken_away_is_shown_again(both, row):
    claire, lea = both
    last = claire.get("/fill/C").last.text.count("data-row>")
    name, gone = name_of(f"/data/C/person[{last}]/C1"), f"/data/C/person[{last}]"
    lea.get("/fill/C")
    claire.send("/fill/C", remove_row=gone)
    form = lea.form("/fill/C") | {name: "Nom corrigé"}
    assert lea.client.post(f"/dossiers/{row.reference}/save/C", data=form, headers=AUTOSAVE).status_code == 409
    lea.send("/fill/C", **{name: "Nom corrigé"})
    assert lea.status == 409
    assert "Nom corrigé" in lea.text


def test_who_is_there_and_where_is_shown_to_the_other_for_a_minute_and_a_half(both):
    claire, lea = both
    lea.get("/fill/J")
    assert "Léa Fontaine" in claire.get("/fill/A").text
    assert "La conclusion" in claire.get("/present/A").text
    with clock.at(clock.now() + timedelta(seconds=91)):
        assert "Léa Fontaine" not in claire.get("/present/A").text


def test_a_section_taken_is_read_by_the_other_who_may_take_it_over_with_her_text(both, row, desk):
    claire, lea = both
    lea.get("/fill/A")
    claire.get("/fill/A").send("/take/A", form="/take/A")
    assert "Claire Maurin" in lea.send("/fill/A", **{OFFICER: "Seconde main"}).text
    assert lea.status == 409
    assert lea.form("/fill/A")[OFFICER] == ["Seconde main"]
    lea.send("/fill/A", take_over="1")
    assert answered(row, OFFICER) == "Seconde main"
    assert "Léa Fontaine" in claire.get("/fill/A").text
    assert not html.fromstring(claire.last.text).xpath(f"//input[@name='{OFFICER}']")
    with clock.at(clock.now() + timedelta(hours=4, minutes=1)):
        assert html.fromstring(desk(CLAIRE, row).get("/fill/A").last.text).xpath(f"//input[@name='{OFFICER}']")


def test_whoever_leaves_gives_back_what_they_took(both, row):
    claire, lea = both
    lea.get("/fill/J")
    claire.get("/fill/A").send("/take/A", form="/take/A")
    claire.get("/fill/A").send("/fill/A", leave="1")
    assert html.fromstring(lea.get("/fill/A").last.text).xpath(f"//input[@name='{OFFICER}']")


def test_a_removed_line_comes_back_where_it_stood(both, row):
    claire, _lea = both
    claire.get("/fill/C")
    path = "/data/C/person/C1"
    first = name_of("/data/C/person[1]/C1")
    name = answered_row(row, 1)
    claire.send("/fill/C", remove_row="/data/C/person[1]").follow()
    assert answered_row(row, 1) != name
    assert name in claire.text
    claire.send("/fill/C", restore_row="1").follow()
    assert answered_row(row, 1) == name
    assert claire.form("/fill/C")[first] == [name], path


def answered_row(row, number):
    db.session.rollback()
    instance = queries.opened(row, queries.present_set(row))[0]
    found = instance.get(f"/data/C/person[{number}]/C1") if instance.rows("/data/C/person") >= number else ""
    db.session.rollback()
    return found


def test_a_page_left_open_does_not_keep_a_session_alive(both):
    claire, _lea = both
    claire.get("/fill/A")
    for minutes in (20, 40):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            told = claire.client.get(f"/dossiers/{claire.reference}/present/A", headers={"X-Relais": "presence"})
    assert told.status_code == 401


def test_a_form_says_at_first_how_much_it_asks_and_how_long_it_takes(desk, app):
    claire = desk(CLAIRE, made.a_dossier(1)).get("/fill")
    assert "45" in claire.text
    assert "90" in claire.text
    assert "Commencer" in claire.text
    assert len(html.fromstring(claire.last.text).xpath("//li[contains(@class, 'task-section')]")) == 13


@pytest.mark.complaint(19)
def test_before_sending_one_reads_who_filled_in_which_section(both):
    claire, lea = both
    assert "Léa Fontaine" not in claire.get("/check").text
    lea.get("/fill/J").send("/save/J", "/fill/J", AUTOSAVE, **{REMARKS: "Prévenir avant."})
    assert "Léa Fontaine (1" in claire.get("/check").text
