"""Once everybody has signed, everybody receives the document: by a link that needs no access, or printed."""

import re
from datetime import timedelta
from io import BytesIO

import pytest

from documents.verification import verify
from tests.cast import CLAIRE, NADIA, PATRICE
from tests.features.signing.conftest import (
    a_convention,
    a_picture,
    opened,
    room_of,
    signatory,
    signing,
    types_the_code,
)
from tests.features.writing.conftest import page_words
from workflow import clock
from workflow.db import db
from workflow.filing import queries as filing
from workflow.mail import Mail
from workflow.record import actions as record
from workflow.record.queries import facts
from workflow.signing.actions import delivering
from workflow.signing.models import ARCHIVED, COMPLETE
from workflow.signing.queries import deliveries, revisions

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
    """A room in which Patrice signed on the screen and Monique on paper; complete, and its jobs done."""
    nadia = sign_in(NADIA)
    path = opened(nadia, reference, signatory("Monique Tallard", rank="2"))
    patrice = sign_in(PATRICE)
    types_the_code(patrice, url_of(reference), PATRICES)
    assert patrice.post(f"{url_of(reference)}/sign", data=signing(reference)).status_code == 303
    monique = next(one.id for one in room_of(reference).parties if one.words.name == "Monique Tallard")
    told = {"signatories": [monique], "signed_on": clock.today().isoformat(), "place": "Grenoble", "attested": "1"}
    told |= {"scan": (BytesIO(a_picture()), "scan.png")}
    sent = nadia.post(f"{path}/paper", data=told, content_type="multipart/form-data")
    assert sent.status_code == 303, page_words(sent)
    worked()
    return path


def link_in_mail(address=PATRICES):
    told = db.session.query(Mail).filter(Mail.to == address).order_by(Mail.made_at.desc())
    found = next(match[1] for one in told if (match := re.search(r"(/r/\S+)", one.body)))
    db.session.rollback()
    return found


def copies(reference):
    known = room_of(reference)
    return {known.party(one.party).acting.name: one for one in deliveries.of_room(known.row.id)}


def test_the_link_says_what_it_is_and_changes_nothing_until_the_button_is_pressed(anonymous, path, reference):
    url = link_in_mail()
    for ask in (anonymous.get, anonymous.head, anonymous.get):
        assert ask(url).status_code == 200
    assert copies(reference)["Patrice Odier"].opened_at is None
    page = anonymous.get(url)
    assert "Convention inter-bailleurs" in page_words(page)
    assert PATRICES not in page.text
    sent = anonymous.post(url, data={"what": "file"})
    assert (sent.status_code, sent.mimetype) == (200, "application/pdf")
    known = room_of(reference)
    assert (known.row.state, revisions.present(known.row).why) == (COMPLETE, ARCHIVED)
    roots = filing.trust_roots(anonymous.application.config["RELAIS"])
    assert verify(sent.data, trust_roots=roots, known=None, at=clock.now()).ok
    first = copies(reference)["Patrice Odier"].opened_at
    assert first is not None
    assert anonymous.post(url, data={"what": "file"}).status_code == 200
    assert copies(reference)["Patrice Odier"].opened_at == first
    noted = [one for one in facts(f"signing:{known.row.id}") if one.kind == "CopyOpened"]
    assert len(noted) == 1
    assert anonymous.post(url, data={"what": "of-another-room"}).status_code == 410


def test_whoever_signed_on_paper_gets_a_printed_copy_that_is_ticked(sign_in, path, reference):
    nadia = sign_in(NADIA)
    page = page_words(nadia.get(path))
    assert "0 of 2" in page or "0 partie" in page or "0 sur 2" in page
    row = copies(reference)["Monique Tallard"]
    assert (row.how, row.token_hash) == ("paper", None)
    url = f"{path}/copies/{row.id}/hand-over"
    assert nadia.get(url).status_code == 200
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert nadia.post(url, data={"how": "post", "on": tomorrow}).status_code == 422
    assert nadia.post(url, data={"how": "", "on": clock.today().isoformat()}).status_code == 422
    assert nadia.post(url, data={"how": "post", "on": clock.today().isoformat()}).status_code == 303
    assert deliveries.state(copies(reference)["Monique Tallard"]) == "posted"
    assert sign_in(PATRICE).get(url).status_code in (403, 404)
    assert sign_in(CLAIRE).post(url, data={"how": "post", "on": clock.today().isoformat()}).status_code in (403, 404)


def test_a_link_is_sent_again_and_the_former_one_is_dead(sign_in, anonymous, path, reference, worked):
    nadia, former = sign_in(NADIA), link_in_mail()
    url = f"{path}/copies/{copies(reference)['Patrice Odier'].id}/send"
    page = nadia.get(url)
    assert PATRICES in page.text
    assert nadia.post(url, data={"mail": "nobody"}).status_code == 422
    assert nadia.post(url, data={"mail": "p.odier@example.net"}).status_code == 303
    worked()
    assert anonymous.get(former).status_code == 410
    again = link_in_mail("p.odier@example.net")
    assert anonymous.get(again).status_code == 200
    assert "/r/" not in nadia.get(path).text, "whoever runs the room never sees a link"


def test_an_old_link_opens_nothing_and_says_whom_to_call(anonymous, path, reference, monkeypatch):
    url, then = link_in_mail(), clock.now() + timedelta(days=32)
    monkeypatch.setattr(clock, "now", lambda: then)
    answer = anonymous.get(url)
    assert answer.status_code == 410
    assert "Nadia" in page_words(answer)
    assert anonymous.post(url, data={"what": "file"}).status_code == 410
    assert deliveries.state(copies(reference)["Patrice Odier"]) == "over"
    assert anonymous.get("/r/nothing").status_code == 410


def test_a_signatory_with_an_access_takes_the_copy_on_their_page(sign_in, path, reference):
    patrice = sign_in(PATRICE)
    assert f'action="{path}/copy"' in patrice.get(path).text
    sent = patrice.post(f"{path}/copy", data={"what": "file"})
    assert sent.data.startswith(b"%PDF-")
    assert copies(reference)["Patrice Odier"].opened_at is not None
    scan = deliveries.items(room_of(reference))[1].what
    assert patrice.post(f"{path}/copy", data={"what": scan}).mimetype == "image/png"
    assert sign_in(NADIA).post(f"{path}/copy", data={"what": "file"}).status_code == 404


def test_handing_out_twice_hands_out_once(path, reference, worked):
    row, before = room_of(reference).row, db.session.query(Mail).count()
    delivering.begin(row)
    worked()
    assert db.session.query(Mail).count() == before
    assert len(copies(reference)) == 2


def test_an_erased_document_is_received_by_nobody(anonymous, path, reference):
    url = link_in_mail()
    subject = room_of(reference).row.subject
    record.forget(subject)
    db.session.commit()
    assert anonymous.get(url).status_code == 410
    assert anonymous.post(url, data={"what": "file"}).status_code == 410
