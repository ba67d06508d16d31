"""What comes in as a signed act is looked over, and what comes back from elsewhere is the document that was sent."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from documents import fields, signing
from documents.arrivals import looked_over, returned
from documents.changes import differences
from documents.receiving import received
from tests.documents.parties import (
    AT,
    CERTIFIED,
    DAY,
    MINUTE,
    personal_keys_of,
    sealed_first,
    signed_on_screen,
)

ELSEWHERE = AT + 3 * DAY


@pytest.fixture(scope="module")
def sent(prepared, authority):
    return sealed_first(prepared, authority)


@pytest.fixture(scope="module")
def desk(sent, stranger, keys):
    """An outer signing desk: its own authority, somebody's own certificate, the place that was prepared."""
    return signing.sign_with(
        sent, keys, stranger, CERTIFIED, at=ELSEWHERE, reason="Lu et approuvé", location="Lyon", stamp=None
    )


def changed(pdf, change) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        change(opened)
        made = io.BytesIO()
        opened.save(made)
    return made.getvalue()


def scan(change=None) -> bytes:
    with pikepdf.new() as made:
        made.add_blank_page()
        if change:
            change(made)
        out = io.BytesIO()
        made.save(out)
    return out.getvalue()


def script(kind):
    def put(pdf):
        action = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        if kind == "opening":
            pdf.Root.OpenAction = action
        elif kind == "page":
            pdf.pages[0].obj.AA = Dictionary(O=action)
        else:
            pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), pdf.make_indirect(action)])))

    return put


def launch(pdf):
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.Launch, F=String("x")))
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])


def program_form(pdf):
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=String("<xdp/>"))


def attach(pdf):
    pdf.attachments["tableau.ods"] = b"x"


def codes(found) -> set[str]:
    return {one.code for one in found.findings}


def test_a_plain_scan_has_nothing_against_it():
    found = looked_over(scan())
    assert (found.pages, found.encrypted, found.findings, found.refused) == (1, False, (), False)


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (scan(script("opening")), "scripts"),
        (scan(script("page")), "scripts"),
        (scan(script("names")), "scripts"),
        (scan(launch), "launch"),
        (scan(program_form), "xfa"),
        (scan(lambda pdf: [pdf.add_blank_page() for _ in range(600)]), "too_many_pages"),
        (b"", "empty"),
        (b"junk", "not_pdf"),
        (b"%PDF-1.7\njunk\n%%EOF\n", "unreadable"),
        (scan()[:-40], "truncated"),
        (b"%PDF-1.7\n" + b"[" * 100_000 + b"\nstartxref\n9\n%%EOF\n", "unreadable"),
    ],
    ids=[
        "script at the opening",
        "script of a page",
        "named script",
        "launches a program",
        "form of a program",
        "many pages",
        "nothing",
        "no PDF",
        "junk",
        "cut off",
        "a hundred thousand brackets",
    ],
)
def test_what_cannot_be_kept_as_an_act_is_refused_in_one_sentence(file, code):
    found = looked_over(file)
    assert found.refused
    assert code in codes(found)
    assert all(one.msgid % dict(one.params) for one in found.findings)


def test_a_protected_file_is_refused():
    with pikepdf.open(io.BytesIO(scan())) as opened:
        for owner, user in (("x", "y"), ("x", "")):
            made = io.BytesIO()
            opened.save(made, encryption=pikepdf.Encryption(owner=owner, user=user))
            assert codes(looked_over(made.getvalue())) >= {"encrypted"}
            assert looked_over(made.getvalue()).refused


def test_files_inside_and_signatures_of_old_are_said_but_not_refused(signed):
    assert (codes(looked_over(scan(attach))), looked_over(scan(attach)).refused) == ({"embedded"}, False)
    found = looked_over(signed)
    assert (codes(found), found.refused) == ({"embedded", "foreign_signature"}, False)
    assert set(found.signatures) == {"Ville de Grenoble", "David Nguyen"}


def test_what_a_desk_gives_back_is_the_document_with_its_signature(sent, desk, authority):
    found = returned(sent, desk, trust_roots=authority.trust_roots, at=ELSEWHERE + DAY)
    assert found.refused is None, found
    (added,) = found.added
    assert (added.field, added.name, added.issuer) == (CERTIFIED, "David Nguyen", "AC Exemple")
    assert (added.valid, added.trusted, added.prepared, added.time) == (True, False, True, ELSEWHERE)


def test_a_desk_may_sign_in_a_place_of_its_own_and_several_times(prepared, authority, stranger):
    """Many desks know nothing of the places of others: they add theirs."""
    first = signing.seal(prepared, stranger, at=ELSEWHERE, reason="", location="", field_name="Parapheur")
    both = signing.sign_with(
        first, personal_keys_of("Chloé Vidal"), stranger, "ville", at=ELSEWHERE + MINUTE,
        reason="", location="", stamp=None,
    )  # fmt: skip
    found = returned(prepared, both, trust_roots=authority.trust_roots, at=ELSEWHERE + DAY)
    assert found.refused is None, found
    assert [(one.field, one.prepared) for one in found.added] == [("Parapheur", False), ("ville", True)]


def test_a_link_to_the_page_that_is_signed_is_no_change(prepared, authority, stranger, keys):
    """As in every table of contents; a link that leads elsewhere than before is one."""
    sent = sealed_first(changed(prepared, lambda pdf: linked(pdf, 1)), authority)
    said = {"at": ELSEWHERE, "reason": "", "location": "", "stamp": None}
    came = signing.sign_with(sent, keys, stranger, CERTIFIED, **said)
    assert returned(sent, came, trust_roots=authority.trust_roots, at=ELSEWHERE + DAY).refused is None
    assert differences(sent, came) == ()
    other = changed(prepared, lambda pdf: linked(pdf, 0))
    assert [one.code for one in differences(changed(prepared, lambda pdf: linked(pdf, 1)), other)] == ["note"]


def linked(pdf, page):
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], Dest=[pdf.pages[page].obj, Name.Fit])
    laid = pdf.pages[0].obj.get(Name.Annots, Array([]))
    pdf.pages[0].obj.Annots = Array([*laid, pdf.make_indirect(link)])


def test_what_came_back_is_sealed_on_arrival_and_others_sign_after_it(sent, desk, authority):
    from documents.verification import verify

    at = ELSEWHERE + DAY
    once = received(desk, authority, at=at, reason="", location="Lyon")
    twice = received(once, authority, at=at + MINUTE, reason="", location="Lyon")
    more = signed_on_screen(twice, authority, (("ville", "Chloé Vidal"),), since=at + 2 * MINUTE)
    for pdf, seals in ((once, 1), (twice, 2), (more, 2)):
        verdict = verify(pdf, trust_roots=authority.trust_roots, known=None, at=at + DAY)
        assert (verdict.ok, verdict.reason) == (True, "waiting"), verdict
        assert sum(fields.is_ours(one.field) for one in verdict.signatures) == seals + 1


def test_proofs_for_the_long_term_are_welcome(sent, desk, stranger, authority):
    longer = signing.archive(desk, stranger, at=ELSEWHERE + MINUTE)
    found = returned(sent, longer, trust_roots=authority.trust_roots, at=ELSEWHERE + DAY)
    assert found.refused is None
    assert len(found.added) == 1


def noted(pdf):
    note = Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=[0, 0, 99, 99], Contents=String("non"))
    pdf.pages[0].obj.Annots.append(pdf.make_indirect(note))


def appended(pdf: bytes, change) -> bytes:
    """One more revision, as an editor of PDF saves it."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def other_words(writer):
    from pyhanko.pdf_utils import generic

    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)


def test_another_document_is_not_taken_for_the_one_that_was_sent(sent, signed, authority, stranger, prepared, desk):
    def code(came, was=sent):
        found = returned(was, came, trust_roots=authority.trust_roots, at=ELSEWHERE + DAY)
        assert found.added == ()
        return found.refused.code

    assert code(sent) == "same_file"
    assert code(signed) == "other_document"
    assert code(changed(desk, lambda pdf: None)) == "other_document"
    assert code(changed(sent, noted)) == "other_document"
    assert code(appended(sent, other_words)) in {"changed", "unsigned"}
    assert code(appended(desk, other_words)) == "changed"
    assert code(desk + b"junk") == "changed"
    assert code(desk[:-20]) == "truncated"
    assert code(b"") == "empty"
    assert code(b"photo.jpg") == "not_pdf"
    flipped = bytearray(desk)
    flipped[len(sent) + 500] ^= 1
    assert code(bytes(flipped)) in {"changed", "broken_signature", "unreadable"}


def test_words_changed_before_somebody_signed_elsewhere_are_found(prepared, stranger, authority):
    """Nothing was signed when it left: only a comparison of the pages shows that they were changed on the way."""
    for change in (other_words,):
        swapped = appended(prepared, change)
        came = signed_on_screen(swapped, stranger, (("ville", "Chloé Vidal"),))
        found = returned(prepared, came, trust_roots=authority.trust_roots, at=ELSEWHERE)
        assert (found.refused.code, found.added) == ("changed", ())


def test_a_script_added_on_the_way_is_refused(prepared, stranger, authority):
    def scripted(writer):
        from pyhanko.pdf_utils import generic

        action = {generic.NameObject("/S"): generic.NameObject("/JavaScript")}
        action[generic.NameObject("/JS")] = generic.TextStringObject("app.alert(1)")
        writer.root[generic.NameObject("/OpenAction")] = generic.DictionaryObject(action)
        writer.update_root()

    came = signed_on_screen(appended(prepared, scripted), stranger, (("ville", "Chloé Vidal"),))
    assert returned(prepared, came, trust_roots=authority.trust_roots, at=ELSEWHERE).refused.code == "scripts"


def test_what_came_back_can_be_sealed_last_and_is_then_authentic(sent, desk, authority):
    from documents.verification import verify

    at = ELSEWHERE + DAY
    assert not verify(desk, trust_roots=authority.trust_roots, known=None, at=at).ok, "nobody here has seen it yet"
    closed = signing.seal(desk, authority, at=at, reason="", location="", field_name=fields.LAST_SEAL)
    kept = signing.archive(desk, authority, at=at)
    for pdf, last in ((closed, "seal"), (kept, "timestamp")):
        verdict = verify(pdf, trust_roots=authority.trust_roots, known=None, at=at + MINUTE)
        assert (verdict.ok, [one.kind for one in verdict.signatures]) == (True, ["seal", "personal", last]), verdict
