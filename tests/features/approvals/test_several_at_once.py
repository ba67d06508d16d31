"""Several files at once: looked at first, confirmed, done one by one, told in a report that stays."""

import re
from html import unescape
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.cast import FRANCOIS, HELENE, INES, JULIEN, KARIM, NADIA, SONIA
from tests.features.conftest import SignIn
from workflow import outbox
from workflow.approvals.models import Batch, BatchLine
from workflow.db import db
from workflow.dossiers.models import Dossier
from workflow.people import queries as people
from workflow.people.actions import end_assignment
from workflow.record.queries import facts, text


class File(NamedTuple):
    """A dossier as it is spoken of once its row is gone from the session."""

    subject: str
    reference: str
    name: str


def plain(row: Dossier) -> File:
    found = File(row.subject, row.reference, row.household.name)
    db.session.rollback()
    return found


def submitted(count: int) -> list[File]:
    return [plain(factories.a_submitted_dossier(rank)) for rank in range(count)]


def key(file: File, step: str) -> str:
    return f"{file.subject}/{step}"


def ask(client: FlaskClient, files: list[File], step: str, deed: str, path: str = "/waiting", **more: str) -> str:
    """Tick, choose, and go to the preview; its address."""
    chosen = [key(one, step) for one in files]
    answer = client.post(path, data={"file": chosen, "deed": deed, **more})
    assert answer.status_code == 303, answer.text
    return answer.location


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).replace("\xa0", " ").split())


def confirm(client: FlaskClient, path: str, lines: list[int]) -> str:
    db.session.rollback()
    assert client.post(path, data={"line": lines}).status_code == 303
    outbox.drain()
    return page(client, path)


def kinds(file: File) -> list[str]:
    found = [fact.kind for fact in facts(file.subject)]
    db.session.rollback()
    return found


def lines() -> list[tuple[str, str | None]]:
    """(why it cannot be done, what became of it), in order."""
    found = [(line.code, line.outcome) for line in db.session.query(BatchLine).order_by(BatchLine.rank)]
    db.session.rollback()
    return found


def test_several_are_approved_after_a_preview_and_the_report_stays(app: Flask, sign_in: SignIn) -> None:
    files, client = submitted(3), sign_in(SONIA)
    assert client.get("/waiting?ticked=1&late=").text.count(" checked>") == 3
    path = ask(client, files, "visa_bailleur", "Approve")
    shown = page(client, path)
    assert all(one.reference in shown for one in files)
    assert "Lecture par le ménage" in shown, "what comes next"
    assert [kinds(one).count("Approved") for one in files] == [0, 0, 0], "looking changes nothing"
    report = confirm(client, path, [0, 2])
    assert [kinds(one).count("Approved") for one in files] == [1, 0, 1], "what was unticked is left alone"
    assert files[1].reference in report
    confirm(client, path, [0, 1, 2])
    assert [kinds(one).count("Approved") for one in files] == [1, 0, 1], "confirmed twice, done once"
    assert client.get(f"{path}?format=xlsx").data.startswith(b"PK")
    assert path in client.get("/several").text
    assert sign_in(JULIEN).get(path).status_code == 404, "a report is for whoever made it"


def test_what_has_to_be_read_is_left_with_its_reason(app: Flask, sign_in: SignIn) -> None:
    read, judged = plain(factories.a_dossier_before_the_household(0)), plain(factories.a_submitted_dossier(1))
    client = sign_in(SONIA)
    chosen = [key(read, "lecture_menage"), key(judged, "visa_bailleur")]
    path = client.post("/waiting", data={"file": chosen, "deed": "Approve"}).location
    assert [code for code, _outcome in lines()] == ["read_first", ""]
    assert sign_in(KARIM).post(path, data={"line": [0, 1]}).status_code == 404
    confirm(client, path, [0, 1])
    assert "Signed" not in kinds(read)
    assert "Approved" in kinds(judged)


def test_whoever_is_faster_wins_and_the_report_says_so(app: Flask, sign_in: SignIn) -> None:
    faster, corrected, same = submitted(3)
    client = sign_in(SONIA)
    path = ask(client, [faster, corrected, same], "visa_bailleur", "Approve")
    factories.decide(KARIM, factories.dossier_of(faster.reference), "Approve", "visa_bailleur")
    row = factories.dossier_of(corrected.reference)
    factories.decide(SONIA, row, "SendBack", "visa_bailleur", reason="Le loyer a changé.", sections=("D",))
    confirm(client, path, [0, 1, 2])
    assert [outcome for _code, outcome in lines()] == ["faster", "faster", "done"]
    assert kinds(faster).count("Approved") == 1


def test_a_file_that_is_no_longer_what_the_preview_showed_is_left_alone(app: Flask, sign_in: SignIn) -> None:
    """In a body, another voice changes what one's own leads to; a corrected answer changes what it speaks of."""
    voiced, corrected = (plain(factories.a_dossier_before_the_committee(rank)) for rank in range(2))
    client = sign_in(FRANCOIS)
    path = ask(client, [voiced, corrected], "validation", "Approve")
    factories.decide(HELENE, factories.dossier_of(voiced.reference), "Approve", "validation")
    line = db.session.query(BatchLine).filter_by(subject=corrected.subject).one()
    line.mark = "f" * 64  # as if the answers had been others
    db.session.commit()
    report = confirm(client, path, [0, 1])
    assert [outcome for _code, outcome in lines()] == ["changed", "changed"]
    assert kinds(corrected).count("Approved") == 1, "the landlord's"
    assert kinds(voiced).count("Approved") == 2, "the landlord's and Hélène's"
    assert [one.name for one in (voiced, corrected) if one.name in report] == [], "a committee reads no names"


def test_a_reason_is_kept_with_each_file_and_nowhere_else(app: Flask, sign_in: SignIn) -> None:
    files, client = submitted(2), sign_in(SONIA)
    missing = client.post("/waiting", data={"file": [key(files[0], "visa_bailleur")], "deed": "SendBack"})
    assert missing.status_code == 422
    assert 'href="#reason"' in missing.text
    assert f'value="{key(files[0], "visa_bailleur")}" checked' in missing.text, "what was ticked stays ticked"
    path = ask(client, files, "visa_bailleur", "SendBack", reason="Il manque la quittance d’octobre.")
    assert b"quittance" not in db.session.query(Batch).one().sealed
    db.session.rollback()
    confirm(client, path, [0, 1])
    for one in files:
        [sent] = [fact for fact in facts(one.subject) if fact.kind == "SentBack"]
        assert text(sent.data["reason_ref"]) == "Il manque la quittance d’octobre."
    assert db.session.query(Batch).one().sealed is None


def test_nobody_decides_what_they_may_not_even_with_a_forged_tick(app: Flask, sign_in: SignIn) -> None:
    factories.a_dossier_before_the_committee(3)
    file = plain(factories.a_submitted_dossier(0))
    refused = sign_in(INES).post("/waiting", data={"file": [key(file, "visa_bailleur")], "deed": "Approve"})
    assert refused.status_code == 422, "nothing is offered to who is asked nothing"
    client = sign_in(HELENE)
    path = ask(client, [file], "visa_bailleur", "Approve")
    assert [code for code, _outcome in lines()] == ["not_yours"]
    assert client.post(path, data={"line": [0]}).status_code == 422
    assert "Approved" not in kinds(file)


def test_whoever_loses_their_role_before_it_is_done_does_nothing_more(app: Flask, sign_in: SignIn) -> None:
    [file], client = submitted(1), sign_in(SONIA)
    path = ask(client, [file], "visa_bailleur", "Approve")
    assert client.post(path, data={"line": [0]}).status_code == 303
    for row in people.assignments_of(SONIA):
        end_assignment(row, NADIA)
    db.session.commit()
    outbox.drain()
    assert [outcome for _code, outcome in lines()] == ["refused"]
    assert "Approved" not in kinds(file)


def test_more_than_two_hundred_are_refused_in_words(app: Flask, sign_in: SignIn) -> None:
    submitted(1)
    many = [f"dossier:{number}/visa_bailleur" for number in range(201)]
    answer = sign_in(SONIA).post("/waiting", data={"file": many, "deed": "Approve"})
    assert answer.status_code == 422
    assert "200" in answer.text


@pytest.mark.complaint(39)
def test_a_long_list_is_looked_at_in_the_background(app: Flask, sign_in: SignIn, monkeypatch) -> None:
    monkeypatch.setattr("workflow.approvals.actions.several.WHILE_ONE_WAITS", 1)
    files, client = submitted(2), sign_in(SONIA)
    path = ask(client, files, "visa_bailleur", "Approve")
    assert "data-poll" in client.get(path).text
    outbox.drain()
    assert "data-poll" not in client.get(f"{path}/progress").text
    confirm(client, path, [0, 1])
    assert all("Approved" in kinds(one) for one in files)
