"""One signature through pyHanko's AdES long-term validation, offline, as of a given instant."""

import asyncio
import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed, AdESSubIndic
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
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

from documents import evidence, fields, strangers
from documents.followed import DifferencesOnce
from documents.holders import common_name

WITNESS, PERSONAL, TIME_STAMP, OWN_SEAL = "witness", "personal", "timestamp", "seal"


MOST_SIGNATURES = 25
"""The largest convention of the library has twelve signatories; each signature takes a tenth of a second to judge."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found of one signature.

    `field`: where it stands; `kind`: ours over the paper (`seal`), ours for somebody (`witness`), a person's own
    certificate (`personal`), or a time stamp over the file (`timestamp`); `name`: in the certificate; `said`: whom it
    speaks for, by its own word; `issuer`: of the certificate. `end`: the first byte after what it covers;
    `indication` and `stamp`: ETSI's own words for signature and time stamp; `ours`: some certificate with it names one
    of our roots as its issuer; `witnessed`: of a stranger's, our own time stamp says when it was made.
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
    field: str = ""
    kind: str = OWN_SEAL
    said: str = ""
    issuer: str = ""
    reason: str = ""
    witnessed: bool = False
    certificate: bytes = b""

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
    signatures = sorted(reader.embedded_signatures, key=lambda one: one.signed_revision)
    if len(signatures) > MOST_SIGNATURES:
        raise ValueError("more signatures than any paper of ours has")
    roots = [x509.Certificate.load(der) for der in trust_roots]
    once = DifferencesOnce()
    return [_judge(one, roots, at, once) for one in signatures]


def _judge(
    signature: EmbeddedPdfSignature, roots: list[x509.Certificate], at: datetime.datetime, once: DifferencesOnce
) -> Judged:
    signature.compute_integrity_info(once)
    if signature.sig_object_type == "/DocTimeStamp":
        return _judge_stamp(signature, roots, at)
    if _names_a_root(signature, roots):
        return _judge_ours(signature, roots, at, once)
    return _judge_stranger(signature, roots, at)


def _judge_ours(
    signature: EmbeddedPdfSignature, roots: list[x509.Certificate], at: datetime.datetime, once: DifferencesOnce
) -> Judged:
    policy = _policy(roots, evidence.knowledge(signature, roots, at), once)
    timing = ValidationTimingInfo(at, at, point_in_time_validation=False)
    result = asyncio.run(ades_lta_validation(signature, policy, timing_info=timing))
    status = result.api_status
    seen = _seen(signature)
    stamped = result.signature_timestamp_status is not None
    return replace(
        seen,
        time=_time(result),
        level=_level(signature, stamped=stamped),
        intact=bool(status and status.intact and status.valid) and strangers.is_alone(signature),
        indication=_indication(signature, result.ades_subindic),
        stamp=result.signature_timestamp_status and result.signature_timestamp_status.ades_subindic,
        ours=True,
        kind=_kind(seen),
    )


def _indication(signature: EmbeddedPdfSignature, found: AdESSubIndic) -> AdESSubIndic:
    """The library says that some chain failed, where a list in the file says why."""
    if found == AdESPassed.OK or not evidence.says_revoked(signature):
        return found
    return AdESFailure.REVOKED


def _kind(seen: Judged) -> str:
    """Our own certificate says for whom it signs; where it says nobody, it is that person's."""
    if fields.is_ours(seen.field) or seen.said == seen.name:
        return OWN_SEAL
    return WITNESS if seen.said else PERSONAL


def _judge_stranger(signature: EmbeddedPdfSignature, roots: list[x509.Certificate], at: datetime.datetime) -> Judged:
    """Somebody's own certificate, or an organisation's in the place of the seal: whether it is believed is not for its
    issuer, whom we do not know.
    """
    since = strangers.stamped(signature, roots, at)
    stamped = evidence.stamped_at(signature) is not None
    return replace(
        _seen(signature),
        time=since or signature.self_reported_timestamp,
        level=_level(signature, stamped=stamped),
        intact=strangers.is_intact(signature) and strangers.is_alone(signature),
        kind=OWN_SEAL if fields.is_ours(signature.field_name) else PERSONAL,
        witnessed=since is not None,
        said="",
    )


def _judge_stamp(stamp: EmbeddedPdfSignature, roots: list[x509.Certificate], at: datetime.datetime) -> Judged:
    since = strangers.stamped_over_file(stamp, roots, at)
    indication = AdESPassed.OK if since else AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND
    return replace(
        _seen(stamp),
        time=evidence.stamped_at(stamp),
        level="",
        intact=strangers.is_stamp_intact(stamp) and strangers.is_alone(stamp),
        indication=indication,
        stamp=indication,
        ours=strangers.names_a_root(stamp.signer_cert, roots),
        kind=TIME_STAMP,
        witnessed=since is not None,
        said="",
    )


def _seen(signature: EmbeddedPdfSignature) -> Judged:
    """What stands in the file, before anybody believes it: a stranger's signature that nobody dated."""
    start = list(map(int, signature.byte_range))
    allowed = signature.summarise_integrity_info()["docmdp_ok"]
    found = signature.diff_result
    return Judged(
        name=common_name(signature.signer_cert.subject),
        time=None,
        level="B-B",
        end=start[2] + start[3],
        intact=False,
        covers_file=signature.coverage == SignatureCoverageLevel.ENTIRE_FILE and start[0] == 0,
        changes=_changes(signature, found),
        changes_allowed=allowed is not False,
        indication=AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND,
        stamp=None,
        ours=False,
        later_revisions=signature.reader.xrefs.total_revisions - 1 - signature.signed_revision,
        field=signature.field_name,
        kind=PERSONAL,
        said=str(signature.sig_object.get("/Name", "")),
        issuer=common_name(signature.signer_cert.issuer),
        reason=str(signature.sig_object.get("/Reason", "")),
        certificate=signature.signer_cert.dump(),
    )


def _changes(signature: EmbeddedPdfSignature, found: object) -> ModificationLevel:
    """What followed: nothing where the signature covers the file, else what the analysis of differences says."""
    if signature.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return ModificationLevel.NONE
    if signature.coverage != SignatureCoverageLevel.ENTIRE_REVISION or not isinstance(found, DiffResult):
        return ModificationLevel.OTHER
    return found.modification_level


def _names_a_root(signature: EmbeddedPdfSignature, roots: list[x509.Certificate]) -> bool:
    found = (signature.signer_cert, *signature.other_embedded_certs)
    return any(strangers.names_a_root(one, roots) for one in found)


def _policy(roots: list[x509.Certificate], known: LocalKnowledge, once: DifferencesOnce) -> PdfSignatureValidationSpec:
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
    return PdfSignatureValidationSpec(spec, diff_policy=once)


def _time(result: AdESLTAValidationResult) -> datetime.datetime | None:
    """The instant of the time stamp; without one, what the signer says."""
    stamped = result.signature_timestamp_status
    if stamped is not None and stamped.api_status is not None:
        return stamped.api_status.timestamp
    return result.api_status.signer_reported_dt if result.api_status else None


def _level(signature: EmbeddedPdfSignature, *, stamped: bool) -> str:
    """PAdES baseline level by what the file holds (ETSI EN 319 142-1, 6.1)."""
    if not stamped:
        return "B-B"
    if not evidence.has_long_term(signature):
        return "B-T"
    later = [stamp for stamp in signature.reader.embedded_timestamp_signatures
             if stamp.signed_revision > signature.signed_revision]  # fmt: skip
    return "B-LTA" if later else "B-LT"
