"""A paper that several people signed, handed in: who signed, how sure that is, what came after, what is missing."""

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from flask.testing import FlaskClient

from documents.verification import SignatureFact
from tests.features.filing.conftest import Papers
from workflow.db import db
from workflow.filing import cli, queries
from workflow.filing.models import Paper
from workflow.filing.queries import Recognised, register_states
from workflow.filing.rules.told import Signer, level_of

SIGNED = Path(__file__).parents[2] / "museum" / "signed" / "0.1.0"
FOUR = ("Anne Mercier", "Bruno Diallo", "Chloé Vidal", "David Nguyen")
Held = Callable[[str], bytes]
Check = Callable[[bytes], tuple[int, str]]


@pytest.fixture
def held(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> Held:
    """A specimen that this installation now holds as the paper of the committee: its bytes."""
    root = (SIGNED / "root.der").read_bytes()
    monkeypatch.setattr(queries, "trust_roots", lambda _config: (root,))

    def hold(name: str) -> bytes:
        told = json.loads((SIGNED / "expected.json").read_text("utf-8"))[name]
        row = db.session.get_one(Paper, papers["commission"].id)
        row.pdf_sha256 = told["sha256"]
        db.session.commit()
        return (SIGNED / name).read_bytes()

    return hold


@pytest.fixture
def check(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """`relais verify` where this installation stands: exit code and what it prints."""
    monkeypatch.setenv("RELAIS_HOME", str(app.config["RELAIS"].home))

    def run(data: bytes) -> tuple[int, str]:
        file = tmp_path / "given.pdf"
        file.write_bytes(data)
        asked = [str(file), "--lang", "en"]
        ran = CliRunner().invoke(cli.verify, asked, obj=ScriptInfo(create_app=lambda: app))
        return ran.exit_code, ran.output

    return run


@pytest.fixture
def states(app: Flask, papers: Papers) -> Iterator[Callable[..., None]]:
    """`states(sha256, stand, ...)`: somebody who keeps states of papers knows this one."""
    kept: dict[str, Recognised] = {}
    register_states("test", kept.get)

    def know(data: bytes, stand: str = "", **more: Any) -> None:
        kept[sha256(data).hexdigest()] = Recognised(papers["commission"], stand, **more)

    yield know
    register_states("test", lambda _sha256: None)


def words(client: FlaskClient, data: bytes, path: str = "/verify") -> str:
    """What the page says of a file, without its marks."""
    db.session.rollback()
    answer = client.post(f"{path}?lang=en", data={"file": (io.BytesIO(data), "document.pdf")})
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def test_all_who_signed_are_named_in_order_with_what_it_proves(held: Held, anonymous: FlaskClient) -> None:
    said = words(anonymous, held("convention-signed-by-four.pdf"))
    assert "This document is authentic and complete." in said
    assert sorted(FOUR, key=said.index) == list(FOUR)
    assert said.count("Signature gathered by this installation") == 3
    assert said.count("Only further signatures were added after it.") == 4
    assert "Signature with a certificate" in said
    assert "Certificate issued by AC Exemple." in said
    assert "Signatures still missing" not in said


def test_what_waits_for_signatures_says_so_and_what_is_missing(held: Held, anonymous: FlaskClient) -> None:
    said = words(anonymous, held("convention-certified-waiting.pdf"))
    assert "This document is authentic. Not everybody has signed it yet." in said
    assert "Signatures still missing ville etat" in said
    assert FOUR[1] in said
    assert FOUR[3] not in said


def test_a_changed_file_says_with_whose_signature_it_was_authentic(held: Held, anonymous: FlaskClient) -> None:
    said = words(anonymous, held("convention-signed-by-four.pdf") + b"junk")
    assert "This document was authentic when David Nguyen signed it, and was changed since." in said
    assert "What was changed since" in said
    assert said.count("The file was changed after it.") == 5


def test_who_signed_is_never_told_to_those_who_only_know_the_reference(
    held: Held, papers: Papers, states: Callable[..., None], anonymous: FlaskClient
) -> None:
    states(held("convention-signed-by-four.pdf"), by_hand=(Signer("Éric Roux"),))
    reference = papers["commission"].reference
    db.session.rollback()
    told = anonymous.get(f"/verify/{reference}").text
    told += words(anonymous, b"another file", f"/verify/{reference}")
    assert reference in told
    assert [name for name in (*FOUR, "Éric Roux") if name in told] == []


def test_names_in_a_file_that_nobody_vouches_for_are_not_repeated(papers: Papers, anonymous: FlaskClient) -> None:
    said = words(anonymous, (SIGNED / "convention-signed-by-four.pdf").read_bytes())
    assert [name for name in FOUR if name in said] == []


def test_who_keeps_the_states_says_in_what_capacity_and_on_what(
    held: Held, states: Callable[..., None], anonymous: FlaskClient
) -> None:
    data = held("convention-signed-by-four.pdf")
    signers = {"bailleur": Signer("Anne Mercier", "directrice", "Alpes Habitat", "paper", date(2026, 10, 30))}
    signers["office"] = Signer("Bruno Diallo", "président", way="screen")
    states(data, signers=signers, by_hand=(Signer("Éric Roux", "maire", on=date(2026, 11, 2)),))
    said = words(anonymous, data)
    assert "Anne Mercier directrice, Alpes Habitat Signed on paper, by hand Friday, October 30, 2026" in said
    assert "Bruno Diallo président Simple electronic signature" in said
    assert "Éric Roux maire Signed on paper, by hand Monday, November 2, 2026" in said


@pytest.mark.parametrize(
    ("stand", "family", "code", "sentence"),
    [
        ("complete", "good", 0, "This document is authentic and complete."),
        ("newer", "good", 0, "This document is authentic, but a newer, more complete version of it exists."),
        ("taken_back", "bad", 1, "This file is authentic, but a signature in it was taken back afterwards."),
        ("stopped", "bad", 1, "This document is authentic, but its signing was given up before everybody had signed."),
    ],
)
def test_a_former_state_says_what_became_of_it(
    held: Held, states: Callable[..., None], anonymous: FlaskClient, check: Check,
    stand: str, family: str, code: int, sentence: str,
) -> None:  # fmt: skip
    held("convention-signed-by-four.pdf")
    data = (SIGNED / "convention-certified-waiting.pdf").read_bytes()
    states(data, stand)
    assert sentence in words(anonymous, data)
    db.session.rollback()
    answer = anonymous.post("/verify", data={"file": (io.BytesIO(data), "document.pdf")})
    assert f'"verdict verdict-{family}"' in answer.text
    left, told = check(data)
    assert (left, told.splitlines()[0]) == (code, sentence)


def test_the_command_says_the_same(held: Held, check: Check) -> None:
    code, told = check(held("convention-closed.pdf"))
    sentence, *lines = told.splitlines()
    assert (code, sentence) == (0, "This document is authentic and complete.")
    assert [name for name in FOUR if name in told] == list(FOUR)
    assert len(lines) == 6
    assert lines[-1].startswith("- Time stamp over the whole file, ")


def test_nothing_of_a_signature_stands_in_the_logs(
    held: Held, anonymous: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    data = held("convention-signed-by-four.pdf")
    words(anonymous, data)
    words(anonymous, data + b"junk")
    assert [one.name for one in caplog.records if one.name.startswith("pyhanko")] == []
    assert [name for name in FOUR if name in caplog.text] == []


def test_a_certificate_is_taken_at_its_word_and_a_seal_that_is_not_ours_is_not_called_ours() -> None:
    fact = SignatureFact("Somebody", None, "B-T", covers_whole=True, kind="personal", trusted=True)
    assert level_of(fact, "paper") == "personal"
    assert level_of(replace(fact, claims_qualified=True), "certificate") == "qualified"
    assert level_of(replace(fact, kind="seal"), "") == "seal"
    assert level_of(replace(fact, kind="seal", trusted=False), "") == "other_seal"
    assert [level_of(replace(fact, kind="witness"), way) for way in ("", "screen", "paper", "parapheur")] == [
        "witness", "screen", "paper", "witness",
    ]  # fmt: skip
