"""A household answers with its code: nothing happens on a GET, everything is kept, and it answers once."""

import threading
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from tests.features.surveys.conftest import ANSWERS, answers_by_link, begins, code, recipients, survey_row, words_of
from workflow import clock
from workflow.db import db
from workflow.surveys.models import Answers, Call, Recipient
from workflow.surveys.rules.codes import SIGNS, grouped, normalised


def test_a_code_has_eighty_bits_and_forgives_how_it_is_typed() -> None:
    assert len(SIGNS) ** 16 == 2**80
    assert normalised(" 0o12-il34 abcd.efgh ") == "00121134ABCDEFGH"
    assert grouped("00121134ABCDEFGH") == "0012 1134 ABCD EFGH"
    assert normalised("00121134ABCDEFG") == normalised("ŒÉ" * 8) == normalised("") == ""


def test_looking_changes_nothing_and_no_name_stands_on_the_page(survey: str, anonymous: FlaskClient) -> None:
    secret, name = code(survey), recipients(survey)[0].household_id
    for _visit in range(2):
        assert anonymous.get(f"/q/{secret}").status_code == anonymous.head(f"/q/{secret}").status_code == 200
        assert anonymous.get(f"/q/{secret}/page/B").status_code == 303
        assert anonymous.get(f"/q/{secret}/finish").status_code == 303
    page = anonymous.get(f"/q/{secret}")
    assert "Famille" not in page.text and name not in page.text
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert db.session.query(Answers).count() == 0
    assert all(one.opened_at is None for one in recipients(survey))


def test_it_is_answered_page_by_page_and_taken_up_again_with_the_same_code(survey: str, app: Flask) -> None:
    secret = code(survey)
    phone, other = app.test_client(), app.test_client()
    typed = phone.post("/q", data={"code": f" {secret.lower().replace('0', 'o')[:4]}-{secret[4:]} "})
    assert typed.location == f"/q/{secret}"
    assert begins(phone, secret).endswith("/page/B")
    kept = phone.post(f"/q/{secret}/page/B", data=ANSWERS["B"] | {"go": "later"})
    assert kept.location.endswith("/later")
    assert recipients(survey)[0].opened_at is not None
    again = other.get(f"/q/{secret}/page/B?lang=ar")
    assert 'dir="rtl"' in again.text and 'value="tres" checked' in again.text
    assert "كيف علمتم" in again.text
    quiet = other.post(f"/q/{secret}/page/D/save", data={"data:D:Q9": "3"}, headers={"X-Relais": "autosave"})
    assert quiet.status_code == 204
    redrawn = other.post(f"/q/{secret}/page/D/save", data={"data:D:Q9": "3"}, headers={"X-Relais": "swap"})
    assert "data:D:Q11" in redrawn.text, "a second offer brings the question whether the refusal was heard"
    assert other.post(f"/q/{secret}").location.endswith("/page/C"), "where nothing was answered yet"


def test_what_cannot_stand_is_said_and_nothing_typed_is_lost(survey: str, anonymous: FlaskClient) -> None:
    secret = code(survey)
    begins(anonymous, secret)
    wrong = anonymous.post(f"/q/{secret}/page/D", data={"data:D:Q9": "21", "data:D:Q10": "premier", "go": "next"})
    assert wrong.status_code == 422 and 'aria-invalid="true"' in wrong.text
    assert 'value="21"' in anonymous.get(f"/q/{secret}/page/D").text
    refused = anonymous.post(f"/q/{secret}/finish")
    assert refused.status_code == 422
    assert f"/q/{secret}/page/D?strict=1" in refused.text


def test_a_household_answers_once_whichever_way(survey: str, anonymous: FlaskClient, bruno: FlaskClient) -> None:
    secret, row = code(survey), recipients(survey)[0]
    recipient, home = row.id, row.household_id
    begins(anonymous, secret)
    place = f"/surveys/{survey}/households/{recipient}"
    keyed = {"channel": "telephone", "on": clock.today().isoformat(), "lang": "fr", "agreed": "yes"}
    assert bruno.post(f"{place}/key", data=keyed).location == f"{place}/key/B"
    assert answers_by_link(anonymous, secret).status_code == 303
    assert words_of(anonymous.get(f"/q/{secret}"))
    for path, data in (
        (f"/q/{secret}", {"go": "begin"}),
        (f"/q/{secret}/page/B", ANSWERS["B"]),
        (f"/q/{secret}/finish", {}),
    ):
        assert anonymous.post(path, data=data).status_code == 409, path
    assert bruno.post(f"{place}/key/B", data={"data:B:Q2": "tres"}).status_code == 409
    assert bruno.post(f"{place}/finish").status_code == 409
    assert bruno.post(f"{place}/key", data=keyed).status_code == 409
    finished = db.session.query(Answers).filter(Answers.finished_for.is_not(None)).all()
    assert [(one.channel, one.lang) for one in finished] == [("link", "fr")]
    other = db.session.query(Answers).filter_by(hand="desk").one()
    other.finished_for = f"{survey}:{home}"
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
    else:
        raise AssertionError("the database itself must refuse a second one")
    assert db.session.query(Call).count() == 1
    assert db.session.get_one(Recipient, recipient).code == "", "nothing is left to be answered"


def test_two_hands_at_the_same_instant_leave_one_answer(survey: str, app: Flask) -> None:
    secret = code(survey)
    begins(app.test_client(), secret)
    told: list[int] = []

    def finish() -> None:
        with app.app_context():
            told.append(app.test_client().post(f"/q/{secret}/finish").status_code)

    several = [threading.Thread(target=finish) for _each in range(2)]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert sorted(told) == [303, 409]
    assert db.session.query(Answers).filter(Answers.finished_for.is_not(None)).count() == 1


def test_who_does_not_wish_to_answer_says_so_once(survey: str, anonymous: FlaskClient, bruno: FlaskClient) -> None:
    secret = code(survey)
    assert anonymous.post(f"/q/{secret}", data={"go": "decline"}).status_code == 303
    assert anonymous.post(f"/q/{secret}", data={"go": "begin"}).status_code == 409
    page = bruno.get(f"/surveys/{survey}/households?state=declined")
    assert page.text.count("/households/" + recipients(survey)[0].id) == 1


def test_a_guessed_an_expired_and_another_surveys_code_reveal_nothing(survey: str, app: Flask) -> None:
    client = app.test_client()
    guessed = client.post("/q", data={"code": "0000 0000 0000 0000"})
    assert guessed.status_code == 422 and 'value="0000 0000 0000 0000"' in guessed.text
    assert client.post("/q", data={"code": ""}).status_code == 422
    assert client.get("/q/0000000000000000").status_code == client.get("/q/zzz").status_code == 410
    assert client.post("/q/0000000000000000/page/B").status_code == 410
    secret = code(survey)
    begins(client, secret)
    survey_row(survey).until = clock.today() - timedelta(days=1)
    db.session.commit()
    late = client.get(f"/q/{secret}")
    assert late.status_code == 410 and "04 65 71 11 03" in late.text, "somebody to call"
    assert client.post(f"/q/{secret}/page/B", data=ANSWERS["B"]).status_code == 410
    for _guess in range(30):
        status = client.get("/q/1111111111111111").status_code
    assert status == 429
