"""What somebody hands in as a signed act: a scan, or the PDF that an outer signing desk gives back.

Nothing is taken out and nothing mended: the bytes that were handed in are evidence. What speaks against them is said.
"""

import datetime
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pikepdf
from pikepdf import Dictionary, Name, Object, Pdf
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields

from documents import (
    changes,
    claims,
    der,  # noqa: F401  mends how the library writes, before anything is read
    fields,
    hostile,
    revisions,
)
from documents.findings import Finding
from documents.holders import common_name
from documents.long_term import TIME_STAMP, Judged, judge

MOST_BYTES, MOST_PAGES, MOST_OBJECTS = 60_000_000, 500, 150_000
_SAID: Mapping[str, str] = {
    "empty": "This file is empty.",
    "not_pdf": "This is not a PDF file.",
    "too_large": "This file is larger than %(most)s MB.",
    "too_many_pages": "This file has more than %(most)s pages.",
    "unreadable": "This PDF file is damaged and cannot be read.",
    "truncated": "This file is incomplete: its end is missing.",
    "encrypted": "This file is protected by a password. Save it again without one.",
    "scripts": "This file holds a script, which a document to be signed never needs.",
    "launch": "This file opens another file or program by itself.",
    "embedded": "This file carries other files inside it: %(names)s.",
    "xfa": "This file is a form whose pages are made by a program (XFA): what is seen may change.",
    "foreign_signature": "This file already carries a signature: %(names)s.",
    "same_file": "This is the file that was sent: nobody has signed it.",
    "other_document": "This is not the document that was sent.",
    "changed": "The document was changed on its way: something else than signatures was added.",
    "unsigned": "Nobody has signed this document.",
    "broken_signature": "A signature in this file does not hold: %(names)s.",
}
_REFUSING = frozenset(_SAID) - {"embedded", "foreign_signature"}
_SCRIPTS = frozenset((Name.JavaScript, Name.Rendition))
_LAUNCHES = frozenset((Name.Launch, Name.GoToR, Name.GoToE, Name.ImportData, Name.SubmitForm))


@dataclass(frozen=True, slots=True)
class Looked:
    """What a PDF holds besides its pages. `findings`: what is to say about it, `refused` whether one of them forbids to
    keep it as an act; `signatures`: names in the certificates found in it.
    """

    sha256: str
    pages: int = 0
    encrypted: bool = False
    signatures: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def refused(self) -> bool:
        return any(one.code in _REFUSING for one in self.findings)


@dataclass(frozen=True, slots=True)
class Added:
    """A signature somebody added elsewhere. `time`: what its time stamp says, else what the signatory says; `level`:
    B-B, B-T, B-LT or B-LTA; `trusted`: its certificate leads to a root that was handed in; `claims_qualified`: its
    certificate says it is qualified, which nobody checked; `certificate`: itself, in DER.
    """

    field: str
    name: str
    issuer: str
    time: datetime.datetime | None
    level: str
    valid: bool
    trusted: bool
    claims_qualified: bool
    prepared: bool
    certificate: bytes = b""


@dataclass(frozen=True, slots=True)
class Returned:
    """`refused`: None when `came` is the document that was sent with valid signatures added, else why not."""

    added: tuple[Added, ...] = ()
    refused: Finding | None = None


def looked_over(pdf: bytes) -> Looked:
    """What is in a file somebody hands in. Takes a second for the largest."""
    digest = hashlib.sha256(pdf).hexdigest()
    sight = _at_sight(pdf)
    if sight:
        return Looked(digest, findings=(sight,))
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            found = tuple(_findings(opened))
            signed = _signers(pdf)
            said = (_finding("foreign_signature", names=", ".join(signed)),) if signed else ()
            return Looked(digest, len(opened.pages), opened.is_encrypted, signed, (*found, *said))
    except pikepdf.PasswordError:
        return Looked(digest, encrypted=True, findings=(_finding("encrypted"),))
    except hostile.ERRORS:
        return Looked(digest, findings=(_finding("unreadable"),))


def returned(sent: bytes, came: bytes, *, trust_roots: Iterable[bytes], at: datetime.datetime) -> Returned:
    """Whether `came` is the document `sent` with nothing but signatures added, and which.

    It is when every byte that was sent still stands at its beginning, each later revision only signs or adds what
    proves signatures (`pyHanko`'s analysis of differences), and each new signature holds. A signature may stand in a
    place that was prepared or in one of its own.
    """
    fault = _unlike(sent, came)
    if fault:
        return Returned(refused=fault)
    try:
        return _judged(sent, came, tuple(trust_roots), at)
    except hostile.ERRORS:
        return Returned(refused=_finding("unreadable"))


def _at_sight(pdf: bytes) -> Finding | None:
    if not pdf:
        return _finding("empty")
    if not revisions.looks_like_pdf(pdf):
        return _finding("not_pdf")
    if len(pdf) > MOST_BYTES:
        return _finding("too_large", most=MOST_BYTES // 1_000_000)
    return None if revisions.has_end_mark(pdf) and not revisions.is_cut(pdf) else _finding("truncated")


def _unlike(sent: bytes, came: bytes) -> Finding | None:
    """What a comparison of the bytes alone says against the file that came."""
    if came == sent:
        return _finding("same_file")
    sight = _at_sight(came)
    if sight:
        return sight
    if not came.startswith(sent):
        return _finding("other_document")
    if not revisions.ends_cleanly(came):
        return _finding("changed")
    over = next((one for one in looked_over(came).findings if one.code in _REFUSING), None)
    return over


def _judged(sent: bytes, came: bytes, roots: tuple[bytes, ...], at: datetime.datetime) -> Returned:
    reader = PdfFileReader(io.BytesIO(came), strict=True)
    judged = judge(reader, roots, at)
    prepared = {name for name, _, _ in enumerate_sig_fields(PdfFileReader(io.BytesIO(sent), strict=True))}
    new = [one for one in judged if one.end > len(sent) and one.kind != TIME_STAMP]
    if not new:
        return Returned(refused=_finding("changed" if judged and judged[-1].end < len(came) else "unsigned"))
    broken = [one.name for one in judged if not one.intact]
    if broken:
        return Returned(refused=_finding("broken_signature", names=", ".join(broken)))
    if not _only_signed(judged, came, first=len(sent)) or not _same_to_the_eye(sent, came):
        return Returned(refused=_finding("changed"))
    return Returned(tuple(_added(one, prepared) for one in new))


def _only_signed(judged: list[Judged], came: bytes, first: int) -> bool:
    """Nothing but signatures after each signature, the last of which covers the file but for proofs added to it.

    What was sent without any signature has none to compare with: its first signature then covers the file as sent,
    and one of the two is compared with the other by what is seen.
    """
    last = judged[-1]
    followed = all(one.changes_allowed and one.changes <= ModificationLevel.FORM_FILLING for one in judged)
    closed = last.covers_file or (
        last.changes <= ModificationLevel.LTA_UPDATES
        and revisions.only_updates_after(came, last.end, last.later_revisions)
    )
    return followed and closed and last.end > first


def _same_to_the_eye(sent: bytes, came: bytes) -> bool:
    """The pages, the attached files and what happens on opening are those that were sent."""
    found = changes.differences(sent, came)
    return all(one.code == "field" for one in found)


def _added(one: Judged, prepared: set[str]) -> Added:
    return Added(
        field=one.field,
        name=one.name,
        issuer=one.issuer,
        time=one.time,
        level=one.level,
        valid=one.intact,
        trusted=one.trusted,
        claims_qualified=claims.is_qualified(one.certificate),
        prepared=one.field in prepared and not fields.is_ours(one.field),
        certificate=one.certificate,
    )


def _findings(pdf: Pdf) -> Iterator[Finding]:
    if pdf.is_encrypted:
        yield _finding("encrypted")
    if len(pdf.pages) > MOST_PAGES:
        yield _finding("too_many_pages", most=MOST_PAGES)
    if len(pdf.objects) > MOST_OBJECTS:
        yield _finding("unreadable")
        return
    if Name.XFA in pdf.Root.get(Name.AcroForm, Dictionary()):
        yield _finding("xfa")
    yield from (_finding(code) for code in sorted({code for one in pdf.objects for code in _actions(one)}))
    names = ", ".join(list(pdf.attachments)[:5])
    if names:
        yield _finding("embedded", names=names)


def _actions(found: Object) -> Iterator[str]:
    """What an object would do by itself, also where it stands inside another."""
    pending, budget = [(found, 0)], 2_000
    while pending and budget:
        one, depth = pending.pop()
        budget -= 1
        if not isinstance(one, Dictionary | pikepdf.Stream | pikepdf.Array) or depth > 8:
            continue
        if isinstance(one, pikepdf.Array):
            pending += [(item, depth + 1) for item in one if not _is_apart(item)]
            continue
        kind = one.get(Name.S)
        if Name.JS in one or kind in _SCRIPTS:
            yield "scripts"
        elif kind in _LAUNCHES and one.get(Name.Type, Name.Action) == Name.Action:
            yield "launch"
        pending += [(one.get(key), depth + 1) for key in one.keys() if not _is_apart(one.get(key))]  # noqa: SIM118


def _is_apart(value: object) -> bool:
    """An object of its own is looked at by itself."""
    return isinstance(value, Object) and value.is_indirect


def _signers(pdf: bytes) -> tuple[str, ...]:
    """Names in the certificates of the signatures found; the name of the place where one cannot be read."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        return tuple(_signer(one) for one in reader.embedded_signatures[:40])
    except hostile.ERRORS:
        return ()


def _signer(signature) -> str:
    try:
        return common_name(signature.signer_cert.subject) or signature.field_name
    except hostile.ERRORS:
        return signature.field_name


def _finding(code: str, **params: object) -> Finding:
    return Finding(code, _SAID[code], params)
