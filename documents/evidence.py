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
    """What the signature's own time stamp claims; whether to believe it is for the validation to say."""
    for stamp in extract_tst_data_iter(signature.signer_info, signed=False):
        return stamp["encap_content_info"]["content"].parsed["gen_time"].native
    return None


def knowledge(signature: EmbeddedPdfSignature, at: datetime.datetime) -> LocalKnowledge:
    """Proofs of existence for `ades_lta_validation`: only good together with a valid time stamp."""
    proofs = list(_known(_in_store(signature.reader), at)) + list(_known(_in_signature(signature), at))
    since = stamped_at(signature)
    if since is not None and since <= at:
        covered = signature.reader.get_historical_resolver(signature.signed_revision)
        proofs += _known(_in_store(covered), since)
    return LocalKnowledge(known_poes=proofs)


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
    certificates: list[x509.Certificate] = [signature.signer_cert, *signature.other_embedded_certs]
    for stamp in extract_tst_data_iter(signature.signer_info, signed=False):
        found = extract_certs_for_validation(stamp)
        certificates += [found.signer_cert, *found.other_certs]
    return LocalKnowledge(known_certs=certificates)
