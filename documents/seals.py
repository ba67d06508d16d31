"""With whose key a paper is sealed: the installation's own, an organisation's from a file, or one in a device.

Whatever seals, the own authority says when: a seal by somebody else's certificate counts here because our time stamp
dates it in a place that was prepared for it (`documents.verification`).
"""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from documents import hardware, personal_keys, signing
from documents.authority import Authority, NoKey
from documents.certificates import key_ends
from documents.fields import SEAL, prepare
from documents.hardware import Device
from documents.personal_keys import KeyRefused, PersonalKeys
from documents.signers import CachedKeySigner

_NOT_READ = "The certificate of the seal cannot be read."
_NOT_VALID = "The certificate of the seal cannot be used."


@dataclass(frozen=True, slots=True, repr=False)
class Seal:
    """What seals. At most one of `keys` (from a PKCS#12 file) and `device`; neither: the own authority's key."""

    authority: Authority
    keys: PersonalKeys | None = None
    device: Device | None = None

    def __repr__(self) -> str:
        return "Seal()"

    @property
    def ends(self) -> datetime.datetime:
        """After which nothing can be sealed; a device is asked for its certificate. Raises NoKey."""
        return min(self.authority.expires_at, *(ends for _name, ends in certificates(self)))

    def check(self, at: datetime.datetime) -> None:
        """Raise NoKey unless it may seal at `at`."""
        self.authority.check(at)
        if self.keys:
            try:
                self.keys.check(at)
            except KeyRefused as fault:
                raise NoKey(fault.code, _NOT_VALID) from fault

    def sealed(self, pdf: bytes, *, at: datetime.datetime, reason: str, location: str, field_name: str = SEAL) -> bytes:
        """The same paper with one seal more. Raises NoKey, CannotSign."""
        self.check(at)
        said = {"at": at, "reason": reason, "location": location, "field_name": field_name}
        if self.keys is None and self.device is None:
            return signing.seal(pdf, self.authority, **said)
        if field_name not in signing.free_fields(pdf) and not _is_signed(pdf):
            pdf = prepare(pdf, (), seals={field_name: field_name})
        if self.device is not None:
            return hardware.sealed(pdf, self.device, self.authority, **said)
        return signing.seal_by(pdf, _signer(self.keys), self.authority, **said)


def certificates(seal: Seal) -> tuple[tuple[str, datetime.datetime], ...]:
    """(seal | time | root | organisation, until when it may be used), of each certificate behind a seal."""
    own = seal.authority
    found = [(name, key_ends(part.certificate)) for name, part in (("time", own.tsa), ("root", own.root))]
    if seal.keys is not None:
        found.append(("organisation", seal.keys.not_after))
    elif seal.device is not None:
        found.append(("organisation", _ends(hardware.certificate_in(seal.device))))
    return (("seal", key_ends(own.seal.certificate)), *found)


def read(path: Path, password: str, at: datetime.datetime) -> PersonalKeys:
    """The organisation's certificate with its key (.p12, .pfx). Raises NoKey: unreadable, expired, not_yet_valid."""
    try:
        return personal_keys.open(path.read_bytes(), password, at=at)
    except OSError as fault:
        raise NoKey("unreadable", _NOT_READ) from fault
    except KeyRefused as fault:
        code = fault.code if fault.code in ("expired", "not_yet_valid") else "unreadable"
        raise NoKey(code, _NOT_VALID) from fault


def _signer(keys: PersonalKeys | None) -> CachedKeySigner:
    if keys is None:
        raise NoKey("missing", _NOT_READ)
    return CachedKeySigner(keys.certificate, keys.key, keys.chain)


def _is_signed(pdf: bytes) -> bool:
    """Nothing may be prepared any more in a paper that bears a signature."""
    return bool(PdfFileReader(io.BytesIO(pdf)).embedded_signatures)


def _ends(certificate: x509.Certificate) -> datetime.datetime:
    return certificate.not_valid_after_utc
