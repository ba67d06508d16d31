"""A seal whose key lies in a device: SoftHSM stands for it."""

import os
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from documents import hardware, signing
from documents.authority import NoKey
from documents.fields import SEAL
from documents.hardware import Device
from documents.verification import verify
from tests.documents.parties import AT, MINUTE, certificate, issuing, signed_on_screen, usage

LIBRARY = next(one for one in Path("/usr/lib").glob("**/softhsm/libsofthsm2.so"))
PIN = "271828"


@pytest.fixture(scope="module")
def device(tmp_path_factory) -> Device:
    """A device with the key and certificate of an organisation."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    told = ["--init-token", "--free", "--label", "relais", "--pin", PIN, "--so-pin", PIN]
    subprocess.run(["softhsm2-util", *told], check=True, capture_output=True)
    _furnish(folder)
    return Device(str(LIBRARY), "relais", "sceau", PIN)


def _furnish(folder):
    from pkcs11 import Attribute, ObjectClass, lib

    issuer, _ = issuing()
    key = ec.generate_private_key(ec.SECP256R1())
    made = certificate(key, "Ville de Lyon", issuer, "AC Exemple", usage=usage(content_commitment=True))
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(pem)
    told = ["--import", folder / "key.pem", "--token", "relais", "--label", "sceau", "--id", "01", "--pin", PIN]
    subprocess.run(["softhsm2-util", *told], check=True, capture_output=True)
    der = made.public_bytes(serialization.Encoding.DER)
    with lib(str(LIBRARY)).get_token(token_label="relais").open(rw=True, user_pin=PIN) as session:
        session.create_object(
            {
                Attribute.CLASS: ObjectClass.CERTIFICATE,
                Attribute.CERTIFICATE_TYPE: 0,
                Attribute.TOKEN: True,
                Attribute.LABEL: "sceau",
                Attribute.ID: b"\1",
                Attribute.SUBJECT: made.subject.public_bytes(),
                Attribute.VALUE: der,
            }
        )


def test_the_device_seals_and_the_authority_says_when(prepared, authority, device):
    pdf = hardware.sealed(prepared, device, authority, at=AT, reason="Convention émise", location="Lyon")
    both = signed_on_screen(pdf, authority, [("bailleur", "Anne Mercier")])
    verdict = verify(both, trust_roots=authority.trust_roots, known=None, at=AT + 30 * MINUTE)
    seal = verdict.signatures[0]
    assert verdict.ok, verdict
    assert (seal.field, seal.kind, seal.name, seal.level, seal.time) == (SEAL, "seal", "Ville de Lyon", "B-T", AT)


@pytest.mark.parametrize("wrong", [{"pin": "0000"}, {"key": "autre"}, {"token": "autre"}, {"library": "/nowhere.so"}])
def test_a_device_that_cannot_be_used_seals_nothing(prepared, authority, device, wrong):
    told = {name: getattr(device, name) for name in ("library", "token", "key", "pin")} | wrong
    with pytest.raises(NoKey) as refused:
        hardware.sealed(prepared, Device(**told), authority, at=AT, reason="", location="")
    assert refused.value.code == "device"
    assert SEAL in signing.free_fields(prepared)


def test_a_device_tells_nobody_its_pin(device):
    assert PIN not in f"{device} {device!r}"
