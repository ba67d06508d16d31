"""An organisation gives its letterhead: tried first, used for every working copy, and none is ever lost."""

import io
import zipfile

import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.cast import CLAIRE, INES, NADIA, SONIA
from tests.features.conftest import SignIn
from workflow import outbox
from workflow.db import db
from workflow.filing import queries
from workflow.filing.models import Letterhead
from workflow.filing.queries import letterheads
from workflow.record.models import HOUSE
from workflow.record.queries import latest

OWNER = "grenoble"
PAGE = f"/organisations/{OWNER}/letterhead"


def a_letterhead(foot: str = "25 avenue de Constantine, Grenoble") -> bytes:
    made = Document()
    made.sections[0].footer.paragraphs[0].text = foot
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def with_macros(data: bytes) -> bytes:
    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"macro")
    return target.getvalue()


def give(client: FlaskClient, data: bytes, name: str = "en-tete.docx", **more: str) -> int:
    sent = client.post(PAGE, data={"file": (io.BytesIO(data), name), **more}, content_type="multipart/form-data")
    db.session.rollback()
    return sent.status_code


@pytest.fixture
def client(sign_in: SignIn) -> FlaskClient:
    return sign_in(NADIA)


def test_without_one_copies_keep_the_look_of_the_house(app: Flask, client: FlaskClient) -> None:
    assert queries.letterhead_of(OWNER) is None
    assert queries.letterhead_of(None) is None
    db.session.rollback()
    assert client.get(PAGE).status_code == 200


def test_the_next_working_copies_are_written_in_the_letterhead_that_was_given(app: Flask, client: FlaskClient) -> None:
    assert give(client, a_letterhead("Hôtel de ville, pied de page")) == 303
    subject = factories.a_validated_dossier().subject
    db.session.rollback()
    outbox.drain()
    made = [Document(io.BytesIO(queries.bytes_of(paper, "docx"))) for paper in queries.papers(subject)]
    assert made
    for copy in made:
        assert "Hôtel de ville, pied de page" in "\n".join(one.text for one in copy.sections[0].footer.paragraphs)


def test_a_file_with_macros_is_refused_with_a_sentence_and_nothing_is_kept(app: Flask, client: FlaskClient) -> None:
    answer = client.post(PAGE, data={"file": (io.BytesIO(with_macros(a_letterhead())), "x.docm")})
    assert answer.status_code == 422
    assert "macros" in answer.text
    assert db.session.query(Letterhead).count() == 0


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 nothing", b"PK\x03\x04 broken"])
def test_what_is_no_word_document_is_refused(app: Flask, client: FlaskClient, data: bytes) -> None:
    assert give(client, data) == 422


def test_a_former_letterhead_is_taken_up_again(app: Flask, client: FlaskClient) -> None:
    first, second = a_letterhead("un"), a_letterhead("deux")
    give(client, first)
    give(client, second)
    former = next(row for row in letterheads.letterheads(OWNER) if row.used_by is None)
    told = former.id
    db.session.rollback()
    assert client.post(f"{PAGE}/use", data={"letterhead": told}).status_code == 303
    assert queries.letterhead_of(OWNER) == first


def test_one_set_aside_is_used_no_more_and_stays(app: Flask, client: FlaskClient) -> None:
    give(client, a_letterhead())
    assert client.post(f"{PAGE}/set-aside").status_code == 303
    assert queries.letterhead_of(OWNER) is None
    assert len(letterheads.letterheads(OWNER)) == 1
    assert {"LetterheadUsed", "LetterheadSetAside"} <= {fact.kind for fact in latest(HOUSE)}


def test_the_same_file_given_twice_is_kept_once(app: Flask, client: FlaskClient) -> None:
    data = a_letterhead()
    give(client, data)
    give(client, data)
    assert len(letterheads.letterheads(OWNER)) == 1


def test_an_example_shows_what_copies_will_look_like(app: Flask, client: FlaskClient) -> None:
    give(client, a_letterhead("Au pied de l’exemple"))
    told = letterheads.letterheads(OWNER)[0].id
    db.session.rollback()
    copy = client.get(f"{PAGE}/{told}/specimen.docx")
    assert "Au pied de l’exemple" in "".join(
        one.text for one in Document(io.BytesIO(copy.data)).sections[0].footer.paragraphs
    )
    assert client.get(f"{PAGE}/{told}/specimen.pdf").data.startswith(b"%PDF-")
    assert client.get(f"{PAGE}/{told}/docx").data.startswith(b"PK")
    assert client.get(f"{PAGE}/{told}/anything").status_code == 404


def test_only_who_describes_the_organisation_gives_it_a_letterhead(app: Flask, sign_in: SignIn) -> None:
    for person, expected in ((CLAIRE, 404), (SONIA, 404), (INES, 200), (NADIA, 200)):
        assert sign_in(person).get(PAGE).status_code == expected
    assert sign_in(NADIA).get("/organisations/nobody-knows/letterhead").status_code == 404
