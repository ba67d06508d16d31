"""The working copy in Word carries its seal beside it; openssl reads it too."""

import subprocess

import pytest
from cryptography.hazmat.primitives import serialization

from documents import detached, docx
from tests.documents.parties import AT, DAY, MINUTE


@pytest.fixture(scope="module")
def copy(fiche, house):
    return docx.write(fiche.document, house, content_hash="0" * 64)


@pytest.fixture(scope="module")
def seal(copy, authority):
    return detached.sealed(copy, authority, AT)


def test_the_copy_is_the_one_that_was_sealed(copy, seal, authority):
    found = detached.checked(copy, seal, authority.trust_roots, AT + DAY)
    assert (found.ok, found.reason, found.name, found.time) == (True, "authentic", "Ville de Grenoble", AT)


def test_a_copy_in_which_one_word_changed_is_another_file(copy, seal, authority):
    found = detached.checked(copy + b" ", seal, authority.trust_roots, AT + DAY)
    assert (found.ok, found.reason) == (False, "changed")


def test_the_seal_of_somebody_who_took_our_name_is_not_ours(copy, seal, authority, stranger):
    assert detached.checked(copy, seal, stranger.trust_roots, AT + DAY).reason == "not_ours"
    theirs = detached.sealed(copy, stranger, AT)
    assert detached.checked(copy, theirs, authority.trust_roots, AT + DAY).reason == "not_ours"


def test_a_seal_dated_in_the_future_is_not_believed(copy, seal, authority):
    assert detached.checked(copy, seal, authority.trust_roots, AT - MINUTE).reason == "not_ours"


@pytest.mark.parametrize("broken", [b"", b"0", b"\x30\x80\x00\x00", b"x" * 200_000, b"%PDF-1.7"])
def test_what_is_no_seal_is_said_to_be_none(copy, authority, broken):
    assert detached.checked(copy, broken, authority.trust_roots, AT).reason == "unreadable"


def test_a_cut_or_flipped_seal_is_never_good(copy, seal, authority):
    for at in range(0, len(seal), 97):
        for harmed in (seal[:at], seal[:at] + bytes([seal[at] ^ 4]) + seal[at + 1 :]):
            found = detached.checked(copy, harmed, authority.trust_roots, AT + DAY)
            assert not found.ok or found.time == AT, at


def test_openssl_reads_the_same(copy, seal, authority, tmp_path):
    (tmp_path / "copy.docx").write_bytes(copy)
    (tmp_path / "copy.docx.p7s").write_bytes(seal)
    (tmp_path / "root.pem").write_bytes(authority.root.certificate.public_bytes(serialization.Encoding.PEM))
    said = "openssl cms -verify -binary -inform DER -in copy.docx.p7s -content copy.docx -CAfile root.pem -purpose any"
    command = [*said.split(), "-attime", str(int(AT.timestamp())), "-out", "/dev/null"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "copy.docx").write_bytes(copy + b" ")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0
