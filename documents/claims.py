"""What a certificate says of its own rank. Nothing here checks it: a list of the European Union would."""

from typing import ClassVar

from asn1crypto import core, x509
from asn1crypto.x509 import Certificate

_STATEMENTS = "1.3.6.1.5.5.7.1.3"
_COMPLIANCE = "0.4.0.1862.1.1"  # ETSI EN 319 412-5, 4.2.1: issued as a qualified certificate


class _Statement(core.Sequence):
    _fields: ClassVar = [("id", core.ObjectIdentifier), ("info", core.Any, {"optional": True})]


class _Statements(core.SequenceOf):
    _child_spec = _Statement


def is_qualified(certificate: bytes) -> bool:
    """Whether the certificate (DER) says that it was issued as a qualified one."""
    try:
        return any(_compliant(one) for one in Certificate.load(certificate)["tbs_certificate"]["extensions"])
    except (ValueError, TypeError):
        return False


def _compliant(extension: x509.Extension) -> bool:
    if extension["extn_id"].dotted != _STATEMENTS:
        return False
    told = _Statements.load(extension["extn_value"].contents)
    return any(one["id"].dotted == _COMPLIANCE for one in told)
