"""Somebody with an access signs on the screen: this very file, in turn, and nobody in another's name."""

import io
import subprocess

import pytest

from documents.signing import free_fields
from tests.cast import HELENE, NADIA, PATRICE
from tests.features.signing.conftest import a_convention, a_mandate, opened, room_of, signatory, signing, types_the_code
from tests.features.writing.conftest import page_words
from workflow import outbox
from workflow.db import db
from workflow.mail import Mail
from workflow.signing.models import COMPLETE, OPEN, REFUSED, WITHDRAWN
from workflow.signing.queries import revisions


@pytest.fixture
def reference(app):
    return a_convention()


def file_of(reference):
    known = room_of(reference)
    return revisions.bytes_of(known.row, revisions.present(known.row))


def sign_url(reference, name="Patrice Odier"):
    known = room_of(reference)
    party = next(one for one in known.parties if one.words.name == name)
    return f"/rooms/{known.row.reference}/signatories/{party.id}"


def ready(sign_in, reference):
    """Patrice, who has typed his code."""
    patrice = sign_in(PATRICE)
    types_the_code(patrice, sign_url(reference), "patrice.odier@example.com")
    return patrice


def test_the_one_signatory_signs_and_the_file_is_complete(sign_in, reference, worked, tmp_path):
    path = opened(sign_in(NADIA), reference)
    worked()
    patrice = ready(sign_in, reference)
    url = f"{sign_url(reference)}/sign"
    page = patrice.get(url)
    assert page.status_code == 200
    assert "J’ai lu ce document" in page_words(page) or "I have read this document" in page_words(page)
    known = room_of(reference)
    assert revisions.present(known.row).after in page.text
    before = file_of(reference)
    sent = patrice.post(url, data=signing(reference))
    assert sent.status_code == 303, page_words(sent)
    after = file_of(reference)
    assert after.startswith(before)
    assert "actis" not in free_fields(after)
    worked()
    assert room_of(reference).row.state == COMPLETE
    assert "Patrice Odier" in page_words(patrice.get(path))
    (tmp_path / "signed.pdf").write_bytes(file_of(reference))
    told = subprocess.run(["pdfsig", str(tmp_path / "signed.pdf")], capture_output=True, check=False)
    assert told.stdout.decode().count("Signature is Valid") >= 2, told


def test_whoever_holds_the_signed_file_reads_who_signed_it(sign_in, anonymous, reference, worked):
    opened(sign_in(NADIA), reference)
    worked()
    before = file_of(reference)
    assert ready(sign_in, reference).post(f"{sign_url(reference)}/sign", data=signing(reference)).status_code == 303
    worked()
    last = checked(anonymous, file_of(reference))
    assert "notice-done" in last or "good" in last
    assert "Patrice Odier" in last
    earlier = checked(anonymous, before)
    assert "Patrice Odier" not in earlier
    assert earlier != last
    paper = anonymous.get(f"/verify/{reference}").text
    assert "Patrice Odier" not in paper, "nobody is named to whoever only has the reference"


def checked(client, pdf):
    sent = client.post("/verify", data={"file": (io.BytesIO(pdf), "acte.pdf")}, content_type="multipart/form-data")
    assert sent.status_code == 200
    return sent.text


def test_nobody_signs_in_the_name_of_another(sign_in, reference):
    opened(sign_in(NADIA), reference)
    url = f"{sign_url(reference, 'Patrice Odier')}/sign"
    for other in (NADIA, HELENE):
        assert sign_in(other).post(url, data=signing(reference)).status_code in (403, 404), other
    assert room_of(reference).row.state == OPEN


@pytest.mark.parametrize("left_out", ["capacity", "consent", "mine"])
def test_without_a_tick_nothing_is_signed_and_nothing_typed_is_lost(sign_in, reference, left_out):
    opened(sign_in(NADIA), reference)
    url = f"{sign_url(reference, 'Patrice Odier')}/sign"
    typed = {name: value for name, value in signing(reference).items() if name != left_out}
    page = ready(sign_in, reference).post(url, data=typed)
    assert page.status_code == 422
    assert 'value="Patrice Odier"' in page.text
    assert len(revisions.revisions(room_of(reference).row.id)) == 1


def test_a_second_rank_waits_for_the_first(sign_in, reference):
    nadia = sign_in(NADIA)
    more = signatory("Hélène Vasseur", rank="2", organisation="grenoble", person=HELENE) | a_mandate()
    path = opened(nadia, reference, more)
    helene = sign_in(HELENE)
    assert path not in helene.get("/waiting").text
    patrice = ready(sign_in, reference)
    assert patrice.post(f"{sign_url(reference)}/sign", data=signing(reference)).status_code == 303
    assert path in helene.get("/waiting").text
    assert room_of(reference).row.state == OPEN


def test_one_takes_back_ones_signature_before_anybody_else_signs(sign_in, reference):
    more = signatory("Hélène Vasseur", rank="2", organisation="grenoble", person=HELENE) | a_mandate()
    path = opened(sign_in(NADIA), reference, more)
    before = file_of(reference)
    patrice = ready(sign_in, reference)
    patrice.post(f"{sign_url(reference, 'Patrice Odier')}/sign", data=signing(reference))
    assert file_of(reference) != before
    assert "take-back" in patrice.get(path).text
    assert patrice.post(f"{path}/take-back").status_code == 303
    assert file_of(reference) == before
    types_the_code(patrice, sign_url(reference), "patrice.odier@example.com")
    again = patrice.post(f"{sign_url(reference, 'Patrice Odier')}/sign", data=signing(reference))
    assert again.status_code == 303, page_words(again)
    room = room_of(reference)
    assert [one.undone_at is None for one in revisions.revisions(room.row.id, undone=True)] == [True, False, True]


def test_a_refusal_ends_the_room_and_everybody_reads_why(sign_in, reference, worked):
    more = signatory("Hélène Vasseur", rank="2", organisation="grenoble", person=HELENE) | a_mandate()
    path = opened(sign_in(NADIA), reference, more)
    worked()
    url = f"{sign_url(reference, 'Patrice Odier')}/refuse"
    patrice = sign_in(PATRICE)
    assert patrice.post(url, data={"reason": ""}).status_code == 422
    assert patrice.post(url, data={"reason": "L’article 4 ne dit pas qui paie."}).status_code == 303
    worked()
    assert room_of(reference).row.state == REFUSED
    assert "L’article 4 ne dit pas qui paie." in page_words(sign_in(NADIA).get(path))
    told = {one.to for one in db.session.query(Mail) if "L’article 4" in one.body}
    assert {"nadia.ferhat@example.org", "patrice.odier@example.com"} <= told


def test_whoever_opened_the_room_reminds_extends_and_withdraws(sign_in, reference, worked):
    nadia = sign_in(NADIA)
    path = opened(nadia, reference)
    assert nadia.post(f"{path}/remind").status_code == 303
    worked()
    assert any(one.to == "patrice.odier@example.com" for one in db.session.query(Mail))
    assert nadia.post(f"{path}/extend", data={"until": "2031-01-31"}).status_code == 303
    assert "31 janvier 2031" in page_words(nadia.get(path))
    assert nadia.post(f"{path}/withdraw", data={"reason": "Le montant change."}).status_code == 303
    assert room_of(reference).row.state == WITHDRAWN
    late = sign_in(PATRICE).post(f"{sign_url(reference, 'Patrice Odier')}/sign", data=signing(reference))
    assert late.status_code == 409


def test_a_session_alone_is_not_enough_to_sign(sign_in, reference):
    opened(sign_in(NADIA), reference)
    patrice = sign_in(PATRICE)
    assert patrice.post(f"{sign_url(reference)}/sign", data=signing(reference)).status_code == 409
    assert patrice.post(f"{sign_url(reference)}/code").status_code == 303
    outbox.drain()
    for _guess in range(5):
        assert patrice.post(f"{sign_url(reference)}/code", data={"code": "000 000"}).status_code == 303
    assert patrice.post(f"{sign_url(reference)}/sign", data=signing(reference)).status_code == 409
    assert len(revisions.revisions(room_of(reference).row.id)) == 1
