"""A decision that comes twice, late, out of turn, from somebody removed, on a stale page: refused in words; nothing
moves, and what was typed is given back.
"""

import pytest
from lxml import html

from tests import factories as made
from tests.cast import CLAIRE, SONIA
from workflow import clock
from workflow.db import db
from workflow.people import actions as people
from workflow.people.models import Assignment
from workflow.record.queries import facts

VISA = "/decide/approve/visa_bailleur"
SEND_BACK, RESERVE = "/decide/send-back/visa_bailleur", "/decide/approve-with-reservation/visa_bailleur"
WORDS = "Le loyer noté n’est pas celui du bail."


def record_of(row):
    found = [(fact.kind, fact.version) for fact in facts(row.subject)]
    db.session.rollback()
    return found


def typed_in(desk, field="reason"):
    return html.fromstring(desk.last.text).xpath(f"//textarea[@name='{field}']")[0].text.strip()


def test_a_decision_posted_twice_is_one(app, desk):
    row = made.a_submitted_dossier()
    sonia = desk(SONIA, row).get(VISA)
    form = sonia.form(VISA)
    for _turn in range(2):
        sonia.last = sonia.client.post(f"/dossiers/{sonia.reference}{VISA}", data=form)
        assert sonia.status == 303
    assert [kind for kind, _version in record_of(row)].count("Approved") == 1


def test_a_decision_that_comes_late_says_who_decided_and_gives_the_words_back(app, desk):
    row = made.a_submitted_dossier()
    sonia = desk(SONIA, row).get(RESERVE)
    made.decide(SONIA, row, "Approve", "visa_bailleur")
    before = record_of(row)
    sonia.send(RESERVE, reason=WORDS)
    assert sonia.status == 409
    assert "Validé : Visa du bailleur" in sonia.text
    assert WORDS in sonia.text
    assert record_of(row) == before


def test_a_decision_out_of_turn_is_refused(app, desk):
    row = made.a_dossier_before_the_committee()
    sonia = desk(SONIA, row).get()
    before = record_of(row)
    form = {"version": "1", "shown": "", "reason": WORDS}
    sonia.last = sonia.client.post(f"/dossiers/{row.reference}{SEND_BACK}", data=form)
    assert sonia.status == 409
    assert WORDS in sonia.text
    assert record_of(row) == before


@pytest.mark.parametrize("elsewhere", [False, True], ids=["nothing left", "another organisation"])
def test_somebody_removed_this_morning_decides_nothing_and_gets_their_words_back(app, desk, elsewhere):
    row = made.a_submitted_dossier()
    sonia = desk(SONIA, row).get(RESERVE)
    form = sonia.form(RESERVE) | {"reason": WORDS}
    for held in db.session.query(Assignment).filter_by(person_id=SONIA):
        held.ended_at = clock.now()
    if elsewhere:
        people.assign(SONIA, "referent_bailleur", "grenoble", "mistral", since=clock.today())
    db.session.commit()
    before = record_of(row)
    sonia.last = sonia.client.post(f"/dossiers/{row.reference}{RESERVE}", data=form)
    assert sonia.status in (404, 409)
    assert "n’a pas été enregistrée" in sonia.text
    assert WORDS in sonia.text
    assert record_of(row) == before


def test_on_a_stale_page_the_difference_is_shown_and_one_decides_anew_at_once(app, desk):
    row = made.a_submitted_dossier()
    sonia = desk(SONIA, row).get(RESERVE)
    form = sonia.form(RESERVE) | {"reason": WORDS}
    made.decide(SONIA, row, "SendBack", "visa_bailleur", reason="À revoir.", sections=("D",))
    claire = desk(CLAIRE, row).get("/fill/D")
    claire.send("/fill/D", **{"data:D:D_loyer:D2_loyer": "555,55"})
    claire.get("/check").send("/submit")
    before = record_of(row)
    sonia.last = sonia.client.post(f"/dossiers/{row.reference}{RESERVE}", data=form)
    assert sonia.status == 409
    assert "Votre décision n’a pas été enregistrée" in sonia.text
    now = html.fromstring(sonia.last.text).xpath("//div[contains(@class,'notice')]//ins")
    assert [told for told in now if "555,55" in told.text_content()]
    assert typed_in(sonia) == WORDS
    assert record_of(row) == before
    sonia.send(RESERVE)
    assert sonia.status == 303


def test_a_reason_of_a_megabyte_is_refused_and_given_back(app, desk):
    row = made.a_submitted_dossier()
    before = record_of(row)
    sonia = desk(SONIA, row).get(RESERVE).send(RESERVE, reason="é" * 500_000)
    assert sonia.status == 422
    assert "4 000 caractères" in sonia.text
    assert typed_in(sonia).startswith("ééé")
    assert record_of(row) == before


@pytest.mark.parametrize("version", ["999999", "-1", "drop table", ""])
def test_a_forged_version_is_refused_in_words(app, desk, version):
    row = made.a_submitted_dossier()
    before = record_of(row)
    sonia = desk(SONIA, row).get(RESERVE).send(RESERVE, reason=WORDS, version=version)
    assert sonia.status == 409
    assert "Cette page ne correspond à aucun état de ce dossier" in sonia.text
    assert typed_in(sonia) == WORDS
    assert record_of(row) == before


def test_answers_that_were_never_shown_are_not_decided_on(app, desk):
    row = made.a_submitted_dossier()
    before = record_of(row)
    sonia = desk(SONIA, row).get(RESERVE).send(RESERVE, reason=WORDS, shown="0" * 64)
    assert sonia.status == 409
    assert typed_in(sonia) == WORDS
    assert record_of(row) == before


def test_a_destination_a_section_and_an_opinion_that_are_not_offered_are_refused(app, desk):
    row = made.a_submitted_dossier()
    before = record_of(row)
    for forged in ({"to": "commission"}, {"to": "author", "sections": ["Z"]}):
        sonia = desk(SONIA, row).get(SEND_BACK).send(SEND_BACK, reason=WORDS, **forged)
        assert sonia.status == 409
        assert typed_in(sonia) == WORDS
    assert record_of(row) == before
