"""A seal beside a file: CMS, detached, for the working copy in Word, which cannot carry a seal of its own.

CAdES baseline with time stamp, certificates and list of revoked ones (ETSI EN 319 122-1): the file stays as it is, and
`openssl cms -verify` reads the seal.
"""

import asyncio
import datetime
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from asn1crypto import cms, x509
from asn1crypto.crl import CertificateList
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import (
    extract_certs_for_validation,
    extract_signer_info,
    extract_tst_data_iter,
    validate_sig_integrity,
)
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from documents import hostile, strangers
from documents.authority import Authority
from documents.long_term import common_name
from documents.signers import own_signer, own_stamper

MOST_BYTES = 100_000
MESSAGES: Mapping[str, str] = {
    "authentic": "This file is the one that was sealed here.",
    "changed": "This file is not the one this seal was made for, or it was changed since.",
    "not_ours": "This seal was not made here.",
    "unreadable": "This is not a seal that can be read.",
}


@dataclass(frozen=True, slots=True)
class Beside:
    """`reason`: a key of MESSAGES; `name`: in the certificate; `time`: what our own time stamp says."""

    ok: bool
    reason: str
    name: str = ""
    time: datetime.datetime | None = None

    @property
    def message(self) -> str:
        return MESSAGES[self.reason]


def sealed(docx: bytes, authority: Authority, at: datetime.datetime) -> bytes:
    """The seal (.p7s, DER) of any file, made at `at`. Raises NoKey."""
    authority.check(at)
    signing = own_signer(authority).async_sign_general_data(
        docx,
        "sha256",
        detached=True,
        use_cades=True,
        timestamper=own_stamper(authority, at),
        signed_attr_settings=PdfCMSSignedAttributes(signing_time=at),
    )
    made = asyncio.run(signing)
    made["content"]["crls"] = [cms.RevocationInfoChoice({"crl": authority.revocations(at)})]
    return made.dump(force=True)


def checked(docx: bytes, p7s: bytes, roots: Iterable[bytes], at: datetime.datetime) -> Beside:
    """Judge a seal beside a file, as of `at`. `roots`: DER certificates."""
    try:
        return _checked(docx, p7s, [x509.Certificate.load(der) for der in roots], at)
    except hostile.ERRORS:
        return Beside(False, "unreadable")


def _checked(docx: bytes, p7s: bytes, roots: list[x509.Certificate], at: datetime.datetime) -> Beside:
    if len(p7s) > MOST_BYTES:
        return Beside(False, "unreadable")
    signed = cms.ContentInfo.load(p7s, strict=True)["content"]
    info, found = extract_signer_info(signed), extract_certs_for_validation(signed)
    digest = hashlib.new(info["digest_algorithm"]["algorithm"].native, docx).digest()
    name = common_name(found.signer_cert.subject)
    lists = [one.chosen for one in signed["crls"] if isinstance(one.chosen, CertificateList)]
    since = _stamped(info, roots, lists, at)
    if not since or not _trusted(found.signer_cert, list(found.other_certs), roots, lists, at):
        return Beside(False, "not_ours")
    good = all(validate_sig_integrity(info, found.signer_cert, "data", digest))
    return Beside(good, "authentic" if good else "changed", name, since)


def _stamped(info: cms.SignerInfo, roots: list, lists: list, at: datetime.datetime) -> datetime.datetime | None:
    """When, by a time stamp of ours."""
    value = info["signature"].native
    for token in extract_tst_data_iter(info, signed=False):
        found = strangers.confirmed(token, lambda kind: hashlib.new(kind, value).digest(), lists, roots, at)
        if found:
            return found
    return None


def _trusted(signer: x509.Certificate, others: list, roots: list, lists: list, at: datetime.datetime) -> bool:
    if not strangers.names_a_root(signer, roots):
        return False
    context = ValidationContext(
        trust_roots=roots, crls=lists, allow_fetching=False, revocation_mode="require", moment=at
    )
    validator = CertificateValidator(signer, intermediate_certs=others, validation_context=context)
    try:
        asyncio.run(validator.async_validate_usage({"non_repudiation"}))
    except (PathError, ValidationError, SignatureValidationError):
        return False
    return True
