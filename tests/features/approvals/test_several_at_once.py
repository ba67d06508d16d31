"""Several files at once: looked at first, confirmed, done one by one, told in a report that stays."""

import re
from html import unescape
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from tests import factories
from tests.cast import FRANCOIS, HELENE, INES, JULIEN, KARIM, NADIA, SONIA
from tests.features.conftest import SignIn
from workflow import clock, outbox
from workflow.approvals.models import Batch, BatchLine
from workflow.circuit.model import Circuit
from workflow.db import db
from workflow.dossiers.models import Dossier
from workflow.people import queries as people
from workflow.people.actions import assign, close_account, end_assignment
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
    assert [outcome for _code, outcome in lines()] == ["faster", "refused", "done"], "oneself is not somebody else"
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


def test_several_go_back_to_a_stage_that_all_of_them_share(app: Flask, sign_in: SignIn, monkeypatch) -> None:
    """The committee may ask the household to read again what was read in haste; the landlord has only the author."""
    ways = {"validation": ("author", "lecture")}
    monkeypatch.setattr(Circuit, "destinations", lambda circuit, step: ways.get(step, ()))
    files = [plain(factories.a_dossier_before_the_committee(rank)) for rank in range(2)]
    client = sign_in(FRANCOIS)
    offered = html.fromstring(client.get("/waiting").text).xpath("//select[@name='back_to']/option/@value")
    assert offered == ["author", "lecture"]
    chosen = {"file": [key(one, "validation") for one in files], "deed": "SendBack", "reason": "À relire."}
    assert client.post("/waiting", data=chosen | {"back_to": "covalider"}).status_code == 422
    path = client.post("/waiting", data=chosen | {"back_to": "lecture"}).location
    confirm(client, path, [0, 1])
    for one in files:
        [sent] = [fact for fact in facts(one.subject) if fact.kind == "SentBack"]
        assert sent.data["to"] == "lecture"


def test_nobody_decides_what_they_may_not_even_with_a_forged_tick(app: Flask, sign_in: SignIn) -> None:
    other = plain(factories.a_dossier_before_the_committee(3))
    file = plain(factories.a_submitted_dossier(0))
    refused = sign_in(INES).post("/waiting", data={"file": [key(file, "visa_bailleur")], "deed": "Approve"})
    assert refused.status_code == 422, "nothing is offered to who is asked nothing"
    client = sign_in(KARIM)
    path = ask(client, [other], "validation", "Approve")
    assert [code for code, _outcome in lines()] == ["not_yours"], "he reads it: it is told why not"
    assert client.post(path, data={"line": [0]}).status_code == 422
    assert kinds(other).count("Approved") == 1, "the landlord's"


def test_a_forged_tick_of_a_file_one_may_not_open_is_answered_like_an_unknown_one(app: Flask, sign_in: SignIn) -> None:
    """Who sits in a committee reads once its turn has come, not before."""
    factories.a_dossier_before_the_committee(3)
    hidden = plain(factories.a_submitted_dossier(0))
    client = sign_in(JULIEN)
    shown = [page(client, ask(client, [one], "validation", "Approve")) for one in (hidden, File("dossier:no", "", ""))]
    assert hidden.reference not in shown[0]
    assert shown[0] == shown[1]
    assert lines() == []


@pytest.mark.parametrize("ending", ["role", "account"])
def test_whoever_loses_their_role_or_account_does_nothing_more(app: Flask, sign_in: SignIn, ending: str) -> None:
    """Even between two files of what is being done; the report says that the right has ended."""
    files, client = submitted(3), sign_in(SONIA)
    path = ask(client, files, "visa_bailleur", "Approve")
    assert client.post(path, data={"line": [0, 1]}).status_code == 303
    first = db.session.query(BatchLine).filter_by(rank=0).one()
    first.outcome = "done"  # done before it ended
    if ending == "account":
        close_account(people.account_of(SONIA), NADIA)
    else:
        for row in people.assignments_of(SONIA):
            end_assignment(row, NADIA)
    db.session.commit()
    outbox.drain()
    assert [outcome for _code, outcome in lines()] == ["done", "ended", None]
    assert "Approved" not in kinds(files[1])
    assert db.session.query(Batch).one().state == "done"
    db.session.rollback()
    if ending == "role":
        assign(SONIA, "referent_bailleur", "actis", "mistral", since=clock.today())
        db.session.commit()
        assert files[1].reference in page(client, path)


def test_more_than_two_hundred_are_refused_in_words(app: Flask, sign_in: SignIn) -> None:
    submitted(1)
    many = [f"dossier:{number}/visa_bailleur" for number in range(201)]
    answer = sign_in(SONIA).post("/waiting", data={"file": many, "deed": "Approve"})
    assert answer.status_code == 422
    assert "200" in answer.text


def test_what_is_ticked_stays_ticked_from_page_to_page(app: Flask, sign_in: SignIn, monkeypatch) -> None:
    """Without JavaScript: the button of the next page sends what is ticked along, and nothing is done by it."""
    monkeypatch.setattr("workflow.approvals.pages.waiting.AT_ONCE", 1)
    files, client = submitted(2), sign_in(SONIA)
    first = html.fromstring(client.get("/waiting").text)
    [turn] = first.xpath("//nav[@class='pagination']//button[@form='several']")
    [box] = first.xpath("//input[@type='checkbox'][@name='file']")
    told = {"file": box.get("value"), "deed": "SendBack", "reason": "Il manque une pièce.", "turn": turn.get("value")}
    answer = client.post(turn.get("formaction"), data=told)
    assert answer.status_code == 200
    second = html.fromstring(answer.text)
    assert second.xpath("//input[@type='hidden'][@name='file']/@value") == [box.get("value")]
    [other] = second.xpath("//input[@type='checkbox'][@name='file']")
    assert other.get("checked") is None and other.get("value") != box.get("value")
    assert second.xpath("string(//textarea)") == "Il manque une pièce."
    assert second.xpath("//input[@name='deed'][@checked]/@value") == ["SendBack"]
    every = client.post(second.xpath("//button[@value='all']/@formaction")[0], data=told | {"turn": "all"})
    assert html.fromstring(every.text).xpath("//input[@type='checkbox'][@name='file'][@checked]")
    back = client.post("/waiting?page=1", data=told | {"file": [box.get("value"), other.get("value")]})
    shown = html.fromstring(back.text)
    assert shown.xpath("//input[@type='checkbox'][@name='file'][@checked]/@value") == [box.get("value")]
    assert shown.xpath("//input[@type='hidden'][@name='file']/@value") == [other.get("value")]
    assert db.session.query(Batch).count() == 0
    assert [kinds(one)[-1] for one in files] == ["StageEntered", "StageEntered"]


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
