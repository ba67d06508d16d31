"""A seal that three independent tools confirm; and no key, no document."""

import datetime
import re
import stat
import subprocess

import pikepdf
import pytest
from cryptography.hazmat.primitives import serialization

from documents import fields, signing
from documents.signing import Authority, NoKey
from documents.verification import verify

AT = datetime.datetime(2026, 11, 2, 9, 0, tzinfo=datetime.UTC)
YEAR = datetime.timedelta(days=365)


def sealed_at(pdf, authority, at=AT, **more):
    return signing.seal(pdf, authority, at=at, reason="Fiche validée", location="Grenoble", **more)


def test_pdfsig_finds_a_valid_signature_over_the_whole_document(sealed, tmp_path):
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealed)
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, check=False, text=True).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "Not total document signed" not in said
    assert "ETSI.CAdES.detached" in said


def test_qpdf_finds_nothing_to_say(sealed, tmp_path):
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealed)
    checked = subprocess.run(["qpdf", "--check", file], capture_output=True, check=False, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def openssl_accepts(pdf, authority, folder) -> bool:
    """Openssl shares no code with pyHanko: it judges the signed bytes and the signature container by itself."""
    start, first, second, last = map(int, re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)", pdf).groups())
    container = bytes.fromhex(pdf[first + 1 : second - 1].decode())
    (folder / "signature.der").write_bytes(container)
    (folder / "content").write_bytes(pdf[start : start + first] + pdf[second : second + last])
    root = authority.root.certificate.public_bytes(serialization.Encoding.PEM)
    (folder / "root.pem").write_bytes(root)
    command = "openssl cms -verify -binary -inform DER -in signature.der -content content -CAfile root.pem -purpose any"
    when = ["-attime", str(int(AT.timestamp())), "-out", "/dev/null"]
    return subprocess.run([*command.split(), *when], cwd=folder, capture_output=True, check=False).returncode == 0


def test_openssl_accepts_the_seal_and_refuses_one_flipped_byte(sealed, authority, stranger, tmp_path):
    assert openssl_accepts(sealed, authority, tmp_path)
    assert not openssl_accepts(sealed, stranger, tmp_path)
    flipped = bytearray(sealed)
    flipped[2000] ^= 1
    assert not openssl_accepts(bytes(flipped), authority, tmp_path)


def test_the_seal_is_time_stamped_and_carries_what_long_term_validation_needs(sealed, authority):
    verdict = verify(sealed, trust_roots=authority.trust_roots, known=None, at=AT)
    (fact,) = verdict.signatures
    assert (fact.name, fact.time, fact.level, fact.covers_whole) == ("Ville de Grenoble", AT, "B-LT", True)


def test_sealing_keeps_archive_claims_structure_and_attachments(sealed, tmp_path):
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealed)
    with pikepdf.open(file) as opened:
        assert opened.open_metadata()["pdfuaid:part"] == "1"
        assert "/StructTreeRoot" in opened.Root
        assert list(opened.attachments) == ["donnees.json"]


def test_prepared_fields_can_be_signed_one_after_the_other_and_all_stay_valid(paper, authority):
    pdf = sealed_at(fields.prepare(paper.bytes, paper.fields), authority)
    for minutes, name in enumerate(("cesf", "menage"), start=1):
        pdf = sealed_at(pdf, authority, AT + datetime.timedelta(minutes=minutes), field_name=name)
    verdict = verify(pdf, trust_roots=authority.trust_roots, known=None, at=AT + datetime.timedelta(hours=1))
    assert verdict.ok, verdict
    assert [fact.covers_whole for fact in verdict.signatures] == [False, False, True]


def test_once_the_time_stamp_itself_has_expired_nothing_is_confirmed_any_more(sealed, authority):
    verdict = verify(sealed, trust_roots=authority.trust_roots, known=None, at=AT + 11 * YEAR)
    assert (verdict.ok, verdict.reason) == (False, "not_valid")


def test_the_authority_says_what_it_is_in_its_own_certificates(authority):
    assert authority.seal_name == "Ville de Grenoble"
    assert "not a qualified provider" in authority.seal.certificate.subject.rfc4514_string()
    assert AT < authority.expires_at < AT + 4 * YEAR


def test_keys_are_readable_by_their_owner_only_and_are_never_overwritten(tmp_path):
    Authority.create(tmp_path / "keys", name="Ville", now=AT)
    before = {file.name: file.read_bytes() for file in (tmp_path / "keys").iterdir()}
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "keys").iterdir()} == {0o600}
    with pytest.raises(NoKey) as refused:
        Authority.create(tmp_path / "keys", name="Ville", now=AT)
    assert refused.value.code == "exists"
    assert before == {file.name: file.read_bytes() for file in (tmp_path / "keys").iterdir()}


def test_a_loaded_authority_seals_like_the_one_that_was_made(paper, tmp_path):
    made = Authority.create(tmp_path / "keys", name="Ville", now=AT)
    pdf = sealed_at(paper.bytes, Authority.load(tmp_path / "keys"))
    assert verify(pdf, trust_roots=made.trust_roots, known=None, at=AT).ok


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda file: file.unlink(), "missing"),
        (lambda file: file.write_bytes(b"nothing"), "unreadable"),
        (lambda file: file.write_bytes(file.read_bytes()[:-300]), "unreadable"),
        (lambda file: (file.unlink(), file.mkdir()), "unreadable"),
    ],
)
def test_without_a_usable_key_there_is_no_authority(tmp_path, harm, code):
    Authority.create(tmp_path / "keys", name="Ville", now=AT)
    harm(tmp_path / "keys" / "seal.pem")
    with pytest.raises(NoKey) as refused:
        Authority.load(tmp_path / "keys")
    assert refused.value.code == code


def test_a_key_that_does_not_belong_to_its_certificate_is_refused(tmp_path):
    Authority.create(tmp_path / "keys", name="Ville", now=AT)
    root, seal = ((tmp_path / "keys" / name).read_text() for name in ("root.pem", "seal.pem"))
    begin = "-----BEGIN CERTIFICATE"
    (tmp_path / "keys" / "seal.pem").write_text(root.split(begin)[0] + begin + seal.split(begin)[1])
    with pytest.raises(NoKey) as refused:
        Authority.load(tmp_path / "keys")
    assert refused.value.code == "mismatch"


def test_a_seal_the_root_did_not_issue_is_no_seal(tmp_path):
    for name in ("ours", "theirs"):
        Authority.create(tmp_path / name, name="Ville", now=AT)
    for part in ("seal", "tsa"):
        (tmp_path / "ours" / f"{part}.pem").write_bytes((tmp_path / "theirs" / f"{part}.pem").read_bytes())
        with pytest.raises(NoKey) as refused:
            Authority.load(tmp_path / "ours")
        assert (refused.value.code, refused.value.params["file"]) == ("mismatch", "seal.pem")


def test_the_days_during_which_papers_can_still_be_sealed_are_known(authority):
    assert authority.days_left(AT) == 1095
    assert authority.days_left(authority.expires_at) == 0
    assert authority.days_left(authority.expires_at + datetime.timedelta(seconds=1)) == -1
    authority.check(authority.expires_at)


@pytest.mark.parametrize(("away", "code"), [(4 * YEAR, "expired"), (-YEAR, "not_yet_valid")])
def test_an_expired_or_future_certificate_seals_nothing(paper, authority, away, code):
    with pytest.raises(NoKey) as refused:
        sealed_at(paper.bytes, authority, AT + away)
    assert refused.value.code == code
