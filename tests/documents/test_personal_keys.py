"""Somebody's own certificate, out of a file and a password: used once, refused in plain words, told to nobody."""

import logging
import time

import pytest
from asn1crypto import core
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from documents import personal_keys
from documents.personal_keys import MESSAGES, KeyRefused
from tests.documents.parties import AT, DAY, PASSWORD, certificate, issuing, personal_file, usage


def refused(file, password=PASSWORD, at=AT) -> str:
    with pytest.raises(KeyRefused) as found:
        personal_keys.open(file, password, at=at)
    assert found.value.msgid == MESSAGES[found.value.code]
    assert PASSWORD not in str(found.value)
    return found.value.code


def test_an_opened_file_says_whose_it_is_and_who_issued_it():
    keys = personal_keys.open(personal_file("Chloé Vidal"), PASSWORD, at=AT)
    assert (keys.name, keys.issuer) == ("Chloé Vidal", "AC Exemple")
    assert keys.not_before < AT < keys.not_after
    assert keys.serial > 0


@pytest.mark.parametrize("kind", ["ec", "rsa"])
@pytest.mark.parametrize("scheme", ["of_today", "of_the_nineties"])
def test_files_of_every_kind_in_use_are_read(kind, scheme):
    old = serialization.PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2048).hmac_hash(hashes.SHA1())
    how = old.key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC).build(PASSWORD.encode())
    file = personal_file(kind=kind, encryption=how if scheme == "of_the_nineties" else None)
    assert personal_keys.open(file, PASSWORD, at=AT).name == "David Nguyen"


def test_an_accented_password_opens_its_file():
    assert personal_keys.open(personal_file(password="Été à Lyon"), "Été à Lyon", at=AT).name == "David Nguyen"


def test_a_wrong_password_is_said_to_be_wrong():
    assert refused(personal_file(), "autre-chose") == "wrong_password"
    assert refused(personal_file(), "") == "wrong_password"


@pytest.mark.parametrize("file", [b"", b"junk", b"%PDF-1.7\n%%EOF\n", b"\x30\x82\xff\xff", b"\x30\x80" * 5000])
def test_what_is_no_such_file_is_said_to_be_none(file):
    assert refused(file) == "not_pkcs12"


def test_a_huge_file_is_not_even_opened():
    assert refused(b"\x30" * 300_000) == "too_big"


@pytest.mark.parametrize("where", ["seal", "key"])
def test_a_file_that_asks_for_a_billion_turns_is_refused_within_seconds(where):
    began = time.monotonic()
    assert refused(slowed(personal_file(), where)) == "too_big"
    assert time.monotonic() - began < personal_keys.SECONDS * 4 + 2


def slowed(file: bytes, where: str) -> bytes:
    """The same file, asking for a billion turns before its seal can be checked, or before its key can be read."""
    whole = asn1_pkcs12.Pfx.load(file)
    if where == "seal":
        whole["mac_data"]["iterations"] = 1_000_000_000
        return whole.dump(force=True)
    turns, billion = bytes.fromhex("02024e20"), bytes.fromhex("02043b9aca00")
    safe = whole["auth_safe"]["content"].native
    assert turns in safe, "the library derives with another number of turns now"
    parts = asn1_pkcs12.AuthenticatedSafe.load(safe)
    bags = asn1_pkcs12.SafeContents.load(parts[1]["content"].native)
    bags[0]["bag_value"]["encryption_algorithm"]["parameters"]["key_derivation_func"]["parameters"][
        "iteration_count"
    ] = int.from_bytes(billion[2:])
    parts[1]["content"] = core.OctetString(bags.dump(force=True))
    info = asn1_pkcs12.ContentInfo({"content_type": "data", "content": core.OctetString(parts.dump(force=True))})
    return asn1_pkcs12.Pfx({"version": "v3", "auth_safe": info}).dump(force=True)


@pytest.mark.parametrize(
    ("dates", "code"), [({"end": -DAY, "start": -9 * DAY}, "expired"), ({"start": DAY}, "not_yet_valid")]
)
def test_a_certificate_out_of_its_time_signs_nothing(dates, code):
    assert refused(personal_file(**dates)) == code


def test_a_certificate_for_signing_in_only_does_not_sign_documents():
    assert refused(personal_file(signs=False)) == "not_for_signing"


def test_an_authority_does_not_sign_as_a_person():
    key, made = issuing()
    said = usage(key_cert_sign=True, content_commitment=True)
    basic = x509.BasicConstraints(ca=True, path_length=None)
    both = certificate(key, "AC Exemple", key, "AC Exemple", usage=said, basic=basic)
    how = serialization.BestAvailableEncryption(PASSWORD.encode())
    assert refused(pkcs12.serialize_key_and_certificates(b"x", key, both, None, how)) == "not_for_signing"
    assert made is not None


def test_a_file_without_a_key_cannot_sign():
    _, made = issuing()
    how = serialization.BestAvailableEncryption(PASSWORD.encode())
    assert refused(pkcs12.serialize_key_and_certificates(None, None, None, [made], how)) == "no_key"


@pytest.mark.parametrize(("weak", "code"), [("rsa_1024", "weak_key"), ("ed25519", "no_key")])
def test_a_key_of_a_kind_not_taken_here_is_refused(weak, code):
    key = rsa.generate_private_key(65537, 1024) if weak == "rsa_1024" else ed25519.Ed25519PrivateKey.generate()
    issuer, _ = issuing()
    made = certificate(key, "X", issuer, "AC", usage=usage(content_commitment=True))
    how = serialization.BestAvailableEncryption(PASSWORD.encode())
    assert refused(pkcs12.serialize_key_and_certificates(b"x", key, made, None, how)) == code


def test_neither_the_key_nor_the_password_is_ever_told(caplog):
    caplog.set_level(logging.DEBUG)
    keys = personal_keys.open(personal_file(), PASSWORD, at=AT)
    number = str(keys.key.private_numbers().private_value)
    told = f"{keys!r} {keys} {[keys]} {caplog.text}"
    assert PASSWORD not in told
    assert number not in told
    assert "David" not in told
