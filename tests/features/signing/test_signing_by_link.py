"""Somebody without account signs by a personal link: nothing happens before the code, and then once."""

import re

import pytest
from sqlalchemy import select

from documents.signing import free_fields
from tests.cast import NADIA
from tests.features.signing.conftest import a_convention, room_of, signatory, signing
from tests.features.writing.conftest import page_words
from workflow import outbox
from workflow.db import db
from workflow.mail import Mail
from workflow.signing.models import COMPLETE, OPEN, REFUSED
from workflow.signing.queries import revisions

ADDRESS = "paule.mercier@example.org"


@pytest.fixture
def reference(app):
    return a_convention()


@pytest.fixture
def path(sign_in, reference):
    """The room, in which only somebody without account signs."""
    nadia = sign_in(NADIA)
    path = nadia.post(f"/papers/{reference}/sign").location
    known = room_of(reference)
    typed = signatory("Paule Mercier", channel="screen", mail=ADDRESS, place="actis", organisation="actis", person="")
    assert nadia.post(f"{path}/signatories/{known.parties[0].id}", data=typed).status_code == 303
    assert nadia.post(f"{path}/open", data={"version": room_of(reference).row.version}).status_code == 303
    return path


def in_mail(pattern):
    outbox.drain()
    found = [one.body for one in db.session.scalars(select(Mail).where(Mail.to == ADDRESS).order_by(Mail.made_at))]
    db.session.rollback()
    return next(match[1] for body in reversed(found) if (match := re.search(pattern, body, re.MULTILINE)))


def link():
    return in_mail(r"(/s/\S+)")


def comes_in(client, url):
    assert client.post(url).status_code == 303
    assert client.post(f"{url}/code", data={"code": in_mail(r"^(\d{3} \d{3})$")}).status_code == 303


def test_the_link_leaves_by_itself_and_opens_nothing_without_its_code(anonymous, path, reference):
    db.session.commit()
    url = link()
    before = db.session.query(Mail).count()
    for _visit in range(3):
        assert anonymous.get(url).status_code == 200
        assert anonymous.head(url).status_code == 200
    outbox.drain()
    assert db.session.query(Mail).count() == before
    assert "Convention" not in anonymous.get(url).text
    for page in ("/sign", "/file.pdf", "/page-1.png", "/refuse"):
        answer = anonymous.get(f"{url}{page}")
        assert answer.status_code == 303, page
        assert answer.location == url
    assert anonymous.post(f"{url}/sign", data=signing(reference, "Paule Mercier")).status_code == 303
    assert room_of(reference).row.state == OPEN


def test_with_the_code_one_reads_and_signs_once(anonymous, path, reference, worked):
    worked()
    url = link()
    comes_in(anonymous, url)
    page = anonymous.get(f"{url}/sign")
    assert page.status_code == 200
    assert "Convention inter-bailleurs" in page_words(page)
    assert anonymous.get(f"{url}/file.pdf").data.startswith(b"%PDF-")
    assert anonymous.get(f"{url}/page-1.png").data.startswith(b"\x89PNG")
    assert anonymous.get(f"{url}/page-99.png").status_code == 404
    sent = anonymous.post(f"{url}/sign", data=signing(reference, "Paule Mercier"))
    assert sent.status_code == 303, page_words(sent)
    worked()
    known = room_of(reference)
    assert known.row.state == COMPLETE
    assert "actis" not in free_fields(revisions.bytes_of(known.row, revisions.present(known.row)))
    assert anonymous.post(f"{url}/sign", data=signing(reference, "Paule Mercier")).status_code == 409
    assert anonymous.get(url).status_code == 200


def test_a_refusal_by_link_gives_its_reason_to_everybody(anonymous, path, reference, worked):
    worked()
    url = link()
    comes_in(anonymous, url)
    assert anonymous.post(f"{url}/refuse", data={"reason": ""}).status_code == 422
    assert anonymous.post(f"{url}/refuse", data={"reason": "Je ne suis pas d’accord."}).status_code == 303
    worked()
    assert room_of(reference).row.state == REFUSED
    assert any("pas d’accord" in one.body for one in db.session.query(Mail).filter(Mail.to.startswith("nadia")))


def test_another_address_kills_the_former_link(sign_in, anonymous, path, reference, worked):
    worked()
    former = link()
    party = room_of(reference).parties[0].id
    nadia = sign_in(NADIA)
    changed = nadia.post(f"{path}/signatories/{party}/address", data={"mail": "paule.m@example.net", "postal": ""})
    assert changed.status_code == 303, page_words(changed)
    worked()
    assert anonymous.get(former).status_code == 410
    assert db.session.query(Mail).filter(Mail.to == "paule.m@example.net").count() == 1
    assert "/s/" not in nadia.get(path).text, "whoever runs the room never sees a link"


def test_a_guessed_code_is_counted_and_dies(anonymous, path, reference, worked):
    worked()
    url = link()
    assert anonymous.post(url).status_code == 303
    outbox.drain()
    for _guess in range(5):
        assert anonymous.post(f"{url}/code", data={"code": "000 000"}).status_code == 422
    assert anonymous.post(f"{url}/code", data={"code": in_mail(r"^(\d{3} \d{3})$")}).status_code == 409


def test_the_link_of_another_room_or_none_is_gone(anonymous, path, worked):
    worked()
    assert anonymous.get("/s/nothing").status_code == 410
    assert anonymous.get(link().replace("/s/", "/a/")).status_code in (404, 410)
