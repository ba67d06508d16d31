"""An organisation's seal key inside a device (PKCS#11): it signs there and never leaves it.

Needs the package python-pkcs11 and the library of the device's maker. An installation without a device has neither:
they are looked for when one is used.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cryptography import x509
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign.signers import Signer

from documents import signing
from documents.authority import Authority, NoKey
from documents.fields import SEAL

_MSGID = "The device that holds the key of the seal cannot be used."


@dataclass(frozen=True, slots=True, repr=False)
class Device:
    """`library`: path of the maker's library; `token` and `key`: labels inside the device, the certificate bearing the
    label of its key; `hashes`: the device hashes what it signs itself (SoftHSM 2.6 does not, with elliptic curves).
    """

    library: str
    token: str
    key: str
    pin: str
    hashes: bool = False

    def __repr__(self) -> str:
        return "Device()"


def sealed(
    pdf: bytes,
    device: Device,
    authority: Authority,
    *,
    at: datetime.datetime,
    reason: str,
    location: str,
    field_name: str = SEAL,
) -> bytes:
    """The same paper, sealed by the device and time-stamped by the authority: see `documents.signing.seal_by`. Raises
    NoKey (`device`: it is not there, or refuses), CannotSign.
    """
    with _opened(device) as signer:
        said = {"at": at, "reason": reason, "location": location, "field_name": field_name}
        return signing.seal_by(pdf, signer, authority, **said)


def certificate_in(device: Device) -> x509.Certificate:
    """The organisation's certificate, as the device holds it. Raises NoKey."""
    with _opened(device) as signer:
        found = signer.signing_cert
        if found is None:
            raise NoKey("device", _MSGID)
        return x509.load_der_x509_certificate(found.dump())


@contextmanager
def _opened(device: Device) -> Iterator[Signer]:
    """A session for one signature: a device that was pulled out in between is noticed at the next."""
    try:
        from pkcs11.exceptions import PKCS11Error  # noqa: PLC0415  see above
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session  # noqa: PLC0415
    except ImportError as fault:
        raise NoKey("device", _MSGID) from fault
    try:
        token = TokenCriteria(label=device.token)
        with open_pkcs11_session(device.library, token_criteria=token, user_pin=device.pin) as session:
            signer = PKCS11Signer(
                session, cert_label=device.key, key_label=device.key, use_raw_mechanism=not device.hashes
            )
            _ = signer.signing_cert  # read now: a device without it must not be found out in the middle of a signature
            yield signer
    except (PKCS11Error, OSError, RuntimeError) as fault:
        raise NoKey("device", _MSGID) from fault
