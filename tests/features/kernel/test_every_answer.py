"""What every answer carries, and what no answer shows."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.cast import CLAIRE, FRANCOIS, NADIA
from tests.features.conftest import SignIn
from workflow.db import db
from workflow.web.headers import POLICY


@pytest.mark.parametrize("path", ["/sign-in", "/nothing-here", "/health", "/static/css/relais.css", "/verify"])
def test_every_answer_carries_the_same_protections(anonymous: FlaskClient, path: str) -> None:
    answer = anonymous.get(path)
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    if not path.startswith("/static"):
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_form_without_its_token_is_refused_in_words(app: Flask, anonymous: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = anonymous.post("/sign-in", data={"login": "a@example.org", "password": "x"})
    assert answer.status_code == 400
    assert "<h1" in answer.text


def test_an_unexpected_error_says_a_reference_and_nothing_else(app: Flask, anonymous: FlaskClient, monkeypatch) -> None:
    from workflow.web import pages

    def broken() -> None:
        raise ValueError("canary-5f2a")

    monkeypatch.setitem(app.view_functions, "web.health", broken)
    answer = anonymous.get("/health")
    assert answer.status_code == 500
    assert "canary" not in answer.text
    assert re.search(r"[0-9a-f]{8}", answer.text)
    assert pages


@pytest.mark.parametrize(
    "name", ["**.ttf", "*.ttf", "..%2F..%2Fetc%2Fpasswd", "Nothing.ttf", "AtkinsonHyperlegible-Bold.txt"]
)
def test_a_font_that_does_not_exist_is_absent_and_nothing_else(anonymous: FlaskClient, name: str) -> None:
    assert anonymous.get(f"/fonts/atkinson/{name}").status_code == 404


def test_a_version_of_five_thousand_digits_breaks_nothing(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_dossier_before_the_committee()
    url = f"/dossiers/{row.reference}/decide/approve/validation"
    db.session.rollback()
    answer = sign_in(FRANCOIS).post(url, data={"version": "9" * 5000, "shown": "x", "request_key": "k"})
    assert answer.status_code in (303, 409, 422)


def test_a_key_sent_again_with_something_else_is_refused(app: Flask, sign_in: SignIn) -> None:
    household = factories.a_household()
    url = f"/households/{household.id}/contacts"
    db.session.rollback()
    client = sign_in(CLAIRE)
    sent = {"kind": "phone", "note": "Rappeler lundi", "request_key": "same"}
    assert client.post(url, data=sent).status_code == 303
    assert client.post(url, data=sent).status_code == 303
    assert client.post(url, data={**sent, "note": "Tout autre chose"}).status_code == 409


def test_logs_keep_codes_and_drop_words(capsys: pytest.CaptureFixture[str]) -> None:
    import logging

    import structlog

    from workflow.web import logs

    logs.configure("INFO")
    structlog.get_logger().info("job_done", job="abc", name="Famille Besson", answer="412,50")
    logging.getLogger("somewhere").error("Famille %s", "Besson")
    try:
        raise ValueError("Famille Besson")
    except ValueError:
        structlog.get_logger().error("unexpected", exc_info=True)
    told = capsys.readouterr().err
    assert "job_done" in told
    assert "library:somewhere" in told
    assert "ValueError" in told
    assert "Besson" not in told
    assert "412" not in told


def test_a_get_that_writes_fails(app: Flask, sign_in: SignIn, monkeypatch) -> None:
    from sqlalchemy import text

    client = sign_in("claire-maurin")

    def writes() -> str:
        db.session.execute(text("UPDATE people_person SET phone = '1'"))
        return "written"

    monkeypatch.setitem(app.view_functions, "approvals.waiting", writes)
    assert client.get("/waiting").status_code == 500


def test_what_is_too_large_gets_a_sentence_and_not_a_breakdown(app: Flask, sign_in: SignIn) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 2000
    data = {"file": (io.BytesIO(b"x" * 9_000_000), "large.pdf"), "request_key": "once"}
    answer = sign_in(NADIA).post("/verify", data=data, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert "trop volumineux" in answer.text or "larger than what is accepted" in answer.text
