"""The evidence beside a document: sealed, complete, made by a job, and read by those who sign or run the room."""

import json
import subprocess
from io import BytesIO

import pytest
from sqlalchemy import select

from documents import evidence_file
from documents.verification import verify
from tests.cast import CLAIRE, FRANCOIS, HELENE, NADIA, PATRICE
from tests.features.signing.conftest import a_convention, a_mandate, opened, room_of, signatory, signing, types_the_code
from tests.features.writing.conftest import page_words
from workflow import clock
from workflow.db import db
from workflow.filing import queries as filing
from workflow.record.models import Event
from workflow.signing.models import REFUSED
from workflow.signing.queries import evidence, revisions

PATRICES = "patrice.odier@example.com"


@pytest.fixture
def reference(app):
    return a_convention()


def url_of(reference, name="Patrice Odier"):
    known = room_of(reference)
    party = next(one for one in known.parties if one.acting.name == name)
    return f"/rooms/{known.row.reference}/signatories/{party.id}"


@pytest.fixture
def path(sign_in, reference, worked):
    """Patrice signed; the room is complete and its jobs are done."""
    path = opened(sign_in(NADIA), reference)
    patrice = sign_in(PATRICE)
    types_the_code(patrice, url_of(reference), PATRICES)
    assert patrice.post(f"{url_of(reference)}/sign", data=signing(reference)).status_code == 303
    worked()
    return path


def told(client, path):
    return json.loads(client.get(f"{path}/evidence.json").data)


def test_it_is_sealed_beside_the_document_and_tells_the_whole_course(sign_in, anonymous, path, reference, tmp_path):
    nadia = sign_in(NADIA)
    made = nadia.get(f"{path}/evidence.pdf")
    assert made.mimetype == "application/pdf"
    roots = filing.trust_roots(anonymous.application.config["RELAIS"])
    assert verify(made.data, trust_roots=roots, known=None, at=clock.now()).ok
    found = told(nadia, path)
    assert found == evidence_file.told_in(made.data)
    states, known = revisions.revisions(room_of(reference).row.id), room_of(reference)
    assert [one["after"] for one in found["states"]] == [one.after for one in states]
    assert found["document"]["last"] == states[-1].after
    assert [one["channel"] for one in found["acts"]] == ["screen", "archive"]
    signed = found["acts"][0]
    assert (signed["name"], signed["before"], signed["after"]) == ("Patrice Odier", states[0].after, states[1].after)
    assert [(one["who"], one["sha256"]) for one in found["views"]] == [("Patrice Odier", states[0].after)]
    assert [(one["who"], one["how"]) for one in found["codes"]] == [("Patrice Odier", "mail")]
    assert found["codes"][0]["used_at"]
    lines = {one["number"]: one for one in found["chain"]}
    asked = select(Event).where(Event.chain == f"operation:{known.row.operation_id}", Event.seq.in_(lines))
    kept = {one.seq: one for one in db.session.scalars(asked)}
    assert {one.subject for one in kept.values()} >= {known.row.subject, f"signing:{known.row.id}"}
    assert all(
        lines[seq]["hash"] == one.hash and lines[seq]["body"] == json.loads(one.body) for seq, one in kept.items()
    )
    (tmp_path / "preuve.pdf").write_bytes(made.data)
    words = subprocess.run(["pdftotext", tmp_path / "preuve.pdf", "-"], capture_output=True, check=True).stdout.decode()
    assert "Patrice Odier" in words
    assert "Les états du fichier" in words


def test_no_address_no_link_and_no_code_stands_in_it(sign_in, path):
    said = sign_in(NADIA).get(f"{path}/evidence.json").text
    assert "@" not in said
    assert "/r/" not in said
    assert "token" not in said


def test_those_who_sign_read_it_and_nobody_else(sign_in, anonymous, path):
    assert sign_in(PATRICE).get(f"{path}/evidence.pdf").status_code == 200
    for other in (CLAIRE, FRANCOIS, HELENE):
        assert sign_in(other).get(f"{path}/evidence.pdf").status_code in (403, 404), other
    assert anonymous.get(f"{path}/evidence.pdf").status_code in (302, 303, 401, 404)


def test_made_anew_it_tells_how_things_stand_now(sign_in, anonymous, path, reference, worked):
    nadia = sign_in(NADIA)
    first = evidence.latest(room_of(reference).row.id).sha256
    assert sign_in(PATRICE).post(f"{path}/copy", data={"what": "file"}).status_code == 200
    assert nadia.post(f"{path}/evidence").status_code == 303
    assert nadia.post(f"{path}/evidence").status_code == 303
    worked()
    several = evidence.several(room_of(reference).row.id)
    assert [one.made_at is not None for one in several] == [True, True], "asked for twice, it was made once more"
    assert several[0].sha256 != first
    assert told(nadia, path)["deliveries"][0]["opened_at"]
    assert "opened_at" in told(nadia, path)["deliveries"][0]


def test_a_refused_document_has_its_evidence_with_the_reason_and_the_mandates(sign_in, reference, worked):
    nadia = sign_in(NADIA)
    more = signatory("Hélène Vasseur", rank="2", organisation="grenoble") | a_mandate()
    path = opened(nadia, reference, more)
    assert nadia.post(f"{path}/evidence").status_code == 409
    sign_in(PATRICE).post(f"{url_of(reference)}/refuse", data={"reason": "L’article 4 est faux."})
    worked()
    assert room_of(reference).row.state == REFUSED
    found = told(nadia, path)
    refused = found["acts"][0]
    assert (refused["name"], refused["channel"]) == ("Patrice Odier", "refused")
    assert "article 4" in refused["note"]
    assert [(one["number"], bool(one["sha256"])) for one in found["mandates"]] == [("2026-118", True)]
    assert found["deliveries"] == []
    page = page_words(nadia.get(path))
    assert "Evidence" in page or "Preuve" in page or "preuve" in page


def test_the_public_page_knows_the_evidence_again(sign_in, anonymous, path):
    def checked(client, pdf):
        told = {"file": (BytesIO(pdf), "preuve.pdf")}
        return client.post("/verify", data=told, content_type="multipart/form-data").text

    made = sign_in(NADIA).get(f"{path}/evidence.pdf").data
    assert "verdict-good" in checked(anonymous, made)
    assert "verdict-good" not in checked(anonymous, made[:-300] + b"x" + made[-299:])
