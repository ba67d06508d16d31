"""Each file of the corpus and what is said of it; no attack is ever called authentic, none breaks the verifier."""

import datetime
import inspect
import re
import subprocess

import pytest
from cryptography.hazmat.primitives import serialization

from documents import signing
from documents.verification import MESSAGES, verify
from tests.documents.attacks import making
from tests.documents.attacks.making import World, ranges
from tests.documents.parties import AT, DAY

YEAR = 365 * DAY
LATER = AT + datetime.timedelta(hours=3)

# What is done to the file → the family and the reasons that may be given for it.
EXPECTED: dict[str, tuple[str, str]] = {
    "untouched": ("authentic", "ours_and_whole"),
    "untouched_and_closed": ("authentic", "ours_and_whole"),
    "certified_untouched": ("incomplete", "waiting"),
    "back_to_the_second_signature": ("incomplete", "waiting"),
    "byte_of_the_words": ("changed", "altered"),
    "byte_of_the_header": ("changed", "altered"),
    "byte_of_a_signature": ("changed", "altered"),
    "byte_of_the_last_signature": ("changed", "altered"),
    "byte_of_the_closing_time_stamp": ("changed", "altered"),
    "byte_of_a_stamp_that_is_seen": ("changed", "altered"),
    "byte_of_a_byte_range": ("changed", "altered appended"),
    "byte_of_the_list_of_objects": ("changed", "altered appended"),
    "byte_of_the_attached_data": ("changed", "altered"),
    "junk_at_the_end": ("changed", "appended"),
    "blank_lines_at_the_end": ("changed", "appended"),
    "a_second_end": ("changed", "appended"),
    "an_archive_at_the_end": ("changed", "appended"),
    "the_file_twice": ("changed", "appended"),
    "objects_without_a_list": ("changed", "appended"),
    "back_to_an_older_list": ("changed", "appended"),
    "a_list_that_leads_to_itself": ("changed", "appended"),
    "end_cut_off": ("incomplete", "truncated"),
    "half_of_the_file": ("changed", "appended"),
    "last_byte_cut_off": ("incomplete", "truncated"),
    "something_before_the_file": ("unreadable", "not_pdf"),
    "other_words": ("changed", "appended"),
    "other_words_between_two_signatures": ("changed", "appended"),
    "no_pages": ("changed", "appended altered"),
    "a_note_over_the_page": ("changed", "appended"),
    "a_script": ("changed", "appended"),
    "other_attached_data": ("changed", "appended"),
    "another_attached_file": ("changed", "appended"),
    "another_title": ("changed", "appended"),
    "another_language": ("changed", "appended"),
    "layers_that_can_be_hidden": ("changed", "appended"),
    "no_places_any_more": ("changed", "appended altered"),
    "one_signature_taken_out": ("changed", "appended altered"),
    "one_signature_put_in_the_place_of_another": ("changed", "appended altered"),
    "all_signatures_taken_out": ("changed", "altered"),
    "the_file_written_anew": ("changed", "altered"),
    "the_file_under_a_password": ("changed", "altered appended"),
    "another_look_of_a_signature": ("changed", "appended"),
    "a_signature_moved_over_another": ("changed", "appended"),
    "words_in_a_place_where_nobody_signed": ("changed", "appended altered"),
    "a_stamp_in_a_place_where_nobody_signed": ("changed", "appended"),
    "two_places_of_one_name": ("changed", "appended"),
    "a_place_of_words_added": ("changed", "appended"),
    "a_byte_range_that_covers_nothing": ("changed", "appended altered"),
    "a_signature_without_content": ("changed", "appended altered"),
    "a_byte_range_with_a_larger_hole": ("changed", "altered appended"),
    "signed_bytes_wrapped": ("changed", "altered appended"),
    "words_hidden_behind_the_last_signature": ("changed", "altered"),
    "a_signature_moved_from_another_paper": ("changed", "altered"),
    "one_signature_copied_over_another": ("changed", "altered"),
    "no_proofs_any_more": ("changed", "appended"),
    "other_lists_of_revoked": ("not_ours", "not_valid"),
    "proofs_that_are_none": ("changed", "appended altered"),
    "closed_by_somebody_else": ("not_ours", "unknown_signer"),
    "a_stranger_signs_in_a_free_place": ("not_ours", "unknown_signer"),
    "a_stranger_adds_a_place_and_signs": ("not_ours", "unknown_signer"),
    "a_stranger_witnesses_in_our_name": ("not_ours", "unknown_signer"),
    "everything_by_a_stranger_with_our_name": ("not_ours", "unknown_signer"),
    "a_certificate_that_only_names_our_root": ("not_ours", "not_valid unknown_signer"),
    "a_stamp_of_another_authority": ("not_ours", "unknown_signer"),
    "sealed_with_a_stolen_seal": ("not_ours", "revoked"),
    "dated_in_the_future": ("not_ours", "not_valid"),
    "shadow_that_hides": ("changed", "appended"),
    "shadow_that_replaces": ("changed", "appended"),
    "shadow_that_hides_and_replaces": ("changed", "appended"),
    "evil_annotation_on_a_certified_paper": ("changed", "appended"),
    "sneaky_signature_on_a_certified_paper": ("changed", "appended"),
    "certification_forged_later": ("changed", "appended"),
}
AUTHENTIC = {"untouched", "untouched_and_closed", "certified_untouched", "back_to_the_second_signature"}


@pytest.fixture(scope="module")
def world(prepared, signed, archived, paper, authority, stranger, keys) -> World:
    other = signing.seal(paper.bytes, authority, at=AT, reason="", location="")
    return World(prepared, signed, archived, other, authority, stranger, keys)


def judged(pdf, authority, at=LATER, known=None):
    return verify(pdf, trust_roots=authority.trust_roots, known=known, at=at)


@pytest.mark.parametrize("attack", EXPECTED)
def test_each_file_of_the_corpus_has_its_verdict(world, attack):
    verdict = judged(getattr(making, attack)(world), world.authority)
    family, reasons = EXPECTED[attack]
    assert (verdict.family, verdict.reason in reasons.split()) == (family, True), verdict
    assert verdict.ok == (attack in AUTHENTIC)
    assert verdict.message % dict(verdict.params)
    assert verdict.reason in MESSAGES


def test_the_corpus_is_complete_and_has_more_than_thirty_attacks():
    made = {
        name
        for name, one in inspect.getmembers(making, inspect.isfunction)
        if list(inspect.signature(one).parameters)[:1] == ["w"]
    }
    assert made == EXPECTED.keys()
    assert len(made - AUTHENTIC) >= 60


@pytest.mark.parametrize("attack", ["back_to_the_second_signature", "dated_in_the_future", "untouched"])
def test_what_this_installation_does_not_hold_is_never_called_ours(world, attack):
    assert not judged(getattr(making, attack)(world), world.authority, known=lambda _: False).ok


@pytest.mark.parametrize(
    ("at", "reason"), [(AT + 11 * YEAR, "not_valid"), (AT - DAY, "not_valid")], ids=["expired", "before it was signed"]
)
def test_out_of_its_time_nothing_is_confirmed(world, at, reason):
    assert judged(world.signed, world.authority, at=at).reason == reason


def test_a_chain_nobody_here_knows_is_not_ours(world):
    assert judged(world.signed, world.stranger).reason == "unknown_signer"
    assert verify(world.signed, trust_roots=(), known=None, at=LATER).reason == "unknown_signer"


@pytest.mark.parametrize(
    "attack", ["other_words", "another_title", "junk_at_the_end", "a_script", "other_attached_data"]
)
def test_a_changed_file_says_until_when_it_was_authentic_and_what_differs(world, attack):
    verdict = judged(getattr(making, attack)(world), world.authority)
    assert (verdict.since.name, verdict.since.field) == ("David Nguyen", "etat")
    assert len(verdict.signatures) == 5
    assert {one.changed_after for one in verdict.signatures} == {"changed"}
    told = [(one.code, dict(one.params)) for one in verdict.changes]
    expected = {
        "other_words": [("page", {"page": 1})],
        "another_title": [("about", {})],
        "junk_at_the_end": [("more", {})],
        "a_script": [("behaviour", {})],
        "other_attached_data": [("attachment", {"name": "donnees.json"})],
    }
    assert told == expected[attack]
    assert verdict.message == MESSAGES["changed_since"]


def test_a_page_swapped_between_two_signatures_is_told_from_the_first_of_them(world):
    verdict = judged(making.other_words_between_two_signatures(world), world.authority)
    assert verdict.since.field == "bailleur"
    assert [(one.code, one.params["page"]) for one in verdict.changes if one.code == "page"] == [("page", 1)]


# -- second opinions, on what they can know -------------------------------------------------------------------------

CRYPTOGRAPHY_HOLDS = (
    "untouched", "other_words", "another_title", "another_look_of_a_signature", "two_places_of_one_name",
    "junk_at_the_end",
)  # fmt: skip
CRYPTOGRAPHY_BROKEN = ("byte_of_the_words", "byte_of_a_stamp_that_is_seen", "one_signature_copied_over_another")


def openssl_accepts(pdf, of, authority, folder) -> bool:
    start, first, second, last = of
    content = pdf[start : start + first] + pdf[second : second + last]
    (folder / "signature.der").write_bytes(bytes.fromhex(pdf[first + 1 : second - 1].decode()))
    (folder / "content").write_bytes(content)
    (folder / "root.pem").write_bytes(authority.root.certificate.public_bytes(serialization.Encoding.PEM))
    said = "openssl cms -verify -binary -inform DER -in signature.der -content content -CAfile root.pem -purpose any"
    command = [*said.split(), "-attime", str(int(LATER.timestamp())), "-out", "/dev/null"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("attack", CRYPTOGRAPHY_HOLDS)
def test_openssl_confirms_the_signed_bytes_where_only_what_follows_them_is_wrong(world, attack, tmp_path):
    """It cannot see what was appended: that is why the verdict looks at every byte."""
    pdf = getattr(making, attack)(world)
    assert all(openssl_accepts(pdf, one, world.authority, tmp_path) for one in ranges(world.signed)[:4])


@pytest.mark.parametrize("attack", CRYPTOGRAPHY_BROKEN)
def test_openssl_refuses_changed_bytes_as_we_do(world, attack, tmp_path):
    pdf = getattr(making, attack)(world)
    assert not all(openssl_accepts(pdf, one, world.authority, tmp_path) for one in ranges(world.signed)[:4])


def pdfsig(pdf, folder) -> list[str]:
    (folder / "file.pdf").write_bytes(pdf)
    run = subprocess.run(["pdfsig", "-nocert", folder / "file.pdf"], capture_output=True, check=False, text=True)
    return re.findall(r"Signature Validation: (.*)", run.stdout)


def test_pdfsig_agrees_on_the_cryptography(world, tmp_path):
    assert pdfsig(world.signed, tmp_path) == ["Signature is Valid."] * 5
    assert "Digest Mismatch." in pdfsig(making.byte_of_the_words(world), tmp_path)
    assert "Signature is Valid." in pdfsig(making.other_words(world), tmp_path), "it too sees the signed bytes only"
