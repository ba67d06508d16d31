"""Anybody may check a paper: by its file, or by the reference printed on it. Nothing is kept, nobody is named."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import CLAIRE
from tests.features.conftest import SignIn
from tests.features.filing.conftest import Papers
from workflow.db import db
from workflow.dossiers.queries import by_subject
from workflow.filing import actions, queries
from workflow.filing.pages import verify
from workflow.storage import open_store

Answer = Any


def look(client: FlaskClient, reference: str) -> Answer:
    """The page of a reference, asked for by somebody who holds no transaction of ours."""
    db.session.rollback()
    return client.get(f"/verify/{reference}")


def hand_in(client: FlaskClient, data: bytes, path: str = "/verify") -> Answer:
    db.session.rollback()
    return client.post(path, data={"file": (io.BytesIO(data), "document.pdf")})


def family(answer: Answer) -> str | None:
    """good, bad or unknown: what the page shows in shape and colour."""
    return next((one for one in ("good", "bad", "unknown") if f'"verdict verdict-{one}"' in answer.text), None)


def test_the_untouched_paper_is_good_and_says_what_it_is(papers: Papers, pdf: bytes, anonymous: FlaskClient) -> None:
    answer = hand_in(anonymous, pdf)
    assert (answer.status_code, family(answer)) == (200, "good")
    assert papers["commission"].reference in answer.text
    assert "Mistral, Grenoble" in answer.text


def test_every_change_and_every_stranger_is_told_apart(papers: Papers, pdf: bytes, anonymous: FlaskClient) -> None:
    flipped = bytearray(pdf)
    flipped[3000] ^= 1
    update = b"\n9999 0 obj\n<< /Type /Page >>\nendobj\ntrailer << /Size 1 >>\nstartxref\n0\n%%EOF\n"
    docx = queries.bytes_of(papers["commission"], "docx")
    expected = [
        (bytes(flipped), "bad"),
        (pdf + update, "bad"),
        (pdf[:-300], "bad"),
        (docx, "unknown"),
        (b"%PDF-1.7 junk\n%%EOF\n", "bad"),
        (b"not a paper", "unknown"),
    ]
    for data, verdict in expected:
        answer = hand_in(anonymous, data)
        assert (answer.status_code, family(answer)) == (200, verdict), data[:20]


def test_a_paper_sealed_here_that_is_not_held_here_is_not_called_ours(
    papers: Papers, pdf: bytes, anonymous: FlaskClient
) -> None:
    db.session.get_one(type(papers["commission"]), papers["commission"].id).pdf_sha256 = "0" * 64
    db.session.commit()
    assert family(hand_in(anonymous, pdf)) == "unknown"


def test_the_reference_page_names_the_paper_and_never_the_household(
    decided: str, papers: Papers, anonymous: FlaskClient
) -> None:
    household = by_subject(decided).household
    secrets = (household.name, household.address, household.reference, household.dwelling, "commission")
    db.session.rollback()
    for paper in papers.values():
        answer = look(anonymous, paper.reference)
        assert answer.status_code == 200
        assert paper.reference in answer.text
        assert "Mistral, Grenoble" in answer.text
        for secret in secrets:
            assert secret not in answer.text


def test_a_reference_may_be_typed_as_people_type(papers: Papers, anonymous: FlaskClient) -> None:
    reference = papers["household"].reference
    assert reference in look(anonymous, reference.lower().replace("-", " ")).text


@pytest.mark.parametrize("typed", ["RL-2222-2222", "nothing", "%00", "RL-7K3M-9Q2F' OR 1=1", "é" * 50])
def test_an_unknown_reference_gets_the_same_page_in_plain_words(app: Flask, anonymous: FlaskClient, typed: str) -> None:
    answer = look(anonymous, typed)
    assert answer.status_code == 404
    assert 'type="file"' in answer.text


def test_a_paper_that_is_still_being_made_is_not_spoken_of(decided: str, anonymous: FlaskClient) -> None:
    reference = actions.ask("mistral", decided, 99, kind="fiche", audience="commission", lang="fr").reference
    db.session.commit()
    assert look(anonymous, reference).status_code == 404


def test_an_authentic_file_under_another_reference_is_a_swapped_file(
    papers: Papers, pdf: bytes, anonymous: FlaskClient
) -> None:
    own, other = papers["commission"].reference, papers["household"].reference
    assert family(hand_in(anonymous, pdf, f"/verify/{own}")) == "good"
    assert family(hand_in(anonymous, pdf, f"/verify/{other}")) == "bad"


def test_without_a_file_the_page_says_so_beside_the_field(app: Flask, anonymous: FlaskClient) -> None:
    answer = anonymous.post("/verify", data={})
    assert answer.status_code == 422
    assert "error-summary" in answer.text


def test_checking_a_file_keeps_nothing_of_it(app: Flask, papers: Papers, pdf: bytes, sign_in: SignIn) -> None:
    store = open_store(app.config["RELAIS"].storage_url)
    before = sorted(store.names())
    client = sign_in(CLAIRE)  # signed in or not, it is the same page
    assert family(hand_in(client, pdf)) == "good"
    assert sorted(store.names()) == before
    assert len(queries.papers(papers["commission"].subject)) == 2


def test_somebody_who_tries_again_and_again_is_asked_to_wait(
    app: Flask, anonymous: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "CHECKS", 2)
    answers = [hand_in(anonymous, b"junk").status_code for _ in range(3)]
    assert answers == [200, 200, 429]


def test_the_page_is_light_and_asks_for_no_sign_in(app: Flask, anonymous: FlaskClient) -> None:
    answer = anonymous.get("/verify")
    assert answer.status_code == 200
    assert "bootstrap" not in answer.text
    assert len(answer.data) < 12_000


def test_the_paper_carries_the_address_of_its_page(
    papers: Papers, pdf: bytes, anonymous: FlaskClient, said_by: Callable[..., str]
) -> None:
    printed = re.search(r"https?://[^/\s]+(/verify/RL-\S+)", said_by("pdftotext", pdf, "-"))
    assert printed
    assert look(anonymous, printed[1].removeprefix("/verify/")).status_code == 200
