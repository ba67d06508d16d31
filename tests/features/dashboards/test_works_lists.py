"""Jobs and mails of the server as lists: filters in the address, a workbook, no inner word."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests.cast import CLAIRE, OLIVIER
from tests.features.conftest import SignIn
from workflow import mail, outbox
from workflow.dashboards.pages import wording
from workflow.db import db
from workflow.outbox import running


@pytest.fixture
def operator(app: Flask, sign_in: SignIn) -> FlaskClient:
    for number, state in enumerate((mail.SENT, mail.BOUNCED, mail.KEPT)):
        row = mail.write(f"m{number}", f"somebody{number}@example.org", f"Sujet {number}", "Bonjour", "fr")
        row.state = state
    for number in range(60):
        outbox.add("people.send_invitation", subject=f"person:{number}", key=f"people.send_invitation:{number}")
    db.session.commit()
    return sign_in(OLIVIER)


def lines(client: FlaskClient, path: str) -> int:
    page = client.get(path)
    assert page.status_code == 200
    return page.text.partition("<tbody")[2].count('role="row"')


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/operator/mails", 3),
        ("/operator/mails?state=bounced", 1),
        ("/operator/mails?q=somebody1", 1),
        ("/operator/mails?q=%25", 0),
        ("/operator/jobs", 50),
        ("/operator/jobs?page=2&kind=people.send_invitation", 10),
        ("/operator/jobs?state=failed", 0),
        ("/operator/jobs?kind=mail.send", 0),
    ],
)
def test_what_the_address_asks_is_shown(operator: FlaskClient, path: str, count: int) -> None:
    assert lines(operator, path) == count


@pytest.mark.parametrize("path", ["/operator/jobs", "/operator/mails"])
def test_the_same_lines_are_a_workbook(operator: FlaskClient, path: str) -> None:
    book = load_workbook(BytesIO(operator.get(f"{path}?format=xlsx").data))
    assert book.active.max_row > 3
    assert "data-print" in operator.get(path).text


def test_nobody_else_finds_them(app: Flask, sign_in: SignIn) -> None:
    for path in ("/operator/jobs", "/operator/mails"):
        assert sign_in(CLAIRE).get(path).status_code == 404


def test_every_job_is_called_by_what_it_does(app: Flask) -> None:
    with app.test_request_context():
        unknown = wording.kind("unheard-of")
        assert [name for name in running._handlers if wording.kind(name) == unknown] == []
