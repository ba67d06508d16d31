"""Signatures that do not come from a root we trust, and time stamps over a whole file: what can still be said of them.

Of a stranger's certificate nothing is believed but what the mathematics show: these bytes were signed with that key.
When, is said by the time stamp, if it is one we trust.
"""

import asyncio
import datetime
import hashlib
from collections.abc import Callable

from asn1crypto import cms, parser, x509
from asn1crypto.crl import CertificateList
from cryptography.exceptions import InvalidSignature
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.generic_cms import (
    extract_certs_for_validation,
    extract_tst_data_iter,
    validate_sig_integrity,
    validate_tst_signed_data,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext

Instant = datetime.datetime


def names_a_root(certificate: x509.Certificate, roots: list[x509.Certificate]) -> bool:
    """Whether it says that one of the roots issued it; a validation decides whether that is true."""
    known = {root.key_identifier for root in roots}
    return certificate.authority_key_identifier in known


def is_intact(signature: EmbeddedPdfSignature) -> bool:
    """The bytes it covers are those that were signed, with the key of the certificate it carries."""
    try:
        intact, valid = validate_sig_integrity(
            signature.signer_info, signature.signer_cert, "data", signature.compute_digest()
        )
    except (SignatureValidationError, InvalidSignature):
        return False
    return intact and valid


def is_stamp_intact(stamp: EmbeddedPdfSignature) -> bool:
    """A time stamp over the file: its own signature holds, and the bytes are those it was made over."""
    told = stamp.signed_data["encap_content_info"]["content"]
    imprint = told.parsed["message_imprint"]
    digest = hashlib.new(stamp.md_algorithm, told.contents).digest()
    try:
        intact, valid = validate_sig_integrity(stamp.signer_info, stamp.signer_cert, "tst_info", digest)
    except (SignatureValidationError, InvalidSignature):
        return False
    covered = stamp.compute_digest(imprint["hash_algorithm"]["algorithm"].native)
    return intact and valid and imprint["hashed_message"].native == covered


def is_alone(signature: EmbeddedPdfSignature) -> bool:
    """Nothing but zeros follows the signature in the room kept for it: no signature covers that room."""
    content = signature.pkcs7_content
    return not content[parser.peek(content) :].strip(b"\0")


def stamped(signature: EmbeddedPdfSignature, roots: list[x509.Certificate], at: Instant) -> Instant | None:
    """The instant of its time stamp, if one of ours made that."""
    signed = signature.signer_info["signature"].native
    for token in extract_tst_data_iter(signature.signer_info, signed=False):
        found = confirmed(
            token, lambda kind: hashlib.new(kind, signed).digest(), revoked_in(signature.reader), roots, at
        )
        if found:
            return found
    return None


def stamped_over_file(stamp: EmbeddedPdfSignature, roots: list[x509.Certificate], at: Instant) -> Instant | None:
    """The instant of a time stamp over a file, if one of ours made it and the bytes are those it was made over."""
    return confirmed(stamp.signed_data, stamp.compute_digest, revoked_in(stamp.reader), roots, at)


def confirmed(
    token: cms.SignedData,
    imprint: Callable[[str], bytes],
    lists: list[CertificateList],
    roots: list[x509.Certificate],
    at: Instant,
) -> Instant | None:
    """The instant of a time stamp, if it leads to one of the roots and was made over these bytes, before `at`.

    `imprint`: the name of a digest → that digest of what should have been stamped.
    """
    if not names_a_root(extract_certs_for_validation(token).signer_cert, roots):
        return None
    context = ValidationContext(
        trust_roots=roots, crls=lists, allow_fetching=False, revocation_mode="require", moment=at
    )
    try:
        said = asyncio.run(validate_tst_signed_data(token, context, imprint))
    except SignatureValidationError:
        return None
    good = said["intact"] and said["valid"] and said["trust_problem_indic"] is None
    return said["timestamp"] if good and said["timestamp"] <= at else None


def revoked_in(reader: PdfFileReader) -> list[CertificateList]:
    """The lists of revoked certificates a file carries."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return []
    return [CertificateList.load(one.get_object().read_data(DecodePurpose.CRL)) for one in store.crls]
