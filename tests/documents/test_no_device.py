"""A seal key in a device that is not there seals nothing."""

import pytest

from documents import hardware, signing
from documents.authority import NoKey
from documents.fields import SEAL
from documents.hardware import Device
from tests.documents.parties import AT

NOWHERE = Device("/nowhere/library.so", "relais", "sceau", "271828")


def test_without_the_device_there_is_no_document(prepared, authority):
    with pytest.raises(NoKey) as refused:
        hardware.sealed(prepared, NOWHERE, authority, at=AT, reason="", location="")
    assert refused.value.code == "device"
    assert SEAL in signing.free_fields(prepared)


def test_a_device_tells_nobody_its_pin():
    assert "271828" not in f"{NOWHERE} {NOWHERE!r}"
