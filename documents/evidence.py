"""Since when the certificates and revocation lists inside a signed PDF are known to exist.

The time stamp of a signature dates everything the signature covers. Our seals cover the store of long-term data
(`/DSS`), so that store existed when the stamp was made; what is added later is only known to exist now.
"""

import datetime
from collections.abc import Iterator

from asn1crypto import x509
from asn1crypto.crl import CertificateList
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.sign.validation import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_certs_for_validation, extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import LocalKnowledge
from pyhanko_certvalidator.ltv.poe import KnownPOE
from pyhanko_certvalidator.revinfo.archival import CRLContainer


def stamped_at(signature: EmbeddedPdfSignature) -> datetime.datetime | None:
    """What the signature's own time stamp claims, or a time stamp over the file; whether to believe it is for the
    validation to say.
    """
    if signature.sig_object_type == "/DocTimeStamp":
        return signature.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
    for stamp in extract_tst_data_iter(signature.signer_info, signed=False):
        return stamp["encap_content_info"]["content"].parsed["gen_time"].native
    return None


def knowledge(signature: EmbeddedPdfSignature, roots: list[x509.Certificate], at: datetime.datetime) -> LocalKnowledge:
    """Proofs of existence for `ades_lta_validation`: only good together with a valid time stamp.

    Whatever is left without proof, pyHanko dates by the clock of the machine; so everything in the file gets one. The
    roots come from outside the file and are as old as they say.
    """
    proofs = [proof for root in roots for proof in _known(LocalKnowledge(known_certs=[root]), _birth(root))]
    proofs += list(_known(_in_store(signature.reader), at)) + list(_known(_in_signature(signature), at))
    since = stamped_at(signature)
    if since is not None and since <= at:
        covered = signature.reader.get_historical_resolver(signature.signed_revision)
        proofs += _known(_without_stampers(_in_store(covered), signature), since)
    return LocalKnowledge(known_poes=proofs)


def _birth(root: x509.Certificate) -> datetime.datetime:
    return root["tbs_certificate"]["validity"]["not_before"].native


def _without_stampers(store: LocalKnowledge, signature: EmbeddedPdfSignature) -> LocalKnowledge:
    """A time stamp cannot prove how old its own certificate is: once that has expired, only a later stamp can."""
    stampers = {certificate.sha256 for certificate in _stampers(signature)}
    kept = [certificate for certificate in store.known_certs if certificate.sha256 not in stampers]
    return LocalKnowledge(known_crls=store.known_crls, known_certs=kept)


def _known(found: LocalKnowledge, since: datetime.datetime) -> Iterator[KnownPOE]:
    return found.assert_existence_known_at(since)


def _in_store(handler: PdfHandler) -> LocalKnowledge:
    try:
        store = DocumentSecurityStore.read_dss(handler)
    except NoDSSFoundError:
        return LocalKnowledge()
    lists = [CertificateList.load(ref.get_object().read_data(DecodePurpose.CRL)) for ref in store.crls]
    return LocalKnowledge(known_crls=[CRLContainer(one) for one in lists], known_certs=list(store.load_certs()))


def _in_signature(signature: EmbeddedPdfSignature) -> LocalKnowledge:
    embedded = [signature.signer_cert, *signature.other_embedded_certs]
    return LocalKnowledge(known_certs=[*embedded, *_stampers(signature)])


def _stampers(signature: EmbeddedPdfSignature) -> list[x509.Certificate]:
    stamps = extract_tst_data_iter(signature.signer_info, signed=False)
    return [extract_certs_for_validation(stamp).signer_cert for stamp in stamps]


def says_revoked(signature: EmbeddedPdfSignature) -> bool:
    """A list in the file names the signer's certificate: why it is not believed, once a validation has failed."""
    signer = signature.signer_cert
    lists = [one.crl_data for one in _in_store(signature.reader).known_crls if one.crl_data.issuer == signer.issuer]
    named = (one for found in lists for one in found["tbs_cert_list"]["revoked_certificates"])
    return any(one["user_certificate"].native == signer.serial_number for one in named)


_NEVER_REVOKED = {"2.5.29.56", "0.4.0.194121.2.1"}
"""A certificate that says nobody will ever be told of its revocation (RFC 9608; ETSI EN 319 412-1, 5.2)."""


def has_long_term(signature: EmbeddedPdfSignature) -> bool:
    """The file holds what the issuer of the signer's certificate says of revocations, or the certificate needs none."""
    try:
        store = DocumentSecurityStore.read_dss(signature.reader)
    except NoDSSFoundError:
        return False
    signer = signature.signer_cert
    if store.ocsps or _never_revoked(signer):
        return True
    lists = _in_store(signature.reader).known_crls
    return any(one.crl_data.issuer == signer.issuer for one in lists)


def _never_revoked(certificate: x509.Certificate) -> bool:
    said = certificate["tbs_certificate"]["extensions"]
    return any(one["extn_id"].dotted in _NEVER_REVOKED for one in said)
