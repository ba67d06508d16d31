"""Where each answer comes from: written at every save, told on demand, told plainly to the household."""

from datetime import timedelta

import pytest
from lxml import html

from forms.pages import name_of
from tests import factories as made
from tests.cast import CLAIRE, HELENE, SONIA
from tests.features.dossiers.speaking import a_speaking_dossier
from workflow import clock
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.actions.writing import write

RENT = name_of("/data/home/rent")
SWAP = {"X-Relais": "swap"}


@pytest.fixture
def row(app, tmp_path):
    return a_speaking_dossier(tmp_path / "speaking")


def lines(row):
    db.session.rollback()
    found = queries.opened(row, queries.present_set(row))[1]
    db.session.rollback()
    return found


def person(number, name="name"):
    return f"/data/people/person[{number}]/{name}"


def test_a_removed_row_does_not_leave_its_origin_to_the_next_one(row, desk):
    other = made.another_adviser()
    claire = desk(CLAIRE, row).get("/fill/people")
    claire.send("/fill/people", **{name_of(person(1)): "Awa"}, add_row="/data/people/person").follow()
    claire.send("/fill/people", **{name_of(person(2)): "Boris"}, update="1").follow()
    lea = desk(other, row).get("/fill/people").send("/fill/people", add_row="/data/people/person").follow()
    lea.send("/fill/people", **{name_of(person(3)): "Chen"}, update="1").follow()
    lea.send("/fill/people", remove_row="/data/people/person[1]").follow()
    found = lines(row)
    assert [found[person(number)][0] for number in (1, 2)] == [CLAIRE, other]
    assert person(3) not in found


def test_the_officer_marks_what_was_seen_on_a_document_and_the_mark_falls_when_the_answer_changes(row, desk):
    claire = desk(CLAIRE, row).get("/fill/home").send("/fill/home", **{RENT: "412,50"}, update="1").follow()
    [box] = html.fromstring(claire.last.text).xpath(f"//input[@id='{RENT}-seen']")
    claire.send("/save/home", form="/fill/home", headers=SWAP, on_document=[box.get("value")])
    assert lines(row)["/data/home/rent"][2] == "seen"
    [box] = html.fromstring(claire.last.text).xpath(f"//input[@id='{RENT}-seen']")
    assert box.get("checked") is not None
    claire.get("/fill/home").send("/fill/home", update="1").follow()
    assert lines(row)["/data/home/rent"][2] == "seen"
    claire.send("/fill/home", **{RENT: "480"}, update="1").follow()
    assert lines(row)["/data/home/rent"][2] == "declared"
    assert not html.fromstring(claire.last.text).xpath(f"//input[@id='{RENT}-seen']/@checked")


def test_an_answer_that_is_not_asked_for_a_while_keeps_its_origin(app):
    row = made.a_filled_dossier()
    before = lines(row)["/data/D/D_loyer/D2_loyer"]
    claire = made.identity(CLAIRE)
    stamp = queries.present_set(row).stamp
    for answer in ("non", "oui"):
        saved = actions.save_section(claire, row.reference, "A", {name_of("/data/A/A13"): answer}, stamp, whole=False)
        stamp = saved.stored.stamp
        db.session.commit()
    assert lines(row)["/data/D/D_loyer/D2_loyer"] == before


def test_one_asks_where_each_answer_comes_from_and_a_calculation_shows_what_it_reads(row, desk):
    claire = desk(CLAIRE, row).get("/fill/home").send("/fill/home", **{RENT: "412,50"}, update="1")
    claire.get("/check")
    assert "Claire Maurin" not in rows(claire)["Loyer"]
    claire.get("/check?origins=1")
    assert "Claire Maurin" in rows(claire)["Loyer"]
    assert "412,5" in rows(claire)["Deux mois de loyer"].replace("825", "")
    claire.get("?origins=1")
    assert "Claire Maurin" in rows(claire)["Loyer"]


def rows(desk):
    """{label: what stands beside it} of the answers of the last page."""
    facts = html.fromstring(desk.last.text).xpath("//div[starts-with(@class, 'fact')]")
    return {fact.xpath("string(dt)").strip(): " ".join(fact.xpath("string(dd)").split()) for fact in facts}


def test_every_source_is_told_whatever_else_it_says(row, desk):
    when = (clock.now() - timedelta(days=3)).isoformat()
    more = {"paper": {"on": "2026-03-02"}, "confirmed": [SONIA, when, "declared"]}
    named = {"paper": "2 mars 2026", "confirmed": "Sonia Mendès"}
    for source in ("paper", "confirmed", "phone", "prefilled", "somewhere"):
        stored = queries.present_set(row, lock=True)
        instance, _lines = queries.opened(row, stored)
        instance.set("/data/home/rent", "412.5")
        further = [more[source]] if source in more else []
        write(row, stored, instance, {"/data/home/rent": [CLAIRE, when, source, *further]}, CLAIRE)
        db.session.commit()
        told = rows(desk(CLAIRE, row).get("/check?origins=1"))["Loyer"]
        assert told.startswith("412,50"), source
        assert len(told) > len("412,50 €") + 10, source
        assert named.get(source, "") in told


def test_the_household_reads_its_copy_in_its_language_without_what_is_not_for_it(row, desk):
    claire = desk(CLAIRE, row).get("/fill/home")
    claire.send("/fill/home", **{RENT: "412,50", name_of("/data/home/health"): "Un secret."}, update="1")
    claire.get("/copy?tongue=ar+fr")
    assert claire.status == 200
    assert "Un secret" not in claire.last.text
    assert {"الإيجارLoyer"} <= set(rows(claire))
    [around] = html.fromstring(claire.last.text).xpath("//div[@dir='rtl'][@lang='ar']")
    assert around.xpath(".//span[@class='origin'][@lang='fr']")


def test_only_who_may_read_names_opens_the_household_s_copy(app, desk):
    row = made.a_dossier_before_the_committee()
    assert desk(SONIA, row).get("/copy").status == 200
    assert desk(HELENE, row).get("/copy").status == 404
