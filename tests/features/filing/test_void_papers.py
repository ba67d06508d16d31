"""An annulled paper is ours and whole, and counts no more: every door says so."""

import io
import json

import pytest

from tests import factories
from tests.cast import NADIA
from tests.features.filing.conftest import Papers
from workflow import outbox
from workflow.db import db
from workflow.dossiers.queries import by_subject
from workflow.filing import cli, queries


def annul(subject: str) -> None:
    factories.decide(NADIA, by_subject(subject), "Cancel", "", reason="Ouvert deux fois")
    db.session.rollback()
    outbox.drain()


def test_the_public_page_says_since_when_by_reference_and_by_file(decided, papers: Papers, pdf, anonymous) -> None:
    reference = papers["commission"].reference
    annul(decided)
    db.session.rollback()
    page = anonymous.get(f"/verify/{reference}")
    assert page.status_code == 200
    assert "annulé le" in page.text
    assert "verdict-bad" in page.text
    for path in ("/verify", f"/verify/{reference}"):
        answer = anonymous.post(path, data={"file": (io.BytesIO(pdf), "fiche.pdf")})
        assert "il a été annulé le" in answer.text
        assert "verdict-bad" in answer.text
        assert "authentique et complet" not in answer.text


@pytest.mark.complaint(11)
def test_the_copy_that_says_annulled_is_sealed_and_never_passes_for_good(decided, papers: Papers, anonymous) -> None:
    expected = papers["commission"].reference
    annul(decided)
    original = queries.issued(expected)
    copy = queries.void_copies([original])[original.id]
    data, reference = queries.bytes_of(copy, "pdf"), queries.printed_reference(copy)
    assert reference == expected
    db.session.rollback()
    answer = anonymous.post(f"/verify/{reference}", data={"file": (io.BytesIO(data), "fiche.pdf")})
    assert "il a été annulé le" in answer.text


def test_the_command_says_no_with_its_reason(app, decided, papers: Papers, pdf, tmp_path, monkeypatch) -> None:
    annul(decided)
    db.session.rollback()
    file = tmp_path / "fiche.pdf"
    file.write_bytes(pdf)
    runner = app.test_cli_runner()
    monkeypatch.setenv("RELAIS_HOME", str(app.config["RELAIS"].home))
    done = runner.invoke(cli.verify, [str(file), "--json"])
    told = json.loads(done.output)
    assert (done.exit_code, told["ok"], told["reason"]) == (1, False, "void")
    assert told["annulled"]
