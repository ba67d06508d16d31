"""Whatever was done to a sealed paper after sealing, the verdict is no, with its reason and never an exception."""

import datetime
import io

import pikepdf
import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from documents import signing
from documents.verification import MESSAGES, verify

AT = datetime.datetime(2026, 11, 2, 9, 0, tzinfo=datetime.UTC)
Name = generic.NameObject


def judged(pdf, authority, known=None):
    return verify(pdf, trust_roots=authority.trust_roots, known=known, at=AT + datetime.timedelta(minutes=5))


def updated(pdf, change):
    """The file with one more revision, as an attacker appends it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def other_amount(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT /F0 12 Tf (999) Tj ET"))
    writer.update_container(page)


def note_on_the_page(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    rectangle = generic.ArrayObject([generic.NumberObject(n) for n in (100, 100, 400, 400)])
    note = {Name("/Type"): Name("/Annot"), Name("/Subtype"): Name("/FreeText"), Name("/Rect"): rectangle}
    page["/Annots"] = generic.ArrayObject([writer.add_object(generic.DictionaryObject(note))])
    writer.update_container(page)


def script_on_opening(writer):
    action = {Name("/S"): Name("/JavaScript"), Name("/JS"): generic.TextStringObject("app.alert(1)")}
    writer.root[Name("/OpenAction")] = generic.DictionaryObject(action)
    writer.update_root()


def other_attachment(writer):
    spec = writer.root["/AF"][0]
    spec["/EF"][Name("/F")] = writer.add_object(generic.StreamObject(stream_data=b'{"rent": 1}'))
    writer.update_container(spec["/EF"])


def fewer_pages(writer):
    pages = writer.root["/Pages"]
    pages[Name("/Count")] = generic.NumberObject(0)
    pages[Name("/Kids")] = generic.ArrayObject([])
    writer.update_container(pages)


def other_title(writer):
    writer.root[Name("/Lang")] = generic.TextStringObject("en")
    writer.update_root()


def no_form(writer):
    del writer.root["/AcroForm"]
    writer.update_root()


def rewritten(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        made = io.BytesIO()
        opened.save(made)
    return made.getvalue()


def signature_taken_out(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        del opened.Root.AcroForm
        for page in opened.pages:
            if "/Annots" in page.obj:
                del page.obj.Annots
        made = io.BytesIO()
        opened.remove_unreferenced_resources()
        opened.save(made)
    return made.getvalue()


def flipped(pdf, at):
    changed = bytearray(pdf)
    changed[at] ^= 1
    return bytes(changed)


def test_the_untouched_file_is_ours_and_whole(sealed, authority):
    verdict = judged(sealed, authority)
    assert (verdict.ok, verdict.reason, verdict.message) == (True, "ours_and_whole", MESSAGES["ours_and_whole"])
    assert set(verdict.attachments) == {"donnees.json"}


def test_a_valid_file_this_installation_does_not_hold_is_not_ours(sealed, authority):
    held = judged(sealed, authority).sha256
    assert judged(sealed, authority, known=lambda sha256: sha256 == held).ok
    assert judged(sealed, authority, known=lambda sha256: False).reason == "not_ours"


@pytest.mark.parametrize(
    "change",
    [other_amount, note_on_the_page, script_on_opening, other_attachment, fewer_pages, other_title, no_form],
)
def test_an_update_appended_after_the_seal_is_refused(sealed, authority, change):
    verdict = judged(updated(sealed, change), authority)
    assert (verdict.ok, verdict.reason in {"appended", "altered"}) == (False, True), verdict


@pytest.mark.parametrize(
    ("attack", "reason"),
    [
        (lambda pdf: pdf + b"x", "appended"),
        (lambda pdf: pdf + b"\n\n\n", "appended"),
        (lambda pdf: pdf + b"\n%%EOF\n", "appended"),
        (lambda pdf: pdf + b"PK\x03\x04 archive", "appended"),
        (lambda pdf: pdf + pdf, "appended"),
        (lambda pdf: pdf[:-200], "truncated"),
        (lambda pdf: pdf[: len(pdf) // 2], "truncated"),
        (lambda pdf: pdf[:-1], "truncated"),
        (lambda pdf: b"\n" + pdf, "not_pdf"),
        (lambda pdf: flipped(pdf, 12), "altered"),
        (lambda pdf: flipped(pdf, 3000), "altered"),
        (lambda pdf: pdf.replace(b"Fiche", b"Ficha", 1), "altered"),
        (rewritten, "altered"),
        (signature_taken_out, "no_signature"),
        (lambda pdf: b"", "empty"),
        (lambda pdf: b"junk", "not_pdf"),
        (lambda pdf: b"PK\x03\x04", "not_pdf"),
        (lambda pdf: b"%PDF-1.7\njunk\n%%EOF\n", "unreadable"),
        (lambda pdf: b"%PDF-1.7\n" + b"[" * 100_000 + b"\nstartxref\n9\n%%EOF\n", "unreadable"),
    ],
)
def test_each_attack_has_its_own_plain_reason(sealed, authority, attack, reason):
    verdict = judged(attack(sealed), authority)
    assert (verdict.ok, verdict.reason) == (False, reason), verdict


def test_an_unsealed_paper_carries_no_seal(paper, authority):
    assert judged(paper.bytes, authority).reason == "no_signature"


def test_a_stranger_with_our_name_stays_a_stranger(paper, authority, stranger):
    theirs = signing.seal(paper.bytes, stranger, at=AT, reason="", location="")
    verdict = judged(theirs, authority)
    assert (verdict.ok, verdict.reason, verdict.params["name"]) == (False, "unknown_signer", "Ville de Grenoble")


def test_a_stranger_cannot_add_a_signature_to_our_paper(sealed, authority, stranger):
    both = signing.seal(sealed, stranger, at=AT, reason="", location="", field_name="Autre")
    assert not judged(both, authority).ok


def test_a_seal_dated_in_the_future_is_not_confirmed(paper, authority):
    ahead = signing.seal(paper.bytes, authority, at=AT + datetime.timedelta(days=30), reason="", location="")
    assert judged(ahead, authority).reason == "not_valid"


@pytest.mark.parametrize("years", [1, 5, 9])
def test_a_seal_is_confirmed_years_later_also_by_a_machine_of_that_time(sealed, authority, years):
    later = AT + datetime.timedelta(days=365 * years)
    with time_machine.travel(later):
        assert verify(sealed, trust_roots=authority.trust_roots, known=None, at=later).ok


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_changed_byte_goes_unnoticed_and_none_breaks_the_verifier(sealed, authority, data):
    at = data.draw(st.integers(0, len(sealed) - 1))
    byte = data.draw(st.integers(1, 255))
    changed = bytearray(sealed)
    changed[at] ^= byte
    assert not judged(bytes(changed), authority, known=lambda _: False).ok


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_cut_paste_or_junk_breaks_the_verifier(sealed, authority, data):
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(sealed))] * 2)))
    junk = data.draw(st.binary(max_size=40))
    changed = b"%PDF-1.7" + sealed[8:start] + junk + sealed[end:]
    verdict = judged(changed, authority)
    assert verdict.reason in MESSAGES
    assert verdict.ok == (changed == sealed)


def archived(pdf, authority):
    """The paper with a later document time stamp, as long-term archiving adds it."""
    at = AT + datetime.timedelta(minutes=2)
    return signing.archive(pdf, authority, at=at)


def test_a_later_document_time_stamp_is_welcome_and_raises_the_level(sealed, authority):
    verdict = judged(archived(sealed, authority), authority)
    assert verdict.ok, verdict
    assert [(fact.kind, fact.level) for fact in verdict.signatures] == [("seal", "B-LTA"), ("timestamp", "")]


@pytest.mark.parametrize(
    "hidden", [b"hidden text", b"\n%%EOF\n", b"9 0 obj\n<</Hidden true>>\nendobj\nstartxref\n0\n%%EOF\n"]
)
def test_nothing_can_be_hidden_between_the_seal_and_a_later_time_stamp(sealed, authority, hidden):
    longer = archived(sealed, authority)
    assert longer.startswith(sealed)
    assert not judged(sealed + hidden + longer[len(sealed) :], authority).ok
