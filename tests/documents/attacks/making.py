"""Files made to deceive, out of a convention that was sealed and signed by four. Each attack is a function of the
world it is made in; what they are called is what they do.

Families after Mladenov et al., "1 Trillion Dollar Refund" (2019: forged signatures, saving over, wrapping), Mainka et
al., "Shadow Attacks" (2021: hide, replace, hide and replace) and Rohlmann et al., "Breaking the Specification: PDF
Certification" (2021: evil annotation, sneaky signature).
"""

import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pikepdf import Array, Dictionary, Name, String
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

from documents import signing
from documents.authority import Authority
from documents.personal_keys import PersonalKeys
from tests.documents.parties import AT, CERTIFIED, DAY, MINUTE, named, sealed_first, signed_on_screen, usage

N = generic.NameObject
LATE = AT + 45 * MINUTE
RANGE = re.compile(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)")


@dataclass(frozen=True)
class World:
    """The convention with its places (`prepared`), sealed and signed by four (`signed`), closed (`archived`); another
    sealed paper; our authority and somebody else's of the same name; a person's keys.
    """

    prepared: bytes
    signed: bytes
    archived: bytes
    other: bytes
    authority: Authority
    stranger: Authority
    keys: PersonalKeys

    def waiting(self) -> bytes:
        """Sealed and signed by one: three places are free."""
        return signed_on_screen(
            sealed_first(self.prepared, self.authority), self.authority, [("bailleur", "A. Mercier")]
        )

    def certified(self) -> bytes:
        """The same under a seal that itself forbids all but signing."""
        first = sealed_first(self.prepared, self.authority, certify=True)
        return signed_on_screen(first, self.authority, [("bailleur", "A. Mercier")])


# -- tools of the trade -------------------------------------------------------------------------------------------


def flipped(pdf: bytes, at: int) -> bytes:
    changed = bytearray(pdf)
    changed[at] ^= 1
    return bytes(changed)


def updated(pdf: bytes, change: Callable) -> bytes:
    """One more revision, as an attacker appends it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def rewritten(pdf: bytes, change: Callable = lambda _: None, **how) -> bytes:
    """The whole file written anew."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        change(opened)
        made = io.BytesIO()
        opened.save(made, **how)
    return made.getvalue()


def ranges(pdf: bytes) -> list[tuple[int, ...]]:
    return sorted((tuple(map(int, found.groups())) for found in RANGE.finditer(pdf)), key=lambda one: one[2])


def ends(pdf: bytes) -> list[int]:
    return [one[2] + one[3] for one in ranges(pdf)]


def field(writer, name):
    found = (one.get_object() for one in writer.root["/AcroForm"]["/Fields"])
    return next(one for one in found if one["/T"] == name)


def stream(words: bytes) -> generic.StreamObject:
    return generic.StreamObject(stream_data=words)


def form_stream(words: bytes) -> generic.StreamObject:
    box = generic.ArrayObject(map(generic.NumberObject, (0, 0, 215, 68)))
    entries = {N("/Type"): N("/XObject"), N("/Subtype"): N("/Form"), N("/BBox"): box}
    return generic.StreamObject(entries, stream_data=words)


def page(writer, number=0):
    kids = writer.root["/Pages"]
    while "/Kids" in kids:
        kids = kids["/Kids"][number if kids["/Kids"][0].get("/Type") == "/Page" else 0]
    return kids


# -- bytes --------------------------------------------------------------------------------------------------------


def byte_of_the_words(w):
    return flipped(w.signed, w.signed.index(b"stream") + 60)


def byte_of_the_header(w):
    return flipped(w.signed, 7)


def byte_of_a_signature(w):
    return flipped(w.signed, ranges(w.signed)[1][1] + 900)


def byte_of_the_last_signature(w):
    """In what it says was signed: elsewhere in it stand certificates, which no signature covers."""
    start, first, second, last = ranges(w.signed)[-1]
    digest = hashlib.sha256(w.signed[start : start + first] + w.signed[second : second + last]).hexdigest()
    return flipped(w.signed, first + w.signed[first:second].lower().index(digest.encode()) + 7)


def byte_of_the_closing_time_stamp(w):
    _start, first, second, _last = ranges(w.archived)[-1]
    return flipped(w.archived, first + len(w.archived[first : second - 1].rstrip(b"0")) - 12)


def byte_of_a_stamp_that_is_seen(w):
    return flipped(w.signed, ends(w.signed)[1] + 4000)


def byte_of_a_byte_range(w):
    at = [found.start() for found in RANGE.finditer(w.signed)][2]
    return flipped(w.signed, at + 14)


def byte_of_the_list_of_objects(w):
    return flipped(w.signed, len(w.signed) - 140)


def byte_of_the_attached_data(w):
    return flipped(w.signed, w.signed.index(b"/EmbeddedFile") + 200)


# -- after the end ------------------------------------------------------------------------------------------------


def junk_at_the_end(w):
    return w.signed + b"junk"


def blank_lines_at_the_end(w):
    return w.signed + b"\n\n\n"


def a_second_end(w):
    return w.signed + b"\n%%EOF\n"


def an_archive_at_the_end(w):
    return w.signed + b"PK\x03\x04 archive"


def the_file_twice(w):
    return w.signed + w.signed


def objects_without_a_list(w):
    return w.signed + b"\n4 0 obj\n<< /Hidden true >>\nendobj\n%%EOF\n"


def back_to_an_older_list(w):
    """Readers are sent to the table of an earlier revision: the later signatures are not seen any more."""
    older = re.findall(rb"startxref\s+(\d+)", w.signed)[1]
    return w.signed + b"\nstartxref\n" + older + b"\n%%EOF\n"


def a_list_that_leads_to_itself(w):
    here = len(w.signed) + 1
    return w.signed + b"\nxref\n0 0\ntrailer\n<< /Size 9 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        here,
        here,
    )


# -- cut ----------------------------------------------------------------------------------------------------------


def end_cut_off(w):
    return w.signed[:-200]


def half_of_the_file(w):
    return w.signed[: len(w.signed) // 2]


def last_byte_cut_off(w):
    return w.signed[:-1]


def back_to_the_second_signature(w):
    """What stood there an hour before is authentic; only the installation knows that more was signed since."""
    return w.signed[: ends(w.signed)[2]]


def something_before_the_file(w):
    return b"\n" + w.signed


# -- words, saved over the old ones -------------------------------------------------------------------------------


def other_words(w):
    def change(writer):
        found = page(writer)
        found["/Contents"] = writer.add_object(stream(b"BT /F0 12 Tf 72 700 Td (999) Tj ET"))
        writer.update_container(found)

    return updated(w.signed, change)


def other_words_between_two_signatures(w):
    """Changed after two had signed, and signed again by our own stolen session: the first two were deceived."""
    change = other_words(replace(w, signed=w.waiting()))
    return signed_on_screen(change, w.authority, [("office", "B. Diallo")], since=AT + 30 * MINUTE)


def no_pages(w):
    def change(writer):
        pages = writer.root["/Pages"]
        pages[N("/Count")], pages[N("/Kids")] = generic.NumberObject(0), generic.ArrayObject([])
        writer.update_container(pages)

    return updated(w.signed, change)


def a_note_over_the_page(w, pdf=None):
    def change(writer):
        box = generic.ArrayObject(map(generic.NumberObject, (60, 60, 500, 800)))
        look = generic.DictionaryObject({N("/N"): writer.add_object(form_stream(b"1 g 0 0 215 68 re f"))})
        note = {N("/Type"): N("/Annot"), N("/Subtype"): N("/FreeText"), N("/Rect"): box, N("/AP"): look}
        found = page(writer)
        notes = generic.ArrayObject([*found.get("/Annots", []), writer.add_object(generic.DictionaryObject(note))])
        found[N("/Annots")] = notes
        writer.update_container(found)

    return updated(pdf or w.signed, change)


def a_script(w):
    def change(writer):
        action = {N("/S"): N("/JavaScript"), N("/JS"): generic.TextStringObject("app.alert(1)")}
        writer.root[N("/OpenAction")] = generic.DictionaryObject(action)
        writer.update_root()

    return updated(w.signed, change)


def other_attached_data(w):
    def change(writer):
        spec = writer.root["/AF"][0]
        spec["/EF"][N("/F")] = writer.add_object(stream(b'{"rent": 1}'))
        writer.update_container(spec["/EF"])

    return updated(w.signed, change)


def another_attached_file(w):
    def change(writer):
        spec = generic.DictionaryObject({N("/Type"): N("/Filespec"), N("/F"): generic.TextStringObject("annexe.pdf")})
        writer.root[N("/AF")] = generic.ArrayObject([*writer.root["/AF"], writer.add_object(spec)])
        writer.update_root()

    return updated(w.signed, change)


def another_title(w):
    def change(writer):
        writer.set_info(generic.DictionaryObject({N("/Title"): generic.TextStringObject("Résiliation")}))

    return updated(w.signed, change)


def another_language(w):
    def change(writer):
        writer.root[N("/Lang")] = generic.TextStringObject("en")
        writer.update_root()

    return updated(w.signed, change)


def layers_that_can_be_hidden(w):
    def change(writer):
        writer.root[N("/OCProperties")] = generic.DictionaryObject({N("/OCGs"): generic.ArrayObject([])})
        writer.update_root()

    return updated(w.signed, change)


# -- signatures and their places ----------------------------------------------------------------------------------


def no_places_any_more(w):
    def change(writer):
        del writer.root["/AcroForm"]
        writer.update_root()

    return updated(w.signed, change)


def one_signature_taken_out(w):
    def change(writer):
        found = field(writer, "office")
        del found["/V"]
        writer.update_container(found)

    return updated(w.signed, change)


def one_signature_put_in_the_place_of_another(w):
    def change(writer):
        found = field(writer, "ville")
        found[N("/V")] = field(writer, "office").raw_get("/V")
        writer.update_container(found)

    return updated(w.signed, change)


def all_signatures_taken_out(w):
    def change(opened):
        del opened.Root.AcroForm
        for one in opened.pages:
            if "/Annots" in one.obj:
                del one.obj.Annots
        opened.remove_unreferenced_resources()

    return rewritten(w.signed, change)


def the_file_written_anew(w):
    return rewritten(w.signed)


def the_file_under_a_password(w):
    return rewritten(w.signed, encryption=pikepdf.Encryption(owner="x", user=""))


def another_look_of_a_signature(w):
    """The stamp that is seen says somebody else."""

    def change(writer):
        found = field(writer, "office")
        found[N("/AP")] = generic.DictionaryObject({N("/N"): writer.add_object(form_stream(b"0 0 215 68 re f"))})
        writer.update_container(found)

    return updated(w.signed, change)


def a_signature_moved_over_another(w):
    def change(writer):
        found = field(writer, "office")
        found[N("/Rect")] = generic.ArrayObject(field(writer, "ville")["/Rect"])
        writer.update_container(found)

    return updated(w.signed, change)


def words_in_a_place_where_nobody_signed(w):
    def change(writer):
        found = field(writer, "office")
        found[N("/V")] = generic.TextStringObject("Bruno Diallo")
        writer.update_container(found)

    return updated(w.waiting(), change)


def a_stamp_in_a_place_where_nobody_signed(w):
    """It looks signed: the picture stands in the box, and no signature."""

    def change(writer):
        found = field(writer, "office")
        found[N("/AP")] = generic.DictionaryObject({N("/N"): writer.add_object(form_stream(b"0 0 215 68 re f"))})
        writer.update_container(found)

    return updated(w.waiting(), change)


def two_places_of_one_name(w):
    def change(writer):
        append_signature_field(writer, SigFieldSpec("tmp", box=(10, 10, 90, 90)))
        found = field(writer, "tmp")
        found[N("/T")] = generic.TextStringObject("office")
        writer.update_container(found)

    return updated(w.signed, change)


def a_place_of_words_added(w):
    def change(writer):
        text = generic.DictionaryObject(
            {N("/FT"): N("/Tx"), N("/T"): generic.TextStringObject("montant"), N("/V"): generic.TextStringObject("1")}
        )
        form = writer.root["/AcroForm"]
        form[N("/Fields")] = generic.ArrayObject([*form["/Fields"], writer.add_object(text)])
        writer.update_container(form)

    return updated(w.signed, change)


def a_byte_range_that_covers_nothing(w):
    def change(writer):
        signature = field(writer, "office")["/V"]
        signature[N("/ByteRange")] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 0, 0)))
        writer.update_container(signature)

    return updated(w.signed, change)


def a_signature_without_content(w):
    def change(writer):
        signature = field(writer, "office")["/V"]
        signature[N("/Contents")] = generic.ByteStringObject(b"\0" * 8)
        writer.update_container(signature)

    return updated(w.signed, change)


def a_byte_range_with_a_larger_hole(w):
    """The hole of the last signature swallows what follows its container."""
    start, first, second, last = ranges(w.signed)[-1]
    was = b"/ByteRange [%d %d %d %d" % (start, first, second, last)
    now = b"/ByteRange [%d %d %d %d" % (start, first, second + 10, last - 10)
    at = w.signed.rindex(was)
    return w.signed[:at] + now.ljust(len(was))[: len(was)] + w.signed[at + len(was) :]


def signed_bytes_wrapped(w):
    """The signed tail stands further behind, other objects before it."""
    _start, _first, second, last = ranges(w.signed)[-1]
    evil = b"\n4 0 obj\n<< /Evil true >>\nendobj\n"
    return w.signed[:second] + evil + w.signed[second : second + last]


def words_hidden_behind_the_last_signature(w):
    """In the room kept for the signature, which no signature covers."""
    _start, first, second, _last = ranges(w.signed)[-1]
    words = b"Le loyer est de 999 euros.".hex().encode()
    at = second - 1 - len(words)
    assert first < at
    return w.signed[:at] + words + w.signed[second - 1 :]


def a_signature_moved_from_another_paper(w):
    theirs = ranges(w.other)[0]
    container = w.other[theirs[1] : theirs[2]]
    _start, first, second, _last = ranges(w.signed)[0]
    room = second - first - 2
    content = container[1:-1].rstrip(b"0").ljust(room, b"0")[:room]
    return w.signed[: first + 1] + content + w.signed[second - 1 :]


def one_signature_copied_over_another(w):
    one, other = ranges(w.signed)[1:3]
    content = w.signed[one[1] + 1 : one[2] - 1]
    room = other[2] - other[1] - 2
    return w.signed[: other[1] + 1] + content.ljust(room, b"0")[:room] + w.signed[other[2] - 1 :]


# -- proofs of the long term --------------------------------------------------------------------------------------


def no_proofs_any_more(w):
    def change(writer):
        del writer.root["/DSS"]
        writer.update_root()

    return updated(w.signed, change)


def other_lists_of_revoked(w):
    def change(writer):
        store = writer.root["/DSS"]
        theirs = w.stranger.revocations(AT).dump()
        store[N("/CRLs")] = generic.ArrayObject([writer.add_object(stream(theirs))])
        writer.update_container(store)

    return updated(w.signed, change)


def proofs_that_are_none(w):
    def change(writer):
        store = writer.root["/DSS"]
        certificates = [*(store.raw_get("/Certs")), writer.add_object(stream(b"hidden text"))]
        store[N("/Certs")] = generic.ArrayObject(certificates)
        writer.update_container(store)

    return updated(w.signed, change)


def closed_by_somebody_else(w):
    return signing.archive(w.signed, w.stranger, at=AT + 40 * MINUTE)


# -- strangers ----------------------------------------------------------------------------------------------------


def a_stranger_signs_in_a_free_place(w):
    return signing.sign_with(
        w.waiting(), w.keys, w.stranger, CERTIFIED, at=AT + 30 * MINUTE, reason="", location="", stamp=None
    )


def a_stranger_adds_a_place_and_signs(w):
    return signing.seal(
        w.waiting(), w.stranger, at=AT + 30 * MINUTE, reason="", location="", field_name="Ville de Lyon"
    )


def a_stranger_witnesses_in_our_name(w):
    return signed_on_screen(w.waiting(), w.stranger, [("office", "B. Diallo")], since=AT + 30 * MINUTE)


def everything_by_a_stranger_with_our_name(w):
    return signed_on_screen(sealed_first(w.prepared, w.stranger), w.stranger)


def a_certificate_that_only_names_our_root(w):
    """It says that our root issued it, which is not true: nothing we vouched for helps it."""
    known = x509.AuthorityKeyIdentifier.from_issuer_public_key(w.authority.root.key.public_key())
    key = ec.generate_private_key(ec.SECP256R1())
    made = x509.CertificateBuilder().subject_name(named("Bruno Diallo")).public_key(key.public_key())
    made = made.issuer_name(named("AC Exemple")).serial_number(77)
    made = made.not_valid_before(AT - DAY).not_valid_after(AT + DAY).add_extension(known, critical=False)
    made = made.add_extension(usage(digital_signature=True, content_commitment=True), critical=True)
    forged = PersonalKeys(made.sign(key, hashes.SHA256()), key)
    ours = signing.own_stamper(w.authority, AT + 30 * MINUTE)
    said = {"at": AT + 30 * MINUTE, "reason": "", "location": "", "stamp": None, "stamper": ours}
    return signing.archive(signing.sign_with(w.waiting(), forged, w.stranger, "office", **said), w.authority, at=LATE)


def a_stamp_of_another_authority(w):
    """Our paper, a person's certificate, and a time told by somebody else."""
    return signing.sign_with(
        w.waiting(), w.keys, w.authority, CERTIFIED, at=AT + 30 * MINUTE, reason="", location="", stamp=None,
        stamper=signing.own_stamper(w.stranger, AT + 30 * MINUTE),
    )  # fmt: skip


# -- time and trust -----------------------------------------------------------------------------------------------


class Revoking(Authority):
    """Our authority on the day it says that its seal was stolen."""

    __slots__ = ()

    def revocations(self, at):
        from asn1crypto import crl
        from cryptography.hazmat.primitives import serialization

        stolen = x509.RevokedCertificateBuilder().serial_number(self.seal.certificate.serial_number)
        stolen = stolen.revocation_date(at - DAY).build()
        made = x509.CertificateRevocationListBuilder().issuer_name(self.root.certificate.subject)
        made = (
            made.last_update(at).next_update(self.root.certificate.not_valid_after_utc).add_revoked_certificate(stolen)
        )
        known = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root.key.public_key())
        made = made.add_extension(x509.CRLNumber(1), critical=False).add_extension(known, critical=False)
        signed = made.sign(self.root.key, hashes.SHA256())
        return crl.CertificateList.load(signed.public_bytes(serialization.Encoding.DER))


def sealed_with_a_stolen_seal(w):
    revoking = Revoking(w.authority.root, w.authority.seal, w.authority.tsa)
    return sealed_first(w.prepared, revoking)


def dated_in_the_future(w):
    return signing.seal(w.prepared, w.authority, at=AT + 30 * DAY, reason="", location="")


def untouched(w):
    return w.signed


def untouched_and_closed(w):
    return w.archived


# -- shadows: prepared by whoever wrote the paper, shown once it is signed ----------------------------------------


def _overlaid(prepared: bytes) -> bytes:
    """A paper whose author laid a white sheet over it, to be taken away later."""

    def change(opened):
        sheet = opened.make_stream(
            b"1 g 60 60 480 700 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 595, 842]
        )
        found = opened.pages[0].obj
        found.Resources = opened.make_indirect(Dictionary(found.Resources))
        found.Resources.XObject = Dictionary(Sheet=sheet)
        found.Contents = Array([found.Contents, opened.make_stream(b"q /Sheet Do Q")])

    return rewritten(prepared, change)


def shadow_that_hides(w):
    signed = sealed_first(_overlaid(w.prepared), w.authority)

    def change(writer):
        sheet = page(writer)["/Resources"]["/XObject"]["/Sheet"]
        sheet._data, sheet._encoded_data = b"", None
        writer.mark_update(sheet.container_ref)

    return updated(signed, change)


def shadow_that_replaces(w):
    """The font is exchanged: the same signs of the file are drawn as others."""

    def change(writer):
        fonts = page(writer)["/Resources"]["/Font"]
        first, *others = list(fonts)
        fonts[N(first)] = fonts.raw_get(others[-1]) if others else generic.NullObject()
        writer.update_container(fonts)

    return updated(w.signed, change)


def shadow_that_hides_and_replaces(w):
    """A second set of pages lies in the file since before the signatures, and is only shown afterwards."""

    def second_set(opened):
        hidden = opened.make_indirect(Dictionary(Type=Name.Page, MediaBox=[0, 0, 595, 842], Resources=Dictionary()))
        opened.Root.PieceInfo = Dictionary(Relais=Dictionary(Private=hidden, LastModified=String("D:20261102")))

    signed = sealed_first(rewritten(w.prepared, second_set), w.authority)

    def change(writer):
        pages = writer.root["/Pages"]
        hidden = writer.root["/PieceInfo"]["/Relais"].raw_get("/Private")
        pages[N("/Kids")], pages[N("/Count")] = generic.ArrayObject([hidden]), generic.NumberObject(1)
        writer.update_container(pages)

    return updated(signed, change)


# -- certified papers ---------------------------------------------------------------------------------------------


def certified_untouched(w):
    return w.certified()


def evil_annotation_on_a_certified_paper(w):
    return a_note_over_the_page(w, w.certified())


def sneaky_signature_on_a_certified_paper(w):
    """A place as large as the page, signed by a stranger, whose stamp shows other words."""

    def change(writer):
        append_signature_field(writer, SigFieldSpec("Nouveau", box=(0, 0, 595, 842)))

    return signed_on_screen(
        updated(w.certified(), change), w.stranger, [("Nouveau", "A. Mercier")], since=AT + 40 * MINUTE
    )


def certification_forged_later(w):
    """The catalogue says that a stranger's signature certifies the paper."""
    signed = a_stranger_adds_a_place_and_signs(w)

    def change(writer):
        writer.root[N("/Perms")] = generic.DictionaryObject(
            {N("/DocMDP"): field(writer, "Ville de Lyon").raw_get("/V")}
        )
        writer.update_root()

    return updated(signed, change)
