"""The installation's own authority: where its keys lie, and whether they may be used. No key, no document.

Files of the directory, mode 600: `root.pem`, `seal.pem`, `tsa.pem`, each a private key followed by its certificate.
"""

import datetime
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from documents import (
    certificates,
    der,  # noqa: F401  mends how the library writes, before anything is written
)
from documents.certificates import Certified

PARTS = ("root", "seal", "tsa")


class NoKey(Exception):
    """No usable key, so no document. `code`: missing, unreadable, mismatch, expired, not_yet_valid, exists."""

    def __init__(self, code: str, msgid: str, **params: object) -> None:
        super().__init__(msgid % params)
        self.code, self.msgid, self.params = code, msgid, params


@dataclass(frozen=True, slots=True)
class Authority:
    """Keys read once: keep the object for the life of the process."""

    root: Certified
    seal: Certified
    tsa: Certified

    @classmethod
    def create(cls, directory: Path, *, name: str, now: datetime.datetime) -> Self:
        """Make the authority of `name` in `directory` (created, mode 700). Raises NoKey("exists") over an older one."""
        root = certificates.new_root(name, now)
        made = cls(root, certificates.new_seal(root, name, now), certificates.new_time_stamper(root, name, now))
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for part in PARTS:
            write_part(directory / f"{part}.pem", getattr(made, part))
        return made

    @classmethod
    def load(cls, directory: Path) -> Self:
        """The authority kept in `directory`. Raises NoKey: missing, unreadable, mismatch."""
        found = cls(*(_read(directory / f"{part}.pem") for part in PARTS))
        for part in PARTS:
            if not found.issued(getattr(found, part).certificate):
                # Whoever judges a paper has the root alone: a seal it did not issue would be worth nothing.
                msgid = "The certificate in %(file)s was not issued by this root."
                raise NoKey("mismatch", msgid, file=f"{part}.pem")
        return found

    @property
    def trust_roots(self) -> tuple[bytes, ...]:
        """What a verification trusts: DER certificates."""
        return (self.root.certificate.public_bytes(serialization.Encoding.DER),)

    @property
    def fingerprints(self) -> frozenset[str]:
        """SHA-256 of its certificates."""
        parts = (getattr(self, part).certificate for part in PARTS)
        return frozenset(one.fingerprint(hashes.SHA256()).hex() for one in parts)

    @property
    def seal_name(self) -> str:
        return _common_name(self.seal.certificate)

    @property
    def expires_at(self) -> datetime.datetime:
        """The instant after which nothing can be sealed."""
        return min(certificates.key_ends(getattr(self, part).certificate) for part in PARTS)

    @property
    def starts_at(self) -> datetime.datetime:
        return max(getattr(self, part).certificate.not_valid_before_utc for part in PARTS)

    def issued(self, certificate: x509.Certificate) -> bool:
        """Whether the root signed it."""
        return _issued(self.root.certificate, certificate)

    def is_named_by(self, certificate: x509.Certificate) -> bool:
        """Whether it says that the root issued it: by the issuer's name, or by the number of the issuer's key."""
        if certificate.issuer == self.root.certificate.subject:
            return True
        try:
            named = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
        except (x509.ExtensionNotFound, ValueError):
            return False
        ours = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root.key.public_key())
        return named.key_identifier == ours.key_identifier

    def days_left(self, at: datetime.datetime) -> int:
        """Whole days during which documents can still be sealed; negative once none can."""
        return (self.expires_at - at).days

    def check(self, at: datetime.datetime) -> None:
        """Raise NoKey unless every key may be used at `at`."""
        if at > self.expires_at:
            msgid = "The seal certificate expired on %(date)s: no document can be sealed."
            raise NoKey("expired", msgid, date=self.expires_at.date().isoformat())
        if at < self.starts_at:
            msgid = "The seal certificate is not valid before %(date)s: no document can be sealed."
            raise NoKey("not_yet_valid", msgid, date=self.starts_at.date().isoformat())

    def revocations(self, at: datetime.datetime) -> asn1_crl.CertificateList:
        made = certificates.revocation_list(self.root, at)
        return asn1_crl.CertificateList.load(made.public_bytes(serialization.Encoding.DER))


def as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _common_name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value)


def _issued(root: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def write_part(path: Path, certified: Certified) -> None:
    """A key with its certificate, mode 600. Raises NoKey("exists") over an older one."""
    key = certified.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise NoKey("exists", "There is already a key in %(file)s; it was kept.", file=path.name) from None
    with os.fdopen(handle, "wb") as file:
        file.write(key + certified.certificate.public_bytes(serialization.Encoding.PEM))


def _read(path: Path) -> Certified:
    try:
        pem = path.read_bytes()
    except FileNotFoundError:
        raise NoKey("missing", "The key file %(file)s is missing.", file=path.name) from None
    except OSError:
        raise NoKey("unreadable", "The key file %(file)s cannot be read.", file=path.name) from None
    try:
        key = serialization.load_pem_private_key(pem, password=None)
        certificate = x509.load_pem_x509_certificate(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise NoKey("unreadable", "The key file %(file)s cannot be read.", file=path.name) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise NoKey("mismatch", "Key and certificate in %(file)s do not belong together.", file=path.name)
    return Certified(key, certificate)
