"""A PDF → a verdict: ours and whole, or why not.

Good news needs four things at once: pyHanko's difference analysis accepts whatever follows each signature, its
AdES long-term validation (ETSI EN 319 102-1, 5.6.3) passes, every byte belongs to a signed revision or to an update
that only adds long-term data with nothing after the last end-of-file mark, and the installation knows the file's
SHA-256 when it is asked. Anything a hostile file does to the parsers is bad news, never an exception.
"""

import datetime
import hashlib
import io
import logging
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko_certvalidator.errors import CRLValidationError, OCSPValidationError, PathError, ValidationError

from documents import (
    assembly,
    der,  # noqa: F401  mends how the library writes, before anything is written
    revisions,
)
from documents.long_term import Judged, judge

# What parsers raise on files made to break them. Lookup, type and assertion errors are pyHanko's answers to structures
# that no honest writer makes; none of them says anything but "this cannot be read as a signed PDF".
_HOSTILE = (
    PdfError, PathError, ValidationError, CRLValidationError, OCSPValidationError, ValueError, LookupError, TypeError,
    AttributeError, ArithmeticError, AssertionError, RuntimeError, EOFError, OSError, MemoryError, struct.error,
    zlib.error,
)  # fmt: skip

MESSAGES: Mapping[str, str] = {
    "ours_and_whole": "This document is authentic and complete.",
    "not_ours": "The signature of this file is valid, but the file was not issued here.",
    "altered": "This file was changed after it was sealed.",
    "appended": "Something was added to this file after it was sealed.",
    "truncated": "This file is incomplete: its end is missing.",
    "no_signature": "This PDF file carries no seal.",
    "not_pdf": "This is not a PDF file.",
    "empty": "This file is empty.",
    "unreadable": "This PDF file is damaged and cannot be read.",
    "unknown_signer": "This file was sealed by somebody this installation does not know: %(name)s.",
    "revoked": "The certificate behind the seal was revoked.",
    "not_valid": "The seal of this file could not be confirmed (%(indication)s).",
}
_UNKNOWN = {
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND,
    AdESIndeterminate.NO_SIGNING_CERTIFICATE_FOUND,
}
_REVOKED = {AdESFailure.REVOKED, AdESIndeterminate.REVOKED_NO_POE, AdESIndeterminate.REVOKED_CA_NO_POE}
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SignatureFact:
    """One signature: who, when (UTC, by the time stamp), PAdES level, and whether it covers the whole file."""

    name: str
    time: datetime.datetime | None
    level: str
    covers_whole: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason`: a key of MESSAGES; `sha256` of the bytes judged; `attachments`: file name → SHA-256."""

    ok: bool
    reason: str
    sha256: str
    params: Mapping[str, object] = field(default_factory=dict)
    signatures: tuple[SignatureFact, ...] = ()
    attachments: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The English message id; the doors translate it with `params`."""
        return MESSAGES[self.reason]


def verify(
    pdf: bytes,
    *,
    trust_roots: Iterable[bytes],
    known: Callable[[str], bool] | None,
    at: datetime.datetime,
) -> Verdict:
    """Judge `pdf` as of `at`. `trust_roots`: DER certificates (`Authority.trust_roots`).

    `known` answers whether this installation holds a file of that SHA-256; None when there is no store to ask.
    """
    digest = hashlib.sha256(pdf).hexdigest()
    at_sight = _at_sight(pdf)
    if at_sight:
        return Verdict(False, at_sight, digest)
    try:
        judged = judge(PdfFileReader(io.BytesIO(pdf), strict=True), tuple(trust_roots), at)
    except _HOSTILE as error:
        _LOG.info("pdf_unreadable", exc_info=error)
        return Verdict(False, _why_unreadable(pdf), digest)
    facts = tuple(SignatureFact(one.name, one.time, one.level, one.covers_file) for one in judged)
    reason, params = _reason(pdf, judged)
    if reason == "ours_and_whole" and known is not None and not known(digest):
        reason = "not_ours"
    return Verdict(reason == "ours_and_whole", reason, digest, params, facts, _attachments(pdf))


def _at_sight(pdf: bytes) -> str | None:
    """What needs no parser."""
    if not pdf:
        return "empty"
    if not revisions.looks_like_pdf(pdf):
        return "not_pdf"
    if revisions.is_cut(pdf) or not revisions.has_end_mark(pdf):
        return "truncated"
    if not revisions.ends_cleanly(pdf):
        return "appended" if revisions.signed_ends(pdf) else "unreadable"
    return None


def _why_unreadable(pdf: bytes) -> str:
    """A file that carries a signature and cannot be read was changed; any other is just damaged."""
    ends = revisions.signed_ends(pdf)
    if not ends:
        return "unreadable"
    return "appended" if ends[-1] < len(pdf) else "altered"


def _reason(pdf: bytes, judged: list[Judged]) -> tuple[str, dict[str, object]]:
    if not judged:
        return ("altered" if revisions.signed_ends(pdf) else "no_signature"), {}
    if not all(one.intact for one in judged):
        return "altered", {}
    if not all(_followed_well(one, last=one is judged[-1]) for one in judged) or not _every_byte(pdf, judged[-1]):
        return "appended", {}
    for one in judged:
        if not one.trusted:
            return _distrust(one), {"name": one.name, "indication": one.weakness.standard_name}
    return "ours_and_whole", {}


def _followed_well(one: Judged, *, last: bool) -> bool:
    """After the last signature only long-term data may follow; before it, also the other signatures."""
    most = ModificationLevel.LTA_UPDATES if last else ModificationLevel.FORM_FILLING
    return one.changes_allowed and one.changes <= most


def _every_byte(pdf: bytes, last: Judged) -> bool:
    """The last signature covers the file, or what follows it are whole updates (judged by `_followed_well`)."""
    return last.covers_file or revisions.only_updates_after(pdf, last.end, last.later_revisions)


def _distrust(one: Judged) -> str:
    if not one.ours or one.indication in _UNKNOWN:
        return "unknown_signer"
    return "revoked" if one.indication in _REVOKED else "not_valid"


def _attachments(pdf: bytes) -> dict[str, str]:
    try:
        return {name: hashlib.sha256(data).hexdigest() for name, data in assembly.attached(pdf).items()}
    except assembly.Unreadable:
        return {}
