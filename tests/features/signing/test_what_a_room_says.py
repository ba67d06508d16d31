"""What stands on the page of a room and in the boxes of its document, as somebody reads it who must sign."""

import io
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest

from tests.cast import JULIEN, NADIA, PATRICE
from tests.features.signing.conftest import a_convention, a_mandate, a_picture, opened, room_of
from tests.features.writing.conftest import page_words
from workflow import clock
from workflow.signing.pages.words import in_the_box
from workflow.signing.queries import revisions
from workflow.web.dates import format_date


@pytest.fixture
def reference(app):
    return a_convention()


def test_what_was_signed_on_paper_bears_the_day_of_the_paper(app, sign_in, reference):
    nadia = sign_in(NADIA)
    path = opened(nadia, reference)
    known, earlier = room_of(reference), clock.today() - timedelta(days=3)
    told = {"signatories": [known.parties[0].id], "signed_on": earlier.isoformat(), "attested": "1"}
    told |= {"scan": (BytesIO(a_picture()), "scan.png")}
    assert nadia.post(f"{path}/paper", data=told, content_type="multipart/form-data").status_code == 303
    with app.test_request_context():
        day = format_date(earlier, "full")
    asked = nadia.get(path)
    entry = asked.text.partition(f'id="who-{known.parties[0].id}"')[2].partition("</li>")[0]
    assert day in entry


def test_the_page_names_who_refused(sign_in, reference):
    path = opened(sign_in(NADIA), reference)
    patrice = sign_in(PATRICE)
    url = f"{path}/signatories/{room_of(reference).parties[0].id}/refuse"
    assert patrice.post(url, data={"reason": "La clé ne convient pas."}).status_code == 303
    notice = sign_in(NADIA).get(path).text.partition('class="notice-title">')[2].partition("</p>")[0]
    assert "Patrice Odier" in notice


def test_whoever_is_not_named_yet_is_told_by_their_organisation(app, sign_in):
    reference, nadia = a_convention("convention-prefecture"), sign_in(NADIA)
    path = nadia.post(f"/papers/{reference}/sign").location
    refused = nadia.post(f"{path}/open", data={"version": room_of(reference).row.version})
    assert refused.status_code == 422
    summary = refused.text.partition("error-summary")[2].partition("<h1")[0]
    assert "Romanche Logis" in summary
    assert "Coopérative Les Balmes" in summary


def test_the_box_says_for_whom_and_under_which_mandate_somebody_signs(app, sign_in, reference):
    nadia = sign_in(NADIA)
    path = opened(nadia, reference)
    party = room_of(reference).parties[0].id
    told = {"name": "Julien Bressan", "capacity": "directeur adjoint", "person": JULIEN} | a_mandate()
    sent = nadia.post(f"{path}/signatories/{party}/delegate", data=told, content_type="multipart/form-data")
    assert sent.status_code == 303, page_words(sent)
    known = room_of(reference)
    with app.test_request_context():
        said = " / ".join(in_the_box(known.party(party)))
    assert said.startswith("Julien Bressan / directeur adjoint")
    assert "Patrice Odier" in said
    assert "2026-118" in said
    told = {"signatories": [party], "signed_on": clock.today().isoformat(), "attested": "1"}
    told |= {"scan": (BytesIO(a_picture()), "scan.png")}
    assert nadia.post(f"{path}/paper", data=told, content_type="multipart/form-data").status_code == 303
    known = room_of(reference)
    with pikepdf.open(io.BytesIO(revisions.bytes_of(known.row, revisions.present(known.row)))) as made:
        assert any(one.get("/T") == "actis" and "/V" in one for one in made.Root.AcroForm.Fields)
