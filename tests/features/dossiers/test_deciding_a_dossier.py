"""Deciding: consequences before, words after, one winner, nothing said twice."""

import io

import pytest
from lxml import html

from tests import factories as made
from tests.cast import BRUNO, CLAIRE, FRANCOIS, HELENE, JULIEN, MIREILLE, MONIQUE, NADIA, OLIVIER, PATRICE, SONIA
from workflow import outbox
from workflow.db import db
from workflow.dossiers import queries
from workflow.filing.models import KeptFile
from workflow.record.queries import facts

VISA, COMMITTEE = "/decide/approve/visa_bailleur", "/decide/approve/validation"
SEND_BACK = "/decide/send-back/visa_bailleur"
SCAN = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8ffff3f0005fe02fea7359681"
    "0000000049454e44ae426082"
)


def kinds(row):
    found = [fact.kind for fact in facts(row.subject)]
    db.session.rollback()
    return found


def test_the_page_says_where_it_stands_who_is_next_and_what_i_may_do(desk):
    sonia = desk(SONIA, made.a_submitted_dossier()).get()
    assert "Visa du bailleur en cours" in sonia.text
    assert "On attend : " in sonia.text
    assert "Valider" in sonia.text
    assert "Ensuite : « Lecture par le ménage » (Le ménage, avec" in sonia.text
    assert "Le dossier revient à Claire Maurin, pour « Remplir avec le ménage »." in sonia.text


def test_a_decision_is_confirmed_on_a_page_that_says_its_consequence(app, desk):
    row = made.a_submitted_dossier()
    sonia = desk(SONIA, row).get(VISA)
    assert "Ensuite : « Lecture par le ménage » (Le ménage, avec" in sonia.text
    sonia.send(VISA).follow()
    assert "Votre décision est enregistrée." in sonia.text
    assert "Approved" in kinds(row)


def test_sending_back_without_a_reason_is_refused_and_what_was_ticked_stays(app, desk):
    row = made.a_submitted_dossier()
    sonia = desk(SONIA, row).get(SEND_BACK).send(SEND_BACK, sections=["E"])
    assert sonia.status == 422
    tree = html.fromstring(sonia.last.text)
    assert tree.xpath("//input[@name='sections'][@value='E']/@checked")
    assert tree.xpath("//div[contains(@class,'error-summary')]//a[@href='#reason']")
    assert "SentBack" not in kinds(row)


def test_the_landlord_may_only_send_back_sections_it_looks_at(desk):
    sonia = desk(SONIA, made.a_submitted_dossier()).get(SEND_BACK)
    offered = html.fromstring(sonia.last.text).xpath("//input[@name='sections']/@value")
    assert offered == ["A", "B", "C", "D", "D_etat", "E", "F"]


def test_the_committee_reads_needs_and_never_a_name_an_amount_or_a_remark(app, desk):
    row = made.a_dossier_before_the_household()
    name, address = row.household.name, row.household.address
    made.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen", reason="Nous voulons rester ensemble.")
    page = desk(HELENE, row).get()
    assert f"Ménage {row.household.reference}" in page.text
    db.session.rollback()
    for hidden in (name, address, "Nous voulons rester ensemble.", "Loyer principal", "Points de vigilance"):
        assert hidden not in page.text
    sonia = desk(SONIA, row).get()
    assert "Nous voulons rester ensemble." in sonia.text


def test_a_second_voice_of_one_organisation_reads_who_was_faster(app, desk):
    row = made.a_dossier_before_the_committee()
    made.a_substitute_of_the_city()
    first, second = desk(HELENE, row).get(COMMITTEE), desk(made.SUBSTITUTE, row).get(COMMITTEE)
    first.send(COMMITTEE)
    second.send(COMMITTEE)
    assert second.status == 409
    assert "Quelqu’un a été plus rapide" in second.text
    assert "Hélène Vasseur" in second.text
    assert "Validé : Commission relogement" in second.text
    assert kinds(row).count("Approved") == 2  # the landlord's, and one voice of the City


def test_who_was_faster_than_oneself_in_another_window_reads_that_it_was_oneself(app, desk):
    row = made.a_dossier_before_the_committee()
    first, second = desk(HELENE, row).get(COMMITTEE), desk(HELENE, row).get(COMMITTEE)
    first.send(COMMITTEE)
    second.send(COMMITTEE)
    assert second.status == 409
    assert "Quelqu’un a été plus rapide" not in second.text
    assert kinds(row).count("Approved") == 2  # the landlord's, and hers once


@pytest.mark.complaint(1)
def test_two_organisations_decide_on_the_same_page_without_disturbing_each_other(app, desk):
    row = made.a_dossier_before_the_committee()
    first, second = desk(HELENE, row).get(COMMITTEE), desk(FRANCOIS, row).get(COMMITTEE)
    assert first.send(COMMITTEE).status == 303
    assert second.send(COMMITTEE).status == 303


def test_the_same_form_sent_twice_is_one_decision_and_one_answer(app, desk):
    row = made.a_dossier_before_the_committee()
    helene = desk(HELENE, row).get(COMMITTEE)
    form = helene.form(COMMITTEE)
    answers = [helene.client.post(f"/dossiers/{helene.reference}{COMMITTEE}", data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert kinds(row).count("Approved") == 2


def test_the_same_sending_twice_is_one_sending(app, desk):
    row = made.a_filled_dossier()
    claire = desk(CLAIRE, row).get("/check")
    form = claire.form("/submit")
    answers = [claire.client.post(f"/dossiers/{claire.reference}/submit", data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert kinds(row).count("Submitted") == 1


def test_a_decision_taken_elsewhere_meanwhile_leads_back_to_the_dossier(app, desk):
    row = made.a_submitted_dossier()
    sonia = desk(SONIA, row)
    made.decide(SONIA, row, "Approve", "visa_bailleur")
    sonia.get(VISA).follow()
    assert "Cela ne vous est plus demandé" in sonia.text


def test_the_author_may_take_the_last_decision_back_until_somebody_acts(app, desk):
    row = made.a_submitted_dossier()
    claire = desk(CLAIRE, row).get()
    assert "Annuler ma décision" in claire.text
    claire.get("/decide/take-back/dossier").send("/decide/take-back/dossier").follow()
    assert "Dernière décision reprise" in claire.text
    assert desk(CLAIRE, row).get("/fill/A").status == 200


def test_the_household_reads_its_copy_and_disagrees_without_blocking(app, desk):
    row = made.a_dossier_before_the_household()
    bruno = desk(BRUNO, row).get("/sign")
    assert "Vos réponses, relues ensemble" in bruno.text
    assert "Points de vigilance" not in bruno.text
    bruno.send("/sign", agreement="no", remarks="Le loyer noté est celui d'avant.", channel="screen").follow()
    assert "Lu par le ménage, en désaccord sur certains points" in bruno.text
    assert "Le loyer noté est celui d'avant." in bruno.text
    assert "Commission relogement en cours" in bruno.text


def test_a_paper_signature_needs_its_scan_and_keeps_it(app, desk):
    row = made.a_dossier_before_the_household()
    bruno = desk(BRUNO, row).get("/sign").send("/sign", agreement="yes", channel="paper", remarks="Rien à ajouter.")
    assert bruno.status == 422
    assert "Joignez le scan" in bruno.text
    assert "Rien à ajouter." in bruno.last.text
    bruno.send("/sign", agreement="yes", channel="paper", scan=(io.BytesIO(b"not a scan"), "note.txt"))
    assert bruno.status == 422
    bruno.send("/sign", agreement="yes", channel="paper", scan=(io.BytesIO(SCAN), "page.png")).follow()
    assert "confirmé sur papier" in bruno.text
    signed = next(fact for fact in facts(row.subject) if fact.kind == "Signed")
    assert db.session.query(KeptFile).one().sha256 == signed.data["scan_hash"]


@pytest.mark.complaint(17)
def test_the_approver_sees_what_changed_since_the_last_time(app, desk):
    row = made.a_submitted_dossier()
    made.decide(SONIA, row, "SendBack", "visa_bailleur", reason="Le loyer a changé.", sections=("D",))
    claire = desk(CLAIRE, row).get("/fill/D")
    assert "Le loyer a changé." in claire.text
    claire.send("/fill/D", **{"data:D:D_loyer:D2_loyer": "555,55"})
    claire.get("/check")
    assert "Avant" in claire.text
    claire.send("/submit")
    sonia = desk(SONIA, row).get()
    assert "Ce qui a changé depuis votre décision" in sonia.text
    assert "Avant" in sonia.text
    assert "555,55" in sonia.text


def test_only_the_sections_sent_back_can_be_changed(app, desk):
    row = made.a_submitted_dossier()
    made.decide(SONIA, row, "SendBack", "visa_bailleur", reason="Le loyer a changé.", sections=("D",))
    claire = desk(CLAIRE, row).get("/fill/D")
    form = claire.form("/fill/D")
    claire.get("/fill/B")
    assert "vous pouvez la lire, pas la modifier" in claire.text
    late = claire.client.post(f"/dossiers/{claire.reference}/save/B", data=form, headers={"X-Relais": "autosave"})
    assert late.status_code == 409


def test_a_reservation_is_written_and_blocks_nothing(app, desk):
    row = made.a_submitted_dossier()
    path = "/decide/approve-with-reservation/visa_bailleur"
    sonia = desk(SONIA, row).get(path).send(path, reason="Surface à vérifier sur place.").follow()
    assert "Validé avec réserve" in sonia.text
    assert "Surface à vérifier sur place." in sonia.text
    assert "Lecture par le ménage en cours" in sonia.text


def test_the_author_gives_a_diagnosis_up(app, desk):
    row = made.a_dossier()
    path = "/decide/withdraw/dossier"
    claire = desk(CLAIRE, row).get(path)
    assert "Un nouveau pourra être commencé" in claire.text
    claire.send(path).follow()
    assert "Ce dossier est clos" in claire.text
    assert desk(CLAIRE, row).get("/fill/A").status == 303


def test_the_manager_cancels_with_a_reason(app, desk):
    row = made.a_submitted_dossier()
    path = "/decide/cancel/dossier"
    nadia = desk(NADIA, row).get(path).send(path)
    assert nadia.status == 422
    nadia.send(path, reason="Le ménage a déménagé.").follow()
    assert "Annulé" in nadia.text
    assert "Le ménage a déménagé." in nadia.text


def test_nobody_decides_for_a_step_that_is_not_theirs(app, desk):
    row = made.a_submitted_dossier()
    claire = desk(CLAIRE, row)
    form = {"version": made.version(row), "shown": queries.present_set(row).fingerprint}
    db.session.rollback()
    claire.last = claire.client.post(f"/dossiers/{claire.reference}{VISA}", data=form)
    assert claire.status == 409
    assert "Ce n’est plus possible" in claire.text
    assert "Approved" not in kinds(row)


@pytest.mark.parametrize("slug", [MONIQUE, OLIVIER])
def test_who_is_not_concerned_finds_nothing(desk, slug):
    row = made.a_submitted_dossier()
    assert desk(slug, row).get().status == 404


def test_an_organisation_not_ticked_receives_nothing(desk):
    row = made.a_submitted_dossier(agreements=("prefecture-isere", "cg-isere", "habitat-du-drac"))
    assert desk(SONIA, row).get().status == 404
    assert desk(PATRICE, row).get().status == 404
    assert desk(JULIEN, row).get().status == 404, "its turn has not come"
    made.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen")
    assert desk(JULIEN, row).get().status == 200
    assert desk(PATRICE, row).get().status == 404
    assert desk(NADIA, row).get().status == 200


def test_the_whole_way_from_an_empty_household_to_the_sealed_documents(app, desk):
    row = made.a_filled_dossier()
    claire = desk(CLAIRE, row).get("/check").send("/submit").follow()
    sonia = desk(SONIA, row).get(SEND_BACK)
    sonia.send(SEND_BACK, sections=["E"], reason="Il manque une prestation.").follow()
    assert "Renvoyé pour correction : Les ressources" in sonia.text
    claire.get("/fill/E").send("/fill/E", leave="1").follow()
    claire.get("/check").send("/submit").follow()
    desk(SONIA, row).get(VISA).send(VISA).follow()
    desk(BRUNO, row).get("/sign").send("/sign", agreement="yes", channel="screen").follow()
    for slug in (HELENE, FRANCOIS, MIREILLE):
        last = desk(slug, row).get(COMMITTEE).send(COMMITTEE).follow()
    assert "validé" in last.text
    assert "0 sur 1 prêts" in last.text
    outbox.drain()
    last.get("/papers")
    assert "Fiche pour la commission" in last.text
    assert "Fiche du ménage" not in last.text
    link = html.fromstring(last.last.text).xpath("//a[@download]/@href")[0]
    sealed = last.client.get(link)
    assert sealed.data.startswith(b"%PDF")
    assert sealed.headers["Content-Disposition"].startswith("attachment")
    assert sealed.headers["X-Content-Type-Options"] == "nosniff"
    claire.get()
    assert "Fiche du ménage" in claire.text
    offered = html.fromstring(claire.last.text).xpath("//a[@download]/@href")
    assert [claire.client.get(link).status_code for link in offered] == [200, 200, 200, 200]
    assert sorted(last.client.get(link).status_code for link in offered) == [200, 200, 404, 404]
