"""Deep structures are written once per level, whatever their lengths; the bytes stay what they were."""

import pytest
from asn1crypto import cms, core, tsp, x509

from documents import der

LENGTH_THAT_ENDS_IN_0X80 = 384


class Wrapped(core.Sequence):
    _fields = [("value", core.Any), ("more", core.OctetString)]  # noqa: RUF012  the library's own way


def _deep(levels: int, filling: int) -> core.Sequence:
    value: core.Asn1Value = core.OctetString(b"x" * filling)
    for _ in range(levels):
        value = Wrapped({"value": value, "more": b"-"})
    return value


@pytest.mark.parametrize("filling", range(100, 400, 3))
def test_forty_levels_are_written_whatever_their_length(filling: int) -> None:
    """At twice per level this would not end."""
    value = _deep(40, filling)
    written = value.dump()
    assert Wrapped.load(written).dump() == written
    assert written.count(b"x" * filling) == 1


def test_a_length_that_ends_in_0x80_is_not_the_indefinite_form() -> None:
    definite = core.OctetString(b"x" * LENGTH_THAT_ENDS_IN_0X80).dump()[:4]
    assert definite[-1:] == b"\x80"
    assert not der.indefinite(definite)
    assert der.indefinite(b"\x30\x80")
    assert not der.indefinite(None)


def test_default_values_and_optional_fields_are_written_as_before() -> None:
    info = tsp.ESSCertIDv2({"hash_algorithm": {"algorithm": "sha256"}, "cert_hash": b"h" * 32})
    assert info.dump() == bytes.fromhex("3022") + b"\x04\x20" + b"h" * 32
    name = x509.Name.build({"common_name": "Relais"})
    attribute = cms.CMSAttribute({"type": "content_type", "values": ["data"]})
    assert x509.Name.load(name.dump()).native == {"common_name": "Relais"}
    assert cms.CMSAttribute.load(attribute.dump()).dump() == attribute.dump()
