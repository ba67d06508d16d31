"""Somebody signs with their own certificate: used once, kept nowhere; whatever does not hold is said plainly."""

from datetime import timedelta
from io import BytesIO

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from documents.signing import free_fields
from documents.verification import verify
from tests.cast import NADIA, PATRICE
from tests.documents import parties
from tests.features.signing.conftest import a_convention, no_keys, room_of, signatory, signing, types_the_code
from tests.features.writing.conftest import page_words
from workflow import clock
from workflow.db import db
from workflow.filing import queries as filing
from workflow.mail import Mail
from workflow.record.queries import facts
from workflow.signing.models import COMPLETE, OPEN
from workflow.signing.queries import revisions
from workflow.signing.queries.certificates import certificates
from workflow.web.models import DoneRequest

PATRICES, PASSWORD = "patrice.odier@example.com", "vercors-1492"
DAY = timedelta(days=1)


@pytest.fixture
def reference(app):
    return a_convention()


@pytest.fixture
def url(sign_in, reference):
    """Patrice is asked to sign with a certificate, and has typed his code: the page on which he signs."""
    nadia = sign_in(NADIA)
    path = nadia.post(f"/papers/{reference}/sign").location
    party = room_of(reference).parties[0].id
    typed = signatory("Patrice Odier", channel="certificate", place="actis", organisation="actis", person=PATRICE)
    assert nadia.post(f"{path}/signatories/{party}", data=typed).status_code == 303
    assert nadia.post(f"{path}/open", data={"version": room_of(reference).row.version}).status_code == 303
    types_the_code(sign_in(PATRICE), f"{path}/signatories/{party}", PATRICES)
    return f"{path}/signatories/{party}/sign"


def a_file(name="Patrice Odier", *, start=-DAY, end=400 * DAY, password=PASSWORD, kind="ec", signs=True, more=()):
    """A PKCS#12 file as an authority hands it out, valid around now."""
    shift = clock.now() - parties.AT
    issuer_key, issuer = parties.issuing()
    made = {"ec": lambda: ec.generate_private_key(ec.SECP256R1()), "rsa": lambda: rsa.generate_private_key(65537, 2048)}
    weak = {"weak": lambda: rsa.generate_private_key(65537, 1024)}
    key = (made | weak)[kind]()
    usage = parties.usage(digital_signature=True, content_commitment=signs)
    dates = {"start": shift + start, "end": shift + end}
    certificate = parties.certificate(key, name, issuer_key, "AC Exemple", usage=usage, more=more, **dates)
    how = serialization.BestAvailableEncryption(password.encode())
    return pkcs12.serialize_key_and_certificates(b"x", key, certificate, [issuer], how)


def no_key():
    """Certificates without any key."""
    _key, issuer = parties.issuing()
    how = serialization.BestAvailableEncryption(PASSWORD.encode())
    return pkcs12.serialize_key_and_certificates(None, None, None, [issuer], how)


def sending(reference, data, password=PASSWORD, **more):
    told = {name: value for name, value in signing(reference).items() if name not in ("typed", "mine")}
    return told | {"certificate": (BytesIO(data), "moi.p12"), "password": password} | more


def sends(client, url, told):
    return client.post(url, data=told, content_type="multipart/form-data")


def file_of(reference):
    known = room_of(reference)
    return revisions.bytes_of(known.row, revisions.present(known.row))


def test_the_certificate_signs_and_is_told_wherever_the_signature_is(sign_in, anonymous, reference, url, worked):
    patrice = sign_in(PATRICE)
    types_the_code(patrice, url.removesuffix("/sign"), PATRICES)
    assert any(".p12" in one.body for one in db.session.query(Mail).filter(Mail.to == PATRICES))
    page = patrice.get(url)
    assert 'type="password"' in page.text
    before = file_of(reference)
    sent = sends(patrice, url, sending(reference, a_file("ODIER Patrice", kind="rsa")))
    assert sent.status_code == 303, page_words(sent)
    after = file_of(reference)
    assert after.startswith(before)
    assert "actis" not in free_fields(after)
    (kept,) = certificates(room_of(reference).row.id)
    assert (kept.name, kept.issuer, kept.row.claims_qualified) == ("ODIER Patrice", "AC Exemple", False)
    room = url.partition("/signatories")[0]
    assert "ODIER Patrice" in page_words(sign_in(NADIA).get(room))
    verdict = verify(after, trust_roots=roots(), known=None, at=clock.now())
    assert verdict.ok, verdict
    worked()
    assert room_of(reference).row.state == COMPLETE
    told = page_words(
        anonymous.post(
            "/verify", data={"file": (BytesIO(file_of(reference)), "a.pdf")}, content_type="multipart/form-data"
        )
    )
    assert "AC Exemple" in told
    assert "Patrice" in told


def roots():
    from flask import current_app

    return filing.trust_roots(current_app.config["RELAIS"])


def test_neither_the_file_nor_its_password_nor_a_name_stays_anywhere(sign_in, reference, url, caplog, app):
    patrice = sign_in(PATRICE)
    types_the_code(patrice, url.removesuffix("/sign"), PATRICES)
    data = a_file()
    refused = sends(patrice, url, sending(reference, data, "un-autre-mot"))
    assert refused.status_code == 422
    assert "un-autre-mot" not in refused.text
    db.session.rollback()
    remembered = db.session.query(DoneRequest).count()
    db.session.rollback()
    assert sends(patrice, url, sending(reference, data)).status_code == 303
    row = room_of(reference).row
    assert db.session.query(DoneRequest).count() == remembered, "not even a fingerprint of the form is kept"
    told = [one for subject in (row.subject, f"signing:{row.id}") for one in facts(subject)]
    assert any(one.kind == "SignedWithCertificate" for one in told)
    said = f"{[one.data for one in told]} {caplog.text}"
    assert not any(word in said for word in (PASSWORD, "un-autre-mot", "Odier", "AC Exemple"))
    home = app.config["RELAIS"].home
    assert not any(data[:200] in one.read_bytes() for one in home.rglob("*") if one.is_file())


BAD = {
    "wrong_password": (a_file, "un-autre-mot", "password"),
    "not_pkcs12": (lambda: b"%PDF-1.7 not at all", PASSWORD, "certificate"),
    "no_key": (no_key, PASSWORD, "certificate"),
    "expired": (lambda: a_file(start=-30 * DAY, end=-2 * DAY), PASSWORD, "certificate"),
    "not_yet_valid": (lambda: a_file(start=9 * DAY), PASSWORD, "certificate"),
    "weak": (lambda: a_file(kind="weak"), PASSWORD, "certificate"),
    "not_for_signing": (lambda: a_file(signs=False), PASSWORD, "certificate"),
    "too_big": (lambda: b"0" * 300_000, PASSWORD, "certificate"),
    "nothing": (lambda: b"", "", "certificate"),
}


def test_each_thing_that_does_not_hold_is_said_and_nothing_is_signed(sign_in, reference, url):
    patrice = sign_in(PATRICE)
    types_the_code(patrice, url.removesuffix("/sign"), PATRICES)
    said = set()
    for case, (make, password, where) in BAD.items():
        page = sends(patrice, url, sending(reference, make(), password, typed="Patrice Odier"))
        assert page.status_code == 422, case
        assert f'id="{where}-error"' in page.text, case
        assert 'value="Patrice Odier"' in page.text, case
        assert PASSWORD not in page.text, case
        said.add(page.text.partition(f'id="{where}-error">')[2].partition("</p>")[0])
    assert len(said) == len(BAD), "each has a sentence of its own"
    assert [one.why for one in revisions.revisions(room_of(reference).row.id)] == ["base"]
    assert room_of(reference).row.state == OPEN


def test_a_certificate_of_another_name_is_asked_about_first(sign_in, reference, url):
    patrice = sign_in(PATRICE)
    types_the_code(patrice, url.removesuffix("/sign"), PATRICES)
    page = sends(patrice, url, sending(reference, a_file("Paule Mercier")))
    assert page.status_code == 422
    assert "Paule Mercier" in page_words(page)
    assert 'name="other_name"' in page.text
    assert sends(patrice, url, sending(reference, a_file("Paule Mercier"), other_name="1")).status_code == 303


def test_without_the_code_or_the_keys_of_the_installation_nothing_is_half_signed(sign_in, reference, url, app):
    alone = sign_in(PATRICE)
    assert sends(alone, url, sending(reference, a_file())).status_code == 409
    types_the_code(alone, url.removesuffix("/sign"), PATRICES)
    with no_keys(app):
        assert sends(alone, url, sending(reference, a_file())).status_code == 409
    known = room_of(reference)
    assert len(revisions.revisions(known.row.id)) == 1
    assert not any(one.kind == "Signed" for one in facts(known.row.subject))
    assert certificates(known.row.id) == []
    assert sends(alone, url, sending(reference, a_file(more=[parties.QUALIFIED]))).status_code == 303
    (kept_one,) = certificates(room_of(reference).row.id)
    assert kept_one.row.claims_qualified
    assert len(kept_one.row.fingerprint) == 64


def test_only_a_place_in_the_file_can_be_signed_with_a_certificate(sign_in, reference):
    nadia = sign_in(NADIA)
    path = nadia.post(f"/papers/{reference}/sign").location
    party = room_of(reference).parties[0].id
    typed = signatory("Patrice Odier", channel="certificate", place="", organisation="actis", person=PATRICE)
    assert nadia.post(f"{path}/signatories/{party}", data=typed).status_code == 303
    assert nadia.post(f"{path}/open", data={"version": room_of(reference).row.version}).status_code == 422
