"""Whole answers enter by one door: what counts, what is kept beside, what is flagged."""

import threading
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests import factories
from tests.cast import BRUNO, CLAIRE, SONIA
from tests.features.dossiers.sending import Phone, a_device, filled, name_in
from tests.features.dossiers.test_who_reads_v4 import CONFIDED
from workflow.db import EVERYTHING, db, enter_scope
from workflow.dossiers import queries
from workflow.dossiers.actions import submissions
from workflow.dossiers.models import AnswerSet, Dossier, Submission
from workflow.dossiers.queries import Arrival
from workflow.errors import Moved
from workflow.people import actions as people
from workflow.people.queries.devices import sender as sender_of
from workflow.record.queries import facts
from workflow.web.models import SensitiveRead


@pytest.fixture
def phone(app: Flask, anonymous: FlaskClient) -> Phone:
    secret = a_device()
    return Phone(anonymous, secret)


def rows() -> list[Submission]:
    db.session.rollback()
    found = list(db.session.query(Submission).order_by(Submission.received_at))
    for one in found:
        db.session.expunge(one)
    db.session.rollback()
    return found


def picture() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (30, 20), "white").save(drawn, "PNG")
    return drawn.getvalue()


def answers_of(row: Dossier) -> dict:
    db.session.rollback()
    found = queries.by_reference(row.reference)
    said = queries.opened(found, queries.present_set(found))[0].answers()
    db.session.rollback()
    return said


def test_a_filled_form_becomes_the_answers_of_its_dossier_and_says_where_they_come_from(phone: Phone) -> None:
    row = factories.a_dossier()
    sent = phone.send(filled(row))
    assert sent.status_code == 201, sent.text
    assert sent.headers["X-OpenRosa-Version"] == "1.0"
    assert "OpenRosaResponse" in sent.text
    [kept] = rows()
    assert (kept.state, kept.source, kept.findings, kept.person) == ("accepted", "phone", 0, CLAIRE)
    expected = factories.said(queries.by_reference(row.reference).household)
    assert answers_of(row)["C"]["person"][0]["C1"] == expected["C"]["person"][0]["C1"]
    stored = queries.present_set(queries.by_reference(row.reference))
    assert (stored.state, stored.source, stored.instance_id) == ("draft", "phone", kept.instance_id)
    provenance = queries.opened(queries.by_reference(row.reference), stored)[1]
    assert provenance["/data/C/person[1]/C1"][2] == "phone"
    [fact] = facts(kept.subject)
    assert fact.kind == "AnswersReceived" and fact.data["dossier"] == kept.dossier_id


def test_the_same_form_sent_again_counts_once_and_is_answered_as_received(phone: Phone) -> None:
    xml = filled(factories.a_dossier())
    assert phone.send(xml).status_code == 201
    saves = db.session.query(AnswerSet).one().saves
    again = phone.send(xml)
    assert again.status_code == 202
    assert len(rows()) == 1
    assert db.session.query(AnswerSet).one().saves == saves


def test_other_answers_under_the_same_name_are_kept_beside_and_change_nothing(phone: Phone) -> None:
    row = factories.a_dossier()
    xml = filled(row)
    phone.send(xml)
    before = answers_of(row)
    other = xml.replace("<A1_etage>", "<A1_etage>1")
    assert other != xml
    assert phone.send(other).status_code == 409
    assert phone.send(other).status_code == 409
    first, second = rows()
    assert (second.state, second.why, second.dossier_id) == ("conflict", "other_xml", first.dossier_id)
    assert answers_of(row) == before
    assert phone.send(xml).status_code == 202, "the first still counts"


def test_two_who_send_the_same_form_at_once_leave_one(app: Flask, phone: Phone) -> None:
    xml = filled(factories.a_dossier())
    ready, codes = threading.Barrier(2), []

    def send() -> None:
        with app.app_context():
            ready.wait()
            codes.append(Phone(app.test_client(), phone.secret).send(xml).status_code)

    db.session.rollback()
    both = [threading.Thread(target=send) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(codes) == [201, 202]
    enter_scope(EVERYTHING)
    assert len(rows()) == 1


def test_an_arrival_judged_before_another_of_its_name_was_written_is_judged_again(app: Flask, phone: Phone) -> None:
    row = factories.a_dossier()
    enter_scope(EVERYTHING)
    sender = sender_of(phone.secret)
    found = queries.judge(sender.identity, sender.operation, Arrival(filled(row), "phone", sender.device))
    db.session.rollback()
    submissions.receive(found)
    db.session.commit()
    with pytest.raises(Moved):
        submissions.receive(replace(found, why="answered_already"))
    db.session.rollback()
    assert [one.state for one in rows()] == ["accepted"]


def test_a_correction_of_what_is_there_is_taken_and_one_that_came_too_late_is_not(phone: Phone) -> None:
    row = factories.a_dossier()
    first = filled(row)
    phone.send(first)
    said = factories.said(queries.by_reference(row.reference).household)
    said["A"]["A_logement"]["A1_etage"] = "7"
    second = filled(row, said, corrects=name_in(first), reference="")
    assert phone.send(second).status_code == 201
    assert answers_of(row)["A"]["A_logement"]["A1_etage"] == "7"
    late = filled(row, corrects=name_in(first))
    assert phone.send(late).status_code == 409
    assert [(one.state, one.why) for one in rows()][-1] == ("conflict", "not_current")
    assert answers_of(row)["A"]["A_logement"]["A1_etage"] == "7"


def test_what_was_changed_in_the_page_meanwhile_is_not_overwritten(phone: Phone, desk: Callable) -> None:
    row = factories.a_dossier()
    first = filled(row)
    phone.send(first)
    person = desk(CLAIRE, row)
    person.get("/fill/B").send("/fill/B", **{"data:B:B2_quartier": "01/02/2003"})
    assert phone.send(filled(row, corrects=name_in(first))).status_code == 409
    assert rows()[-1].why == "changed_since"
    assert answers_of(row)["B"]["B2_quartier"] == "2003-02-01"


def test_answers_given_already_are_not_replaced_by_those_of_a_telephone(phone: Phone) -> None:
    xml = filled(factories.a_filled_dossier())
    assert [phone.send(xml).status_code for _time in range(2)] == [409, 409], "answered as the first time"
    [kept] = [one for one in rows() if one.source == "phone"]
    assert kept.why == "answered_already"


def test_wrong_and_missing_answers_are_taken_and_flagged_and_the_dossier_stays_open(
    phone: Phone, desk: Callable
) -> None:
    row = factories.a_dossier()
    said = factories.said(row.household)
    said["A"]["A_entretien"]["A5"] = "2099-01-01"
    del said["B"]["B2"]
    sent = phone.send(filled(row, said))
    assert sent.status_code == 201
    [kept] = rows()
    assert (kept.state, kept.findings >= 2) == ("flagged", True)
    page = desk(CLAIRE, row).get("/check")
    assert "Cette date est dans le futur" in page.text


def test_what_its_sender_may_not_answer_stays_as_it_was(app: Flask, anonymous: FlaskClient) -> None:
    row = factories.a_dossier()
    said = factories.said(row.household)
    said["A"]["A_bailleur"] = "somebody-else"
    Phone(anonymous, a_device()).send(filled(row, said))
    assert answers_of(row)["A"]["A_bailleur"] != "somebody-else"


def test_a_form_that_says_no_household_is_kept_for_somebody_to_say_it(phone: Phone) -> None:
    row = factories.a_dossier()
    sent = phone.send(filled(row, reference=""))
    assert sent.status_code == 201
    [kept] = rows()
    assert (kept.state, kept.dossier_id) == ("aside", None)
    assert phone.send(filled(row, reference="ACT-999999-9")).status_code == 201
    assert [one.state for one in rows()] == ["aside", "aside"]


def test_handing_on_in_the_page_passes_the_same_door(app: Flask) -> None:
    factories.a_submitted_dossier()
    brought, handed_on = rows()
    assert (brought.source, handed_on.source) == ("import", "web")
    assert handed_on.deprecated_id == brought.instance_id
    stored = db.session.query(AnswerSet).one()
    assert (stored.instance_id, stored.fingerprint) == (handed_on.instance_id, handed_on.result)


def test_nothing_is_taken_for_a_dossier_that_was_handed_on(phone: Phone) -> None:
    row = factories.a_submitted_dossier()
    name = queries.present_set(row).instance_id
    assert phone.send(filled(row, corrects=name)).status_code == 409
    assert rows()[-1].why == "not_open"


def test_only_the_sections_sent_back_are_corrected_from_a_telephone(phone: Phone) -> None:
    row = factories.a_submitted_dossier()
    factories.decide(SONIA, row, "SendBack", "visa_bailleur", reason="Le loyer.", sections=("D",))
    stored = queries.present_set(row)
    said = factories.said(row.household)
    said["D"]["D_loyer"]["D2_loyer"] = "333.5"
    said["B"]["B2_quartier"] = "1999-09-09"
    assert phone.send(filled(row, said, corrects=stored.instance_id)).status_code == 201
    found = answers_of(row)
    assert found["D"]["D_loyer"]["D2_loyer"] == "333.5"
    assert found["B"].get("B2_quartier", "") != "1999-09-09"
    assert queries.present_set(queries.by_reference(row.reference)).revision == 2


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 400),
        (b"not xml", 400),
        (b'<!DOCTYPE d [<!ENTITY x "y">]><data id="diagnostic-social"><meta><instanceID/></meta></data>', 400),
        (b"<a>" * 400 + b"</a>" * 400, 400),
        (b'<data id="diagnostic-social"><meta/></data>', 400),
        (b'<data id="nobody-has-this"><meta><instanceID>uuid:1</instanceID></meta></data>', 404),
        (b"\xff\xfe<data/>", 400),
    ],
)
def test_what_is_no_filled_form_of_the_operation_is_refused(phone: Phone, data: bytes, status: int) -> None:
    assert phone.send(data).status_code == status
    assert rows() == []


def test_telephones_are_asked_in_the_way_they_expect(app: Flask, phone: Phone) -> None:
    asked = phone.client.head("/openrosa/submission")
    assert asked.status_code == 204
    assert int(asked.headers["X-OpenRosa-Accept-Content-Length"]) > 1_000_000
    assert phone.client.head(f"/openrosa/{phone.secret}/submission").status_code == 204
    assert phone.client.post("/openrosa/submission").status_code == 401
    assert Phone(phone.client, "nobody").send(b"<a/>").status_code == 401


def test_a_telephone_takes_the_forms_of_its_operation(phone: Phone) -> None:
    listed = phone.client.get(f"/openrosa/{phone.secret}/formList")
    assert listed.mimetype == "text/xml" and "<formID>diagnostic-social</formID>" in listed.text
    form = phone.client.get(f"/openrosa/{phone.secret}/forms/diagnostic-social.xml")
    assert form.status_code == 200 and "<instance>" in form.text
    assert phone.client.get("/openrosa/unknown/formList").status_code == 401


def test_a_device_taken_back_and_a_person_without_a_role_send_nothing(app: Flask, phone: Phone) -> None:
    xml = filled(factories.a_dossier())
    [device] = people_devices()
    people.withdraw_device(factories.identity(CLAIRE), device)
    db.session.commit()
    assert phone.send(xml).status_code == 401
    assert rows() == []


def people_devices() -> list[str]:
    from workflow.people.models import Device

    return [row.id for row in db.session.query(Device)]


def test_the_address_of_a_device_is_shown_once(app: Flask, sign_in: Callable[[str], FlaskClient]) -> None:
    client = sign_in(BRUNO)
    shown = client.post("/me/devices", data={"name": "Téléphone", "operation": "mistral"})
    assert "/openrosa/" in shown.text
    listed = client.get("/me/devices").text
    assert "Téléphone" in listed and "/openrosa/" not in listed
    assert sign_in(SONIA).get("/me/devices").status_code == 404


def test_somebody_says_whose_a_form_is_and_it_becomes_its_answers(phone: Phone, desk: Callable) -> None:
    row = factories.a_dossier()
    phone.send(filled(row, reference=""), **{"voice.png": b"\x89PNG\r\n\x1a\n" + b"0" * 40})
    person, reference = desk(CLAIRE, row), row.reference
    assert "/arrived/" in person.client.get("/operations/mistral/arrived").text
    [kept] = rows()
    page = person.client.get(f"/arrived/{kept.id}")
    assert page.status_code == 200
    address = f"/arrived/{kept.id}/give"
    assert person.client.post(address, data={"reference": "ACT-9999-9"}).status_code == 422
    assert person.client.post(address, data={"reference": reference}).status_code == 303
    [kept] = rows()
    assert (kept.state, kept.dossier_id is not None) == ("accepted", True)
    assert answers_of(row)["A"]["A13"] == "oui"
    assert person.client.get(f"/arrived/{kept.id}").status_code == 200
    assert person.client.post(address, data={"reference": reference}).status_code == 409


def test_other_answers_of_nobody_known_wait_beside_the_first_and_each_is_given_to_its_household(
    phone: Phone, desk: Callable
) -> None:
    mine, other = factories.a_dossier(0), factories.a_dossier(1)
    xml, references = filled(mine, reference=""), (mine.reference, other.reference)
    assert phone.send(xml).status_code == 201
    another = xml.replace("<A1_etage>", "<A1_etage>1")
    assert [phone.send(another).status_code for _time in range(2)] == [409, 409]
    first, second = [one.id for one in rows()]
    client = desk(CLAIRE, mine).client
    assert f"/arrived/{second}" in client.get("/waiting").text
    for arrival, reference in zip((first, second), references, strict=True):
        assert client.get(f"/arrived/{arrival}").status_code == 200
        assert client.post(f"/arrived/{arrival}/give", data={"reference": reference}).status_code == 303
    assert [one.state for one in rows()] == ["accepted", "accepted"]


def test_whose_a_form_is_is_asked_again_above_its_confided_answers(phone: Phone, desk: Callable) -> None:
    row = factories.a_dossier()
    phone.send(filled(row, factories.said(row.household) | CONFIDED, reference=""))
    [kept] = rows()
    client = desk(CLAIRE, row).client
    assert client.post(f"/arrived/{kept.id}/give", data={"reference": ""}).status_code == 422
    assert db.session.query(SensitiveRead).filter_by(subject=kept.subject).one().levels == "V3 V4"


def test_the_list_says_which_form_waits_and_the_page_shows_all_that_came_with_it(phone: Phone, desk: Callable) -> None:
    row = factories.a_dossier()
    xml = filled(row, reference="").replace("</data>", "<zzz>Jeton-inconnu-81</zzz></data>")
    assert phone.send(xml, **{"voice.png": picture()}).status_code == 201
    [kept] = rows()
    claire, reader = desk(CLAIRE, row).client, desk(BRUNO, row).client
    listed = claire.get("/operations/mistral/arrived").text
    assert "Diagnostic social" in listed
    assert "/operations/mistral/arrived" in claire.get("/households").text
    page = claire.get(f"/arrived/{kept.id}").text
    assert "Jeton-inconnu-81" in page and "zzz" in page and "voice.png" in page
    address = f"/arrived/{kept.id}/files/{kept.told['files'][0]}"
    assert address in page and claire.get(address).status_code == 200
    other = reader.get(f"/arrived/{kept.id}").text
    assert "Jeton-inconnu-81" not in other and "voice.png" not in other
    assert reader.get(address).status_code == 404


def test_a_list_in_which_nothing_waits_does_not_blame_the_spelling(phone: Phone, desk: Callable) -> None:
    row = factories.a_dossier()
    phone.send(filled(row))
    client = desk(CLAIRE, row).client
    page = client.get("/operations/mistral/arrived").text
    assert "orthographe" not in page and "state=all" in page
    assert f"/arrived/{rows()[0].id}" in client.get("/operations/mistral/arrived?state=all").text


def test_a_telephone_is_refused_in_its_own_language(phone: Phone) -> None:
    for refused in (
        Phone(phone.client, "nobody").send(b"<a/>"),
        phone.client.get("/openrosa/nobody/formList"),
        phone.client.get(f"/openrosa/{phone.secret}/forms/nothing.xml"),
        phone.send(b""),
    ):
        assert refused.mimetype == "text/xml" and "OpenRosaResponse" in refused.text, refused.status


def test_answers_kept_apart_are_compared_then_taken_or_left(phone: Phone, desk: Callable) -> None:
    row = factories.a_filled_dossier()
    said = factories.said(row.household)
    said["B"]["B2_quartier"] = "1999-09-09"
    phone.send(filled(row, said))
    said["B"]["B2_quartier"] = "1998-08-08"
    phone.send(filled(row, said))
    first, second = [one.id for one in rows() if one.state == "conflict"]
    person = desk(CLAIRE, row)
    assert "9 septembre 1999" in person.client.get(f"/arrived/{first}").text
    assert f"/arrived/{first}" in person.client.get(f"/dossiers/{person.reference}").text
    assert person.client.post(f"/arrived/{first}/leave").status_code == 303
    assert answers_of(row)["B"].get("B2_quartier") != "1999-09-09"
    assert person.client.post(f"/arrived/{second}/take").status_code == 303
    assert answers_of(row)["B"]["B2_quartier"] == "1998-08-08"
    assert person.client.post(f"/arrived/{second}/take").status_code == 409
    assert desk(SONIA, row).client.get(f"/arrived/{first}").status_code == 404
