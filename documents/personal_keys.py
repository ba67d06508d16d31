"""Somebody's own certificate and key out of a PKCS#12 file (.p12, .pfx), used once and kept nowhere.

Such a file says itself how much work opening it is, and a hostile one says "for ever": it is opened by a bounded
process first, and here only if that one came through.
"""

from __future__ import annotations

import base64
import datetime
import json
import subprocess
import sys
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from documents import limits
from documents.holders import Holder, holder_of

MOST_BYTES = 200_000
"""A key with its chain weighs 3 to 10 kB."""
SECONDS, MEMORY = 2, 1_000_000_000
"""A million turns of the derivation, fifty times what today’s tools write, take half a second."""
_WRONG, _OTHER = 3, 4
LEAST_RSA_BITS = 2048
_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)

MESSAGES = {
    "wrong_password": "The password does not open this file.",
    "not_pkcs12": "This file does not hold a certificate with its key (.p12 or .pfx).",
    "no_key": "This file holds no private key that can sign.",
    "weak_key": "The key of this certificate is too weak to sign today: ask whoever issued it for another one.",
    "expired": "This certificate expired on %(date)s.",
    "not_yet_valid": "This certificate is not valid before %(date)s.",
    "not_for_signing": "This certificate was not issued for signing documents.",
    "too_big": "This file is too large, or asks for too much work, to be a certificate with its key.",
}


class KeyRefused(Exception):
    """The file cannot be used to sign. `code`: a key of MESSAGES; nothing in it tells what file or password hold."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.msgid, self.params = code, MESSAGES[code], params


@dataclass(frozen=True, slots=True, repr=False)
class PersonalKeys:
    """A key with its certificate and what came with it; says nothing of itself when printed."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    chain: tuple[x509.Certificate, ...] = field(default=())

    def __repr__(self) -> str:
        return "PersonalKeys()"

    @property
    def name(self) -> str:
        return _said(self.certificate.subject)

    @property
    def issuer(self) -> str:
        return _said(self.certificate.issuer)

    @property
    def serial(self) -> int:
        return self.certificate.serial_number

    @property
    def not_before(self) -> datetime.datetime:
        return self.certificate.not_valid_before_utc

    @property
    def not_after(self) -> datetime.datetime:
        return self.certificate.not_valid_after_utc

    @property
    def holder(self) -> Holder:
        return holder_of(self.certificate.public_bytes(Encoding.DER))

    def check(self, at: datetime.datetime) -> None:
        """Raise KeyRefused unless the certificate is valid at `at`."""
        if at > self.not_after:
            raise KeyRefused("expired", date=self.not_after.date().isoformat())
        if at < self.not_before:
            raise KeyRefused("not_yet_valid", date=self.not_before.date().isoformat())


def open(p12: bytes, password: str, *, at: datetime.datetime) -> PersonalKeys:
    """The key and certificate in the file. Raises KeyRefused. Takes a tenth of a second, four at the very most."""
    if len(p12) > MOST_BYTES:
        raise KeyRefused("too_big")
    _try_apart(p12, password)
    found = _loaded(p12, password)
    if not isinstance(found.key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) or found.cert is None:
        raise KeyRefused("no_key")
    opened = PersonalKeys(found.cert.certificate, found.key, tuple(one.certificate for one in found.additional_certs))
    _check_strength(opened.key)
    _check_purpose(opened.certificate)
    opened.check(at)
    return opened


def _try_apart(p12: bytes, password: str) -> None:
    """Open it in a process that may neither compute for long nor take much memory. Raises KeyRefused."""
    order = json.dumps({"file": base64.b64encode(p12).decode(), "password": password})
    command = [sys.executable, "-m", "documents.personal_keys"]
    try:
        tried = subprocess.run(  # noqa: S603  our own module
            command, input=order.encode(), capture_output=True, timeout=SECONDS * 4, check=False
        )
    except subprocess.TimeoutExpired:
        raise KeyRefused("too_big") from None
    if tried.returncode == _WRONG:
        raise KeyRefused("wrong_password")
    if tried.returncode == _OTHER:
        raise KeyRefused("not_pkcs12")
    if tried.returncode != 0:
        raise KeyRefused("too_big")


def _loaded(p12: bytes, password: str) -> pkcs12.PKCS12KeyAndCertificates:
    try:
        return pkcs12.load_pkcs12(p12, password.encode())
    except ValueError as fault:
        code = "wrong_password" if "password" in str(fault).lower() else "not_pkcs12"
        raise KeyRefused(code) from None
    except (TypeError, NotImplementedError, x509.UnsupportedGeneralNameType):
        raise KeyRefused("not_pkcs12") from None


def _check_strength(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> None:
    """What is accepted today: RSA from 2048 bits, the three NIST curves (ANSSI, Guide des mécanismes, 2.2)."""
    weak = key.key_size < LEAST_RSA_BITS if isinstance(key, rsa.RSAPrivateKey) else not isinstance(key.curve, _CURVES)
    if weak:
        raise KeyRefused("weak_key")


def _check_purpose(certificate: x509.Certificate) -> None:
    """A certificate that states its uses must state this one (RFC 5280, 4.2.1.3; ETSI EN 319 412-2, 4.3.2)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        raise KeyRefused("not_for_signing") from None
    except ValueError:
        raise KeyRefused("not_pkcs12") from None
    if not usage.content_commitment or _is_authority(certificate):
        raise KeyRefused("not_for_signing")


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _said(name: x509.Name) -> str:
    """The common name, else the organisation, else everything."""
    for known in (x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME):
        for one in name.get_attributes_for_oid(known):
            return str(one.value)
    return name.rfc4514_string()


def main() -> int:
    """Standard input: the file and its password; the exit code says whether it opens."""
    limits.hold(SECONDS, MEMORY)
    told = json.loads(sys.stdin.buffer.read())
    try:
        _loaded(base64.b64decode(told["file"]), told["password"])
    except KeyRefused as refused:
        return _WRONG if refused.code == "wrong_password" else _OTHER
    return 0


if __name__ == "__main__":
    sys.exit(main())
