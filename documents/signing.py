"""Seal and sign a paper: PAdES with the installation's own authority or somebody's own key, without any network.

The certificates and the list of revoked ones are written first, then the signature is made over the whole file and
time-stamped at once: nothing follows it, and it can be judged years later from the file alone. Each act is one
revision appended to the file; whoever calls holds the paper while it is made, for two signatures made at the same time
on the same bytes could not both stay.
"""

import asyncio
import datetime
import io
from dataclasses import dataclass
from functools import partial

from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfTimeStamper, Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator import ValidationContext

from documents.authority import Authority, NoKey
from documents.evidence import stamped_at
from documents.fields import ARCHIVE, LAST_SEAL, SEAL
from documents.personal_keys import KeyRefused, PersonalKeys
from documents.signers import (
    CachedKeySigner,
    DatedPdfSigner,
    Reserved,
    Revision,
    add_long_term,
    own_signer,
    own_stamper,
    parsed,
)

__all__ = [
    "Authority", "CannotSign", "FieldTaken", "NoKey", "NoSuchField", "OutOfTurn", "archive", "context", "free_fields",
    "own_stamper", "seal", "seal_by", "sign_for", "sign_with",
]  # fmt: skip


class CannotSign(Exception):
    """This signature cannot be made in this file; the file is as it was. `code`, English `msgid`, `params`."""

    def __init__(self, code: str, msgid: str, **params: object) -> None:
        super().__init__(msgid % params)
        self.code, self.msgid, self.params = code, msgid, params


class OutOfTurn(CannotSign):
    """Nothing may be signed any more (`closed`), or the act is dated before one already in the file (`earlier`)."""


class FieldTaken(CannotSign):
    """Somebody has signed there already (`taken`)."""


class NoSuchField(CannotSign):
    """The paper has no place of that name (`no_field`)."""


_ROOM_FOR_OTHERS = 12_000
"""Bytes for certificates not known beforehand: three of them, each of 4 kB at most."""


@dataclass(frozen=True, slots=True)
class _Act:
    """What a signature says of itself."""

    field: str
    at: datetime.datetime
    name: str | None
    reason: str
    location: str
    certify: bool = False


def seal(
    pdf: bytes,
    authority: Authority,
    *,
    at: datetime.datetime,
    reason: str,
    location: str,
    field_name: str = SEAL,
    certify: bool = False,
) -> bytes:
    """The same paper, sealed at `at` (an instant with its zone): B-LT. Raises NoKey when the keys are not valid then,
    CannotSign.

    An invisible field is made unless the paper already has one of that name. Every other signature field must exist
    before: see `documents.fields.prepare`. `certify`: the seal itself forbids, to every reader of PDF, anything but
    filling in what was prepared (DocMDP 2, ISO 32000-1, 12.8.2.2); it must then be the first signature.
    """
    authority.check(at)
    act = _Act(field_name, at, authority.seal_name, reason, location, certify)
    return _ours(pdf, authority, act, own_signer(authority), may_add_field=True)


def seal_by(
    pdf: bytes,
    signer: Signer,
    authority: Authority,
    *,
    at: datetime.datetime,
    reason: str,
    location: str,
    field_name: str = SEAL,
    stamper: TimeStamper | None = None,
) -> bytes:
    """The same paper, sealed by a key that lies elsewhere (`documents.hardware`), with an organisation's certificate:
    B-T, for what its issuer says of it is not asked. Raises NoKey, CannotSign.
    """
    authority.check(at)
    room = _own_room(authority) + 2 * _ROOM_FOR_OTHERS
    act = _Act(field_name, at, None, reason, location)
    return _ours(pdf, authority, act, signer, stamper=stamper, room=room, may_add_field=True)


def sign_for(
    pdf: bytes,
    authority: Authority,
    field: str,
    *,
    at: datetime.datetime,
    name: str,
    reason: str,
    location: str,
    stamp: bytes | None,
) -> bytes:
    """The same paper with the installation's own witness, in the prepared `field`, that `name` signed at `at`: B-LT.

    The person's level is simple, whatever stands in the field: what signs is the installation's certificate, and it
    says who gave the signature and how. `stamp`: what is seen there (`documents.stamping.drawn`), of the field's size.
    Raises NoKey, CannotSign.
    """
    authority.check(at)
    return _ours(pdf, authority, _Act(field, at, name, reason, location), own_signer(authority), stamp=stamp)


def sign_with(
    pdf: bytes,
    keys: PersonalKeys,
    authority: Authority,
    field: str,
    *,
    at: datetime.datetime,
    reason: str,
    location: str,
    stamp: bytes | None,
    stamper: TimeStamper | None = None,
) -> bytes:
    """The same paper signed in the prepared `field` with somebody's own certificate, time-stamped by `stamper`, else by
    the authority.

    The level is B-T: nothing is asked of the network, so the file cannot hold what the certificate's issuer says of
    it. Where that issuer is our own authority, or says that its certificates are never revoked, it is B-LT.
    Raises NoKey, KeyRefused (`expired`, `not_yet_valid`; `not_for_signing` when it only pretends to come from us),
    CannotSign.
    """
    authority.check(at)
    keys.check(at)
    if authority.is_named_by(keys.certificate) and not authority.issued(keys.certificate):
        raise KeyRefused("not_for_signing")
    signer = CachedKeySigner(keys.certificate, keys.key, keys.chain)
    carried = (keys.certificate, *keys.chain, authority.tsa.certificate, authority.root.certificate)
    room = Reserved(carried, own_stamp=stamper is None).characters()
    return _ours(
        pdf, authority, _Act(field, at, None, reason, location), signer, stamp=stamp, stamper=stamper, room=room
    )


def archive(pdf: bytes, authority: Authority, *, at: datetime.datetime, stamper: TimeStamper | None = None) -> bytes:
    """The same paper with a time stamp over everything in it: every B-LT signature becomes B-LTA. Nothing can be
    signed afterwards; the paper can be archived again. `stamper`: somebody else's time stamp stands under ours, for
    those who do not take our word for the time. Raises NoKey, NoToken, CannotSign.
    """
    authority.check(at)
    own = (authority.tsa.certificate, authority.root.certificate)
    if stamper:
        pdf = _stamped(pdf, authority, at, stamper, Reserved(own, own_stamp=False).characters())
    return _stamped(pdf, authority, at, own_stamper(authority, at), Reserved(own).characters())


def _stamped(pdf: bytes, authority: Authority, at: datetime.datetime, stamper: TimeStamper, room: int) -> bytes:
    writer = Revision(pdf)
    signed = list(writer.prev.embedded_signatures)
    if not signed:
        raise OutOfTurn("unsigned", "There is nothing to archive: nobody has signed this document.")
    _not_before([one for one in signed if not one.field_name.startswith(ARCHIVE)], at)
    add_long_term(writer, authority, at)
    # A document time stamp is made in a field of its own; its name must be new.
    number = 1 + sum(one.field_name.startswith(ARCHIVE) for one in signed)
    named = ARCHIVE if number == 1 else f"{ARCHIVE} {number}"
    maker = PdfTimeStamper(stamper, field_name=named)
    made = asyncio.run(maker.async_timestamp_pdf(writer, "sha256", bytes_reserved=room))
    return bytes(made.getbuffer())


def free_fields(pdf: bytes) -> tuple[str, ...]:
    """The names of the places prepared in the paper where nobody has signed yet, in the order of the file."""
    reader = PdfFileReader(io.BytesIO(pdf))
    return tuple(name for name, _, _ in enumerate_sig_fields(reader, filled_status=False))


def _ours(
    pdf: bytes,
    authority: Authority,
    act: _Act,
    signer: Signer,
    *,
    stamp: bytes | None = None,
    stamper: TimeStamper | None = None,
    room: int | None = None,
    may_add_field: bool = False,
) -> bytes:
    """One revision more. Without a running loop of its own: this cannot be called from asynchronous code."""
    writer = Revision(pdf)
    _check_turn(writer.prev, act, may_add_field=may_add_field)
    add_long_term(writer, authority, act.at)
    made = DatedPdfSigner(_said(act), signer, stamper or own_stamper(authority, act.at), act.at, appearance=stamp)
    signing = partial(made.async_sign_pdf, writer, existing_fields_only=not may_add_field)
    signed = asyncio.run(signing(bytes_reserved=room or _own_room(authority)))
    return bytes(signed.getbuffer())


def _check_turn(reader: PdfFileReader, act: _Act, *, may_add_field: bool) -> None:
    """Raise what speaks against this signature in this file."""
    signed = list(reader.embedded_signatures)
    names = {one.field_name for one in signed}
    if act.field in names:
        raise FieldTaken("taken", "This place has been signed already.", field=act.field)
    if act.field not in {name for name, _, _ in enumerate_sig_fields(reader)} and not may_add_field:
        raise NoSuchField("no_field", "This document has no place for this signature.", field=act.field)
    if LAST_SEAL in names or any(one.sig_object["/Type"] == "/DocTimeStamp" for one in signed):
        raise OutOfTurn("closed", "This document is closed: nothing can be signed in it any more.")
    if act.certify and signed:
        raise OutOfTurn("not_first", "Only the first signature of a document can forbid changes.")
    _not_before(signed, act.at)


def _not_before(signed: list, at: datetime.datetime) -> None:
    stamps = [stamp for stamp in map(stamped_at, signed) if stamp]
    if stamps and at < max(stamps):
        raise OutOfTurn("earlier", "A signature cannot be dated before the one that precedes it.")


def _said(act: _Act) -> PdfSignatureMetadata:
    return PdfSignatureMetadata(
        field_name=act.field,
        md_algorithm="sha256",
        reason=act.reason or None,
        location=act.location or None,
        name=act.name,
        subfilter=SigSeedSubFilter.PADES,
        certify=act.certify,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )


def _own_room(authority: Authority) -> int:
    parts: tuple[x509.Certificate, ...] = (authority.seal.certificate, authority.root.certificate)
    return Reserved((*parts, authority.tsa.certificate, authority.root.certificate)).characters()


def context(authority: Authority, at: datetime.datetime) -> ValidationContext:
    """What the authority says of its own certificates at `at`, without any network."""
    root = parsed(authority.root.certificate)
    others = [parsed(part.certificate) for part in (authority.seal, authority.tsa)]
    return ValidationContext(
        trust_roots=[root],
        other_certs=others,
        crls=[authority.revocations(at)],
        allow_fetching=False,
        revocation_mode="require",
        moment=at,
        time_tolerance=datetime.timedelta(seconds=1),
    )
