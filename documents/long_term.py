"""One signature through pyHanko's AdES long-term validation, offline, as of a given instant."""

import asyncio
import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate, AdESPassed, AdESSubIndic
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.ades import AdESLTAValidationResult, ades_lta_validation
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    CertificateFetchingRule,
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from documents import evidence


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found of one signature.

    `end`: the first byte after what it covers; `indication` and `stamp`: ETSI's own words for signature and time stamp;
    `ours`: some certificate with it names one of our roots as its issuer.
    """

    name: str
    time: datetime.datetime | None
    level: str
    end: int
    intact: bool
    covers_file: bool
    changes: ModificationLevel
    changes_allowed: bool
    indication: AdESSubIndic
    stamp: AdESSubIndic | None
    ours: bool
    later_revisions: int

    @property
    def trusted(self) -> bool:
        """Both the signature and its time stamp passed: our proofs of existence stand on the stamp."""
        return self.weakness == AdESPassed.OK

    @property
    def weakness(self) -> AdESSubIndic:
        """The first indication that is not good, or OK; a signature without time stamp has no proof of existence."""
        return self.indication if self.indication != AdESPassed.OK else self.stamp or AdESIndeterminate.NO_POE


def judge(reader: PdfFileReader, trust_roots: Iterable[bytes], at: datetime.datetime) -> list[Judged]:
    """Every signature of the file in the order of its revisions. Raises whatever a hostile file makes pyHanko raise.

    pyHanko's past validation slides back from the clock of the machine, whatever `at` is: a seal dated later than that
    clock is not confirmed.
    """
    signatures = sorted(reader.embedded_regular_signatures, key=lambda one: one.signed_revision)
    roots = [x509.Certificate.load(der) for der in trust_roots]
    return [_judge(one, roots, at) for one in signatures]


def _judge(signature: EmbeddedPdfSignature, roots: list[x509.Certificate], at: datetime.datetime) -> Judged:
    signature.compute_integrity_info()
    policy = _policy(roots, evidence.knowledge(signature, roots, at))
    timing = ValidationTimingInfo(at, at, point_in_time_validation=False)
    result = asyncio.run(ades_lta_validation(signature, policy, timing_info=timing))
    status = result.api_status
    start = list(map(int, signature.byte_range))
    return Judged(
        name=signature.signer_cert.subject.native.get("common_name") or "",
        time=_time(result),
        level=_level(signature, result),
        end=start[2] + start[3],
        intact=bool(status and status.intact and status.valid),
        covers_file=signature.coverage == SignatureCoverageLevel.ENTIRE_FILE and start[0] == 0,
        changes=status.modification_level if status else ModificationLevel.OTHER,
        changes_allowed=bool(status and status.docmdp_ok),
        indication=result.ades_subindic,
        stamp=result.signature_timestamp_status and result.signature_timestamp_status.ades_subindic,
        ours=_names_a_root(signature, roots),
        later_revisions=signature.reader.xrefs.total_revisions - 1 - signature.signed_revision,
    )


def _names_a_root(signature: EmbeddedPdfSignature, roots: list[x509.Certificate]) -> bool:
    known = {root.key_identifier for root in roots}
    return any(
        one.authority_key_identifier in known for one in (signature.signer_cert, *signature.other_embedded_certs)
    )


def _policy(roots: list[x509.Certificate], known: LocalKnowledge) -> PdfSignatureValidationSpec:
    certificates = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=roots), revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO)
    )
    offline = RevocationInfoGatheringSpec(
        online_fetching_rule=RevinfoOnlineFetchingRule.LOCAL_ONLY,
        certificate_fetching_rule=CertificateFetchingRule.NEVER_FETCH,
    )
    usage = KeyUsageConstraints(key_usage={"non_repudiation"})
    spec = SignatureValidationSpec(
        certificates, revinfo_gathering_policy=offline, local_knowledge=known, key_usage_settings=usage
    )
    return PdfSignatureValidationSpec(spec)


def _time(result: AdESLTAValidationResult) -> datetime.datetime | None:
    """The instant of the time stamp; without one, what the signer says."""
    stamped = result.signature_timestamp_status
    if stamped is not None and stamped.api_status is not None:
        return stamped.api_status.timestamp
    return result.api_status.signer_reported_dt if result.api_status else None


def _level(signature: EmbeddedPdfSignature, result: AdESLTAValidationResult) -> str:
    """PAdES baseline level by what the file holds (ETSI EN 319 142-1, 6.1)."""
    if result.signature_timestamp_status is None:
        return "B-B"
    if "/DSS" not in signature.reader.root:
        return "B-T"
    later = [stamp for stamp in signature.reader.embedded_timestamp_signatures
             if stamp.signed_revision > signature.signed_revision]  # fmt: skip
    return "B-LTA" if later else "B-LT"
