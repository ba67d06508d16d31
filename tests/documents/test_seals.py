"""With whose key a paper is sealed: an organisation's certificate from a file counts, and ends like any other."""

import pytest

from documents import seals, signing
from documents.authority import Authority, NoKey
from documents.fields import SEAL
from documents.renewing import renewed
from documents.seals import Seal
from documents.verification import verify
from tests.documents.parties import AT, DAY, MINUTE, PASSWORD, personal_file, signed_on_screen


@pytest.fixture(scope="module")
def organisation(authority, tmp_path_factory):
    """The seal of a town, with a certificate of its own."""
    path = tmp_path_factory.mktemp("seal") / "ville.p12"
    path.write_bytes(personal_file("Ville de Lyon"))
    return Seal(authority, seals.read(path, PASSWORD, AT))


def test_a_paper_sealed_by_an_organisation_is_ours_and_says_by_whom(paper, authority, organisation):
    pdf = organisation.sealed(paper.bytes, at=AT, reason="Fiche validée", location="Lyon")
    verdict = verify(pdf, trust_roots=authority.trust_roots, known=None, at=AT + MINUTE)
    assert verdict.ok, verdict
    assert [(one.field, one.name, one.level) for one in verdict.signatures] == [(SEAL, "Ville de Lyon", "B-T")]
    assert not verify(pdf[:-40], trust_roots=authority.trust_roots, known=None, at=AT + MINUTE).ok


def test_a_convention_sealed_by_an_organisation_is_signed_and_closed(prepared, authority, organisation):
    pdf = organisation.sealed(prepared, at=AT, reason="", location="Lyon")
    pdf = signed_on_screen(pdf, authority, [("bailleur", "Anne Mercier")])
    pdf = signing.archive(pdf, authority, at=AT + 30 * MINUTE)
    assert verify(pdf, trust_roots=authority.trust_roots, known=None, at=AT + DAY).ok


def test_what_ends_first_ends_the_seal(authority, organisation):
    own, theirs = Seal(authority), organisation
    assert own.ends == authority.expires_at
    assert theirs.ends == AT + 400 * DAY
    assert {name for name, _ends in seals.certificates(theirs)} == {"seal", "time", "root", "organisation"}
    with pytest.raises(NoKey) as refused:
        theirs.check(AT + 401 * DAY)
    assert refused.value.code == "expired"
    own.check(AT + 401 * DAY)


@pytest.mark.parametrize("spoil", ["password", "bytes", "missing"])
def test_a_file_that_cannot_be_read_seals_nothing(tmp_path, spoil):
    path = tmp_path / "ville.p12"
    if spoil != "missing":
        path.write_bytes(b"junk" if spoil == "bytes" else personal_file("Ville de Lyon"))
    with pytest.raises(NoKey) as refused:
        seals.read(path, "wrong" if spoil == "password" else PASSWORD, AT)
    assert refused.value.code == "unreadable"


def test_a_seal_says_nothing_of_its_key(organisation):
    assert repr(organisation) == "Seal()"


def test_new_keys_seal_and_what_the_former_ones_sealed_stays_ours(paper, tmp_path):
    first, later = AT - 1085 * DAY, AT
    own = Authority.create(tmp_path / "own", name="Ville de Grenoble", now=first)
    before = signing.seal(paper.bytes, own, at=first, reason="", location="")
    assert own.days_left(later) == 10
    made = renewed(tmp_path / "own", name="Ville de Grenoble", now=later)
    assert made.expires_at > later + 1000 * DAY
    assert all(
        part.certificate.not_valid_after_utc <= made.root.certificate.not_valid_after_utc
        for part in (made.seal, made.tsa)
    )
    after = signing.seal(paper.bytes, made, at=later + MINUTE, reason="", location="")
    for pdf in (before, after):
        assert verify(pdf, trust_roots=made.trust_roots, known=None, at=later + DAY).ok
    kept = sorted(one.name for one in (tmp_path / "own").iterdir())
    assert len(kept) == 5, kept
    assert all(one.stat().st_mode & 0o777 == 0o600 for one in (tmp_path / "own").iterdir())


def test_a_root_that_ends_sooner_vouches_for_no_new_keys(tmp_path):
    own = Authority.create(tmp_path / "own", name="Ville de Grenoble", now=AT)
    with pytest.raises(NoKey) as refused:
        renewed(tmp_path / "own", name="Ville de Grenoble", now=AT + 3000 * DAY)
    assert refused.value.code == "root_ends"
    assert Authority.load(tmp_path / "own").expires_at == own.expires_at
