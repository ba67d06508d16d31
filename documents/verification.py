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
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields

from documents import (
    assembly,
    changes,
    claims,
    der,  # noqa: F401  mends how the library writes, before anything is written
    fields,
    hostile,
    revisions,
)
from documents.changes import Change
from documents.long_term import PERSONAL, TIME_STAMP, WITNESS, Judged, judge

MESSAGES: Mapping[str, str] = {
    "ours_and_whole": "This document is authentic and complete.",
    "not_ours": "The signature of this file is valid, but the file was not issued here.",
    "altered": "This file was changed after it was sealed.",
    "appended": "Something was added to this file after it was sealed.",
    "truncated": "This file is incomplete: its end is missing.",
    "waiting": "This document is authentic. Not everybody has signed it yet.",
    "changed_since": "This document was authentic when %(name)s signed it, and was changed since.",
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
MOST_ENDS = 4
"""Signatures of a changed file that are looked at again, from the last one backwards."""


FAMILIES: Mapping[str, str] = {
    "authentic": "Authentic and complete",
    "changed": "Changed since",
    "not_ours": "Not ours",
    "incomplete": "Incomplete",
    "unreadable": "Unreadable",
}
_FAMILY = {
    "ours_and_whole": "authentic", "waiting": "incomplete", "truncated": "incomplete", "altered": "changed",
    "appended": "changed", "not_pdf": "unreadable", "empty": "unreadable", "unreadable": "unreadable",
}  # fmt: skip

KINDS: Mapping[str, str] = {
    "seal": "Seal of the installation",
    "witness": "Signature given before the installation",
    "personal": "Signature with the person’s own certificate",
    "timestamp": "Time stamp over the whole file",
}
LEVELS: Mapping[str, str] = {
    "": "It says that the file existed then, as it is.",
    "B-B": "Nobody but the signatory says when it was made.",
    "B-T": "A time stamp says when it was made; what is needed to confirm it years later is not in the file.",
    "B-LT": "A time stamp says when it was made, and the file itself holds what is needed to confirm it years later.",
    "B-LTA": "A time stamp says when it was made, the file holds what is needed to confirm it years later, and a last "
    "time stamp closes it.",
}
"""What the level of a signature means (ETSI EN 319 142-1, 6.1), in plain words."""
AFTER: Mapping[str, str] = {
    "nothing": "Nothing was added after it.",
    "long_term": "Only proofs for the long term were added after it.",
    "signatures": "Only further signatures were added after it.",
    "changed": "The file was changed after it.",
}


@dataclass(frozen=True, slots=True)
class SignatureFact:
    """One signature: who, when (UTC, by the time stamp), PAdES level, and whether it covers the whole file.

    `field`: the place it stands in; `kind`: a key of KINDS; `level`: a key of LEVELS; `changed_after`: a key of AFTER.
    `by`: whose certificate signed, `issuer`: who issued that; of a `witness` the installation, while `name` is the
    person it speaks for. `trusted`: its certificate leads to a root that was handed in; a personal one usually does
    not, and is then only known by what it says of itself. `claims_qualified`: the certificate says it is qualified
    (ETSI EN 319 412-5, 4.2.1), which nobody checked against the European list. `reason`: how it was given.
    """

    name: str
    time: datetime.datetime | None
    level: str
    covers_whole: bool
    field: str = ""
    kind: str = "seal"
    by: str = ""
    issuer: str = ""
    reason: str = ""
    trusted: bool = False
    claims_qualified: bool = False
    changed_after: str = "nothing"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason`: a key of MESSAGES; `sha256` of the bytes judged; `attachments`: file name → SHA-256.

    `waiting`: places where nobody has signed yet. `since`: of a changed file, the last signature up to which it is
    authentic; `changes`: what differs since then, and `signatures` are then those of the authentic part.
    """

    ok: bool
    reason: str
    sha256: str
    params: Mapping[str, object] = field(default_factory=dict)
    signatures: tuple[SignatureFact, ...] = ()
    attachments: Mapping[str, str] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()
    since: SignatureFact | None = None
    changes: tuple[Change, ...] = ()

    @property
    def message(self) -> str:
        """The English message id; the doors translate it with `params`."""
        return MESSAGES["changed_since" if self.since else self.reason]

    @property
    def family(self) -> str:
        """A key of FAMILIES: the reasons said in five plain words."""
        return _FAMILY.get(self.reason, "not_ours")


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
    roots = tuple(trust_roots)
    verdict = _judged(pdf, roots, known, at)
    return _since_when(pdf, verdict, roots, at) if verdict.family == "changed" else verdict


def _judged(
    pdf: bytes, roots: tuple[bytes, ...], known: Callable[[str], bool] | None, at: datetime.datetime
) -> Verdict:
    digest = hashlib.sha256(pdf).hexdigest()
    at_sight = _at_sight(pdf)
    if at_sight:
        return Verdict(False, at_sight, digest)
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        judged = judge(reader, roots, at)
        places = _places(reader)
        reason, params = _reason(pdf, judged, _prepared(reader, judged), places)
    except hostile.ERRORS as error:
        _LOG.info("pdf_unreadable", exc_info=error)
        return Verdict(False, _why_unreadable(pdf), digest)
    good = reason == "ours_and_whole"
    if good and known is not None and not known(digest):
        good, reason = False, "not_ours"
    waiting = _waiting(judged, places)
    if good and waiting:
        reason = "waiting"
    return Verdict(good, reason, digest, params, tuple(map(_fact, judged)), _attachments(pdf), waiting)


def _since_when(pdf: bytes, verdict: Verdict, roots: tuple[bytes, ...], at: datetime.datetime) -> Verdict:
    """A changed file is often an authentic one with something behind it: up to which signature, and what differs."""
    for end in reversed(revisions.signed_ends(pdf)[-MOST_ENDS:]):
        before = _judged(pdf[:end], roots, None, at) if end < len(pdf) else None
        if before and before.ok:
            facts = tuple(replace(one, changed_after="changed", covers_whole=False) for one in before.signatures)
            params = {"name": facts[-1].name} | dict(verdict.params)
            found = changes.between(pdf[:end], pdf)
            return replace(verdict, signatures=facts, since=facts[-1], changes=found, params=params)
    return verdict


def _fact(one: Judged) -> SignatureFact:
    speaks = one.said if one.kind == WITNESS and one.trusted else ""
    return SignatureFact(
        name=speaks or one.name,
        time=one.time,
        level=one.level,
        covers_whole=one.covers_file,
        field=one.field,
        kind=one.kind,
        by=one.name,
        issuer=one.issuer,
        reason=one.reason,
        trusted=one.trusted,
        claims_qualified=one.kind == PERSONAL and claims.is_qualified(one.certificate),
        changed_after=_after(one),
    )


def _after(one: Judged) -> str:
    if one.covers_file:
        return "nothing"
    if not one.changes_allowed or one.changes > ModificationLevel.FORM_FILLING:
        return "changed"
    return "long_term" if one.changes <= ModificationLevel.LTA_UPDATES else "signatures"


def _places(reader: PdfFileReader) -> list[str]:
    """Every place for a signature, twice where two bear one name."""
    return [name for name, _, _ in enumerate_sig_fields(reader)]


def _prepared(reader: PdfFileReader, judged: list[Judged]) -> frozenset[str]:
    """The places that were there when the first signature was made."""
    if not judged:
        return frozenset()
    first = min(reader.embedded_signatures, key=lambda one: one.signed_revision)
    then = reader.get_historical_resolver(first.signed_revision)
    return frozenset(name for name, _, _ in enumerate_sig_fields(then))


def _waiting(judged: list[Judged], places: list[str]) -> tuple[str, ...]:
    """Places where somebody may still sign; none once a last seal or time stamp closed the file."""
    if any(one.kind == TIME_STAMP or one.field == fields.LAST_SEAL for one in judged):
        return ()
    signed = {one.field for one in judged}
    return tuple(name for name in places if name not in signed and not fields.is_ours(name))


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


def _reason(
    pdf: bytes, judged: list[Judged], prepared: frozenset[str], places: list[str]
) -> tuple[str, dict[str, object]]:
    if not [one for one in judged if one.kind != TIME_STAMP]:
        return ("altered" if revisions.signed_ends(pdf) and not judged else "no_signature"), {}
    if not all(one.intact for one in judged):
        return "altered", {}
    if not all(_followed_well(one, last=one is judged[-1]) for one in judged) or not _every_byte(pdf, judged[-1]):
        return "appended", {}
    for number, one in enumerate(judged):
        if not one.trusted and not _vouched(one, judged[number:], prepared):
            return _distrust(one), {"name": one.name, "indication": one.weakness.standard_name}
    first = min(one.end for one in judged)
    if len(places) != len(set(places)) or not changes.same_about(pdf[:first], pdf):
        return "appended", {}
    return "ours_and_whole", {}


def _vouched(one: Judged, followed: list[Judged], prepared: frozenset[str]) -> bool:
    """Somebody's own certificate, or somebody else's time stamp, counts once an act of ours covers it; before that, a
    certificate where its place was prepared and our own time stamp says when it was made: nobody else gets one.
    """
    covered = any(later.ours and later.trusted for later in followed[1:])
    dated = one.kind != TIME_STAMP and one.witnessed and one.field in prepared
    return not one.ours and (covered or dated)


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
