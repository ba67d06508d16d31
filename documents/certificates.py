"""The certificates of an own authority: root, seal and time-stamping unit, all on P-256 (RFC 5280; RFC 3161, 2.3)."""

import datetime
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LABEL = "Relais own authority (not a qualified provider)"
ROOT_LIFE = datetime.timedelta(days=3652)
# Certificates live as long as the root, so that the last seal can still be judged years later; the keys sign only
# during the first three years (PrivateKeyUsagePeriod, X.509 8.2.2.5), as time-stamping authorities do.
KEY_LIFE = datetime.timedelta(days=1095)
# Clocks of one installation differ by minutes, never by an hour.
CLOCK_SLACK = datetime.timedelta(hours=1)

Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Certified:
    """A key and the certificate that names it."""

    key: Key
    certificate: x509.Certificate


def new_root(name: str, now: datetime.datetime) -> Certified:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _subject(f"{name} – root", name)
    builder = _builder(subject, subject, key, now, ROOT_LIFE)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    return Certified(key, builder.sign(key, hashes.SHA256()))


def new_seal(root: Certified, name: str, now: datetime.datetime) -> Certified:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _issued(root, _subject(name, name), key, now)
    # pyHanko, like ETSI EN 319 412-2, wants non-repudiation ("content commitment") on what signs documents.
    builder = builder.add_extension(_usage(digital_signature=True, content_commitment=True), critical=True)
    return Certified(key, builder.sign(root.key, hashes.SHA256()))


def new_time_stamper(root: Certified, name: str, now: datetime.datetime) -> Certified:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _issued(root, _subject(f"{name} – time stamps", name), key, now)
    builder = builder.add_extension(_usage(digital_signature=True), critical=True)
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    return Certified(key, builder.add_extension(purpose, critical=True).sign(root.key, hashes.SHA256()))


def key_ends(certificate: x509.Certificate) -> datetime.datetime:
    """When the key of a certificate stops signing: its usage period when it has one, else the certificate itself."""
    try:
        ends = certificate.extensions.get_extension_for_class(x509.PrivateKeyUsagePeriod).value.not_after
    except x509.ExtensionNotFound:
        return certificate.not_valid_after_utc
    return ends.replace(tzinfo=datetime.UTC) if ends else certificate.not_valid_after_utc


def revocation_list(root: Certified, at: datetime.datetime) -> x509.CertificateRevocationList:
    """The list of revoked certificates as it is at `at`: empty.

    It announces no other before the root ends, so that a paper sealed with it is judged from the file and the root
    alone, without asking anybody for a newer list.
    """
    number = int(at.timestamp())
    builder = x509.CertificateRevocationListBuilder().issuer_name(root.certificate.subject)
    builder = builder.last_update(at.replace(microsecond=0)).next_update(root.certificate.not_valid_after_utc)
    builder = builder.add_extension(x509.CRLNumber(number), critical=False)
    return builder.add_extension(_authority_key(root), critical=False).sign(root.key, hashes.SHA256())


def _subject(common_name: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, LABEL[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64]),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Key, now: datetime.datetime, life: datetime.timedelta
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - CLOCK_SLACK).not_valid_after(now + life)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)


def _issued(root: Certified, subject: x509.Name, key: Key, now: datetime.datetime) -> x509.CertificateBuilder:
    life = min(ROOT_LIFE, root.certificate.not_valid_after_utc - now)  # never longer than whoever vouches for it
    builder = _builder(subject, root.certificate.subject, key, now, life)
    period = x509.PrivateKeyUsagePeriod(now - CLOCK_SLACK, now + KEY_LIFE)
    builder = builder.add_extension(period, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    return builder.add_extension(_authority_key(root), critical=False)


def _authority_key(root: Certified) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())


def _usage(**allowed: bool) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: allowed.get(name, False) for name in names})
