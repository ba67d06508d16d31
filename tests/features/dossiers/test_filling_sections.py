"""Filling a diagnosis section by section."""

from datetime import UTC, datetime

import pytest
from lxml import html

from forms.compiler import name_of
from forms.instance import Instance
from tests import factories as made
from tests.cast import BRUNO, CLAIRE, SONIA
from workflow import clock
from workflow.db import db
from workflow.dossiers import queries
from workflow.operations.models import Operation
from workflow.web.models import SensitiveRead

NOTICE = name_of("/data/A/A13")
RENT = name_of("/data/D/D_loyer/D2_loyer")
AUTOSAVE, SWAP = {"X-Relais": "autosave"}, {"X-Relais": "swap"}


def answered(row, path):
    """The answer as it is stored now."""
    db.session.rollback()
    found = queries.opened(row, queries.present_set(row))[0].get(path)
    db.session.rollback()
    return found


def test_an_empty_household_is_filled_page_by_page_until_nothing_is_missing(app, desk, typed):
    row = made.a_dossier()
    form = queries.form_of(row)
    whole = Instance.from_answers(form, made.said(row.household), queries.circumstances("mistral"))
    names = [group.name for group in form.sections]
    claire = desk(CLAIRE, row).get("/fill/A")
    for name in names:
        assert claire.status == 200
        answers = typed(whole, name)
        while True:
            claire.send(f"/fill/{name}", **_placed(claire, answers), update="1").follow()
            wanted = _row_to_add(claire, answers)
            if wanted is None:
                break
            claire.send(f"/fill/{name}", **_placed(claire, answers), add_row=wanted).follow()
        claire.send(f"/fill/{name}", **answers).follow()
    assert claire.last.request.path.endswith("/check")
    assert "manque" not in claire.text
    claire.send("/submit").follow()
    assert "C’est envoyé" in claire.text
    assert queries.present_set(row).state == "handed on"


def _placed(desk, answers):
    """Without the answers of rows that the page does not have yet."""
    return {name: said for name, said in answers.items() if "~" not in name or f'name="{name}"' in desk.last.text}


def _row_to_add(desk, answers):
    """The path of a repeat that needs one more row for these answers."""
    tree = html.fromstring(desk.last.text)
    for button in tree.xpath("//button[@name='add_row']"):
        path = button.get("value")
        shown = len(desk.last.text.split(f'data-item="{path}[')) - 1
        rows = {name.split("~", 1)[1].split(":")[0] for name in answers if name.startswith(name_of(path) + "~")}
        count = sum(f'data-item="{path}[{number}]"' in desk.last.text for number in range(1, shown + 1))
        if rows and len(rows) > count:
            return path
    return None


def test_each_section_says_how_many_questions_and_which_sections_are_done(desk):
    claire = desk(CLAIRE, made.a_filled_dossier()).get("/fill/D")
    assert "Rubrique 4 sur" in claire.text
    assert "questions" in claire.text
    assert "complète" in claire.text


@pytest.mark.complaint(34)
def test_a_calculation_is_shown_with_its_numbers(desk):
    claire = desk(CLAIRE, made.a_filled_dossier()).get("/fill/D")
    claire.send(
        "/save/D", form="/fill/D", headers=SWAP, **{RENT: "500", name_of("/data/D/D_loyer/D2_charges"): "20,50"}
    )
    assert claire.status == 200
    assert "520,5" in claire.text or "= 500" in claire.text
    assert claire.last.headers["X-Relais-Saved"]


def test_a_wrong_amount_stays_as_typed_with_its_error_beside_it_and_in_the_summary(app, desk):
    row = made.a_filled_dossier()
    claire = desk(CLAIRE, row).get("/fill/D").send("/fill/D", **{RENT: "quatre cents"})
    assert claire.status == 422
    tree = html.fromstring(claire.last.text)
    assert tree.xpath(f"//input[@name='{RENT}']/@value") == ["quatre cents"]
    assert tree.xpath(f"//input[@name='{RENT}']/@aria-invalid") == ["true"]
    assert tree.xpath(f"//div[contains(@class,'error-summary')]//a[@href='#{RENT}']")
    assert answered(row, "/data/D/D_loyer/D2_loyer") == "quatre cents"
    claire.get("/fill/D")
    assert "quatre cents" in claire.last.text


def test_a_missing_answer_is_said_only_once_somebody_asks_to_go_on(desk):
    claire = desk(CLAIRE, made.a_dossier()).get("/fill/A")
    assert 'class="error"' not in claire.last.text
    claire.send("/fill/A")
    assert claire.status == 422
    assert 'class="error"' in claire.last.text
    assert "Continuer quand même" in claire.text


def test_a_refused_notice_stops_the_filling(desk):
    claire = desk(CLAIRE, made.a_dossier()).get("/fill/A").send("/fill/A", **{NOTICE: "non"})
    assert claire.status == 422
    assert "Ne posez pas d’autre question" in claire.text
    claire.get("/fill/E")
    assert "s’ouvrira quand la notice" in claire.text
    assert "s’ouvre plus tard" in claire.text


@pytest.mark.complaint(38)
def test_autosave_answers_with_the_time_and_the_next_version(app, desk):
    row = made.a_dossier()
    claire = desk(CLAIRE, row).get("/fill/A")
    before = claire.form("/fill/A")["version"]
    claire.send("/save/A", form="/fill/A", headers=AUTOSAVE, **{NOTICE: "oui"})
    assert claire.status == 204
    assert "h" in claire.last.headers["X-Relais-Saved"]
    assert claire.last.headers["X-Relais-Version"] != before[0]
    assert answered(row, "/data/A/A13") == "oui"


@pytest.mark.complaint(35)
def test_a_draft_is_resumed_on_another_device(app, desk):
    row = made.a_dossier()
    desk(CLAIRE, row).get("/fill/A").send("/save/A", form="/fill/A", headers=AUTOSAVE, **{NOTICE: "oui"})
    elsewhere = desk(CLAIRE, row).get("/fill/A")
    assert html.fromstring(elsewhere.last.text).xpath(f"//input[@name='{NOTICE}'][@value='oui']/@checked")
    assert "Enregistré à" in elsewhere.text


def test_an_ended_session_keeps_the_text_by_saying_so(app, desk):
    row = made.a_dossier()
    claire = desk(CLAIRE, row).get("/fill/A")
    form = claire.form("/fill/A")
    answer = app.test_client().post(f"/dossiers/{claire.reference}/save/A", data=form, headers=AUTOSAVE)
    assert answer.status_code == 401


def test_the_same_person_in_two_tabs_does_not_overwrite_what_the_other_tab_wrote(app, desk):
    row = made.a_dossier()
    older, newer = desk(CLAIRE, row).get("/fill/A"), desk(CLAIRE, row).get("/fill/A")
    officer = name_of("/data/A/A_entretien/A6")
    assert newer.send("/save/A", "/fill/A", {"X-Relais": "autosave"}, **{officer: "Première main"}).status == 204
    assert older.send("/save/A", "/fill/A", {"X-Relais": "autosave"}, **{officer: "Seconde main"}).status == 409
    assert answered(row, "/data/A/A_entretien/A6") == "Première main"


def test_one_tab_may_be_a_save_behind_itself(app, desk):
    """The button is pressed while an autosave is under way."""
    row = made.a_dossier()
    tab = desk(CLAIRE, row).get("/fill/A")
    before = tab.form("/fill/A")
    tab.client.post(f"/dossiers/{row.reference}/save/A", data=before | {NOTICE: "oui"}, headers=AUTOSAVE)
    answer = tab.client.post(
        f"/dossiers/{row.reference}/save/A", data=before | {NOTICE: "non"}, headers={"X-Relais": "autosave"}
    )
    assert answer.status_code == 204


@pytest.mark.complaint(4)
def test_only_who_fills_comes_to_the_filling_page(desk):
    row = made.a_dossier()
    assert desk(BRUNO, row).get("/fill/A").status == 303
    assert desk(SONIA, row).get("/fill/A").status == 404


def test_nothing_can_be_changed_once_it_is_sent(desk):
    row = made.a_filled_dossier()
    claire = desk(CLAIRE, row).get("/fill/A")
    form = claire.form("/fill/A")
    claire.get("/check").send("/submit")
    late = claire.client.post(f"/dossiers/{claire.reference}/save/A", data=form, headers=AUTOSAVE)
    assert late.status_code == 409


def test_a_form_with_something_missing_is_not_sent_and_links_to_each_field(app, desk):
    row = made.a_dossier()
    claire = desk(CLAIRE, row).get("/check")
    assert "manquent" in claire.text
    claire.send("/submit")
    assert claire.status == 422
    links = html.fromstring(claire.last.text).xpath("//div[contains(@class,'error-summary')]//a/@href")
    assert f"/dossiers/{claire.reference}/fill/A?strict=1#{NOTICE}" in links
    assert queries.present_set(row).state == "draft"


def test_every_answer_has_its_own_link_to_change_it(desk):
    claire = desk(CLAIRE, made.a_filled_dossier()).get("/check")
    links = html.fromstring(claire.last.text).xpath("//a/@href")
    assert any(link.endswith("#" + RENT) for link in links)


def test_reading_the_social_appraisal_leaves_a_line_in_the_journal(app, desk):
    row = made.a_filled_dossier()
    subject = row.subject
    desk(CLAIRE, row).get()
    lines = db.session.query(SensitiveRead).filter_by(subject=subject).all()
    assert [(line.person, line.levels) for line in lines] == [(CLAIRE, "V3 V4")]


def test_a_row_is_added_and_removed_without_a_script(app, desk):
    row = made.a_filled_dossier()
    claire = desk(CLAIRE, row).get("/fill/C")
    count = claire.last.text.count("data-row>")
    claire.send("/fill/C", add_row="/data/C/person").follow()
    assert claire.last.text.count("data-row>") == count + 1
    claire.send("/fill/C", remove_row=f"/data/C/person[{count + 1}]").follow()
    assert claire.last.text.count("data-row>") == count


def unfolded(desk, name):
    """What a folded part of the last page says, in one line."""
    found = html.fromstring(desk.last.text).xpath(f"//details[@class='{name}']")
    return [" ".join(one.text_content().split()) for one in found]


@pytest.mark.complaint(33)
def test_before_sending_one_reads_which_questions_are_not_asked_and_why(desk):
    claire = desk(CLAIRE, made.a_filled_dossier()).get("/check")
    [told] = unfolded(claire, "unasked")
    assert "Date du dernier calcul de la CAF ou de la MSA" in told
    assert "K_" not in told
    assert "/data/" not in told
    assert "${" not in told


def test_a_question_that_another_answer_calls_for_says_so(desk):
    fitted, why = name_of("/data/H/H1"), name_of("/data/H/H2")
    claire = desk(CLAIRE, made.a_filled_dossier()).get("/fill/H")
    data = {fitted: "oui", why: ""}
    claire.send("/save/H", form="/fill/H", headers=SWAP, **data)
    [told] = [one for one in unfolded(claire, "why") if "Besoins pour le logement" in one]
    assert "Oui" in told
    claire.get("/fill/H").send("/save/H", form="/fill/H", headers=SWAP, **{fitted: "non"})
    assert not [one for one in unfolded(claire, "why") if "Besoins pour le logement" in one]


def test_the_form_knows_the_day_and_the_hour_of_the_place(app):
    place = db.session.get_one(Operation, "mistral")
    place.zone = "Indian/Reunion"
    with clock.at(datetime(2026, 7, 1, 21, 30, tzinfo=UTC)):
        now = queries.circumstances("mistral")
    assert (now.today.isoformat(), now.now.hour) == ("2026-07-02", 1)
