"""Whose certificate made a signature, by its own word: nothing of it is checked here."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass

from asn1crypto import x509

from documents import claims


@dataclass(frozen=True, slots=True)
class Holder:
    """What a certificate says. `fingerprint`: its SHA-256; `since`, `until`: between which instants it is valid;
    `claims_qualified`: it says of itself that it is qualified.
    """

    name: str
    issuer: str
    fingerprint: str
    since: datetime.datetime
    until: datetime.datetime
    claims_qualified: bool = False

    def was_valid(self, at: datetime.datetime) -> bool:
        return self.since <= at <= self.until


def common_name(name: x509.Name) -> str:
    """What a certificate calls somebody."""
    said = name.native.get("common_name") or name.native.get("organization_name") or ""
    return said if isinstance(said, str) else ", ".join(said)


def holder_of(certificate: bytes) -> Holder:
    """Of a certificate in DER. Raises ValueError when it is none."""
    read = x509.Certificate.load(certificate)
    return Holder(
        common_name(read.subject),
        common_name(read.issuer),
        hashlib.sha256(certificate).hexdigest(),
        read.not_valid_before,
        read.not_valid_after,
        claims.is_qualified(certificate),
    )
