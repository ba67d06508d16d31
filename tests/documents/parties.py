"""A convention of four signatories, their keys, and what they do to it. Invented people only."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID, ObjectIdentifier

from documents import personal_keys, signing

AT = datetime.datetime(2026, 11, 2, 9, 0, tzinfo=datetime.UTC)
MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)
PASSWORD = "colline-du-midi"
CONVENTION = """---
title: "Convention de relogement"
lang: fr
---
# Objet

Les parties s’engagent à reloger les ménages du quartier {{ operation }}.

# Loyers

Le loyer de sortie ne dépasse pas {{ rent | euro }}.

{% pagebreak %}

# Durée

La convention s’achève le {{ day | date_longue }}.

{% signature name: "Anne Mercier", capacity: "Présidente", field: "bailleur" %}
{% signature name: "Bruno Diallo", capacity: "Directeur général", field: "office" %}
{% signature name: "Chloé Vidal", capacity: "Adjointe au maire", field: "ville" %}
{% signature name: "David Nguyen", capacity: "Sous-préfet", field: "etat" %}
"""
ON_SCREEN = (("bailleur", "Anne Mercier"), ("office", "Bruno Diallo"), ("ville", "Chloé Vidal"))
CERTIFIED = "etat"


def usage(**said: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: said.get(name, False) for name in names})


def named(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def issuing(name: str = "AC Exemple"):
    """Somebody else's authority: a key and its certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    basic = x509.BasicConstraints(ca=True, path_length=None)
    return key, certificate(key, name, key, name, usage=usage(key_cert_sign=True, crl_sign=True), basic=basic)


def certificate(key, name, issuer_key, issuer, *, usage=None, basic=None, start=-DAY, end=400 * DAY, more=()):
    made = x509.CertificateBuilder().subject_name(named(name)).issuer_name(named(issuer)).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(AT + start).not_valid_after(AT + end)
    extensions = [(one, True) for one in (usage, basic) if one] + [(one, False) for one in more]
    if not any(isinstance(one, x509.AuthorityKeyIdentifier) for one in more):
        extensions.append((x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False))
    for extension, critical in extensions:
        made = made.add_extension(extension, critical=critical)
    return made.sign(issuer_key, hashes.SHA256())


def personal_file(name="David Nguyen", *, kind="ec", password=PASSWORD, encryption=None, signs=True, **dates) -> bytes:
    """A PKCS#12 file as an authority hands it to somebody."""
    issuer_key, issuer = issuing()
    key = rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
    said = usage(digital_signature=True, content_commitment=signs)
    made = certificate(key, name, issuer_key, "AC Exemple", usage=said, **dates)
    how = encryption or serialization.BestAvailableEncryption(password.encode())
    return pkcs12.serialize_key_and_certificates(b"x", key, made, [issuer], how)


def personal_keys_of(name="David Nguyen", **how) -> personal_keys.PersonalKeys:
    return personal_keys.open(personal_file(name, **how), PASSWORD, at=AT)


def sealed_first(prepared, authority, *, certify=False):
    return signing.seal(prepared, authority, at=AT, reason="Convention émise", location="Lyon", certify=certify)


def signed_on_screen(pdf, authority, places=ON_SCREEN, stamps=None, since=AT + MINUTE):
    """One after the other, a minute apart."""
    for number, (place, name) in enumerate(places):
        said = {"name": name, "reason": "Signé à l’écran", "location": "Lyon"}
        stamp = (stamps or {}).get(place)
        pdf = signing.sign_for(pdf, authority, place, at=since + number * MINUTE, stamp=stamp, **said)
    return pdf


def signed_by_all(prepared, authority, keys, stamps=None):
    """Sealed, signed three times on the screen and once with a certificate."""
    pdf = signed_on_screen(sealed_first(prepared, authority), authority, stamps=stamps)
    said = {"reason": "Signé avec un certificat", "location": "Lyon", "stamp": (stamps or {}).get(CERTIFIED)}
    return signing.sign_with(pdf, keys, authority, CERTIFIED, at=AT + 10 * MINUTE, **said)


QUALIFIED = x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.5.5.7.1.3"), bytes.fromhex("300a3008060604008e460101"))
NEVER_REVOKED = x509.UnrecognizedExtension(ObjectIdentifier("0.4.0.194121.2.1"), bytes.fromhex("0500"))
