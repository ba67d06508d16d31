"""The papers of one dossier as one PDF to print: only what its reader may have, and never taken for the original."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader

from documents.assembly import attached
from tests import factories
from tests.cast import CLAIRE, HELENE, MONIQUE, NADIA
from tests.factories import identity
from tests.features.conftest import SignIn
from tests.features.dossiers.playing import Played, a_second_landlord, scenario
from workflow import outbox
from workflow.db import db
from workflow.dossiers import queries as dossiers
from workflow.dossiers.actions.attaching import attach
from workflow.filing import actions as filing
from workflow.filing import queries
from workflow.web.models import SensitiveRead

Bundle = Callable[..., PdfReader]


@pytest.fixture
def reference(app: Flask) -> str:
    """A validated file of a household whose papers are there."""
    row = factories.a_validated_dossier()
    told = row.reference
    db.session.commit()
    outbox.drain()
    db.session.rollback()
    return told


def bundle(client: FlaskClient, reference: str, **asked: str) -> PdfReader:
    sent = client.get(f"/dossiers/{reference}/bundle", query_string=asked)
    assert (sent.status_code, sent.mimetype) == (200, "application/pdf"), sent.text[:300]
    assert sent.headers["Cache-Control"] == "no-store"
    return PdfReader(io.BytesIO(sent.data))


def words(told: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in told.pages)


def a_photograph() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (1600, 900), "green").save(target, format="JPEG")
    return target.getvalue()


def test_it_holds_every_paper_in_order_behind_a_list_and_says_that_it_is_a_copy(
    reference: str, sign_in: SignIn
) -> None:
    papers = queries.papers(dossiers.by_reference(reference).subject)
    told = [row.reference for row in papers]
    count = sum(len(PdfReader(io.BytesIO(queries.bytes_of(row, "pdf"))).pages) for row in papers)
    db.session.rollback()
    made = bundle(sign_in(CLAIRE), reference)
    assert len(made.pages) == count + 1
    assert all(one in made.pages[0].extract_text() for one in told)
    for number, page in enumerate(made.pages, 1):
        assert "PDF" in page.extract_text().splitlines()[-1]
        assert f"{number} " in page.extract_text().splitlines()[-1]


def test_nothing_of_an_original_but_its_pages_is_in_it(reference: str, sign_in: SignIn) -> None:
    sent = sign_in(CLAIRE).get(f"/dossiers/{reference}/bundle").data
    assert attached(sent) == {}
    assert b"/ByteRange" not in sent
    assert PdfReader(io.BytesIO(sent)).get_fields() in (None, {})


def test_who_may_have_one_paper_only_prints_that_one(reference: str, sign_in: SignIn) -> None:
    papers = {row.audience: row.reference for row in queries.papers(dossiers.by_reference(reference).subject)}
    db.session.rollback()
    found = words(bundle(sign_in(HELENE), reference, attachments="1"))
    assert papers["commission"] in found
    assert papers["household"] not in found
    assert sign_in(MONIQUE).get(f"/dossiers/{reference}/bundle").status_code == 404


def test_attached_files_become_pages_where_their_reader_asks_for_them(reference: str, sign_in: SignIn) -> None:
    row = dossiers.by_reference(reference)
    attach(identity(CLAIRE), row, a_photograph(), "image/jpeg", caption="Photographie de la cage", shared=False)
    broken = b"%PDF-1.7\nnothing of a PDF\n%%EOF"
    attach(identity(CLAIRE), row, broken, "application/pdf", caption="Courrier illisible", shared=False)
    db.session.commit()
    client = sign_in(CLAIRE)
    without, with_them = bundle(client, reference), bundle(client, reference, attachments="1")
    assert len(with_them.pages) == len(without.pages) + 1
    cover = with_them.pages[0].extract_text()
    assert "Photographie de la cage" in cover
    assert "Courrier illisible" in cover
    assert "cage" not in words(without)
    assert db.session.query(SensitiveRead).filter_by(person=CLAIRE, page="dossiers.bundle").count() == 2


def test_on_both_sides_each_paper_begins_on_a_sheet_of_its_own(reference: str, sign_in: SignIn) -> None:
    made = bundle(sign_in(CLAIRE), reference, duplex="1")
    starts = [made.get_destination_page_number(one) for one in made.outline]
    assert all(start % 2 == 0 for start in starts)


def test_an_agreement_is_printed_with_the_copies_that_were_signed(app: Flask, sign_in: SignIn) -> None:
    a_second_landlord()
    played = Played("convention")
    played.play(scenario("convention", "signed-together"))
    outbox.drain()
    filing.keep_file("mistral", played.row.subject, a_photograph(), "image/jpeg", NADIA)
    db.session.commit()
    client = sign_in(NADIA)
    without, with_them = bundle(client, played.reference), bundle(client, played.reference, attachments="1")
    assert len(with_them.outline) == len(without.outline) + 1
    assert len(with_them.pages) == len(without.pages) + 1


def test_before_there_is_any_paper_there_is_nothing_to_print(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_filled_dossier()
    told = row.reference
    db.session.commit()
    assert sign_in(CLAIRE).get(f"/dossiers/{told}/bundle").status_code == 404
