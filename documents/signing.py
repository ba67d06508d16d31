"""Seal a paper: PAdES B-LT with the installation's own authority, without any network.

The certificates and the list of revoked ones are written first, then the signature is made over the whole file and
time-stamped at once: nothing follows it, and it can be judged years later from the file alone.
"""

import asyncio
import datetime
import io
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, PdfSigningSession, SigDSSPlacementPreference
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from documents.authority import Authority, NoKey, as_asn1
from documents.certificates import Certified
from documents.timestamps import OwnTimeStamper

__all__ = ["Authority", "NoKey", "seal"]


class CachedKeySigner(Signer):
    """Signs with a key already in memory: reading it again for each paper costs more than the signature."""

    def __init__(self, certified: Certified, chain: tuple[Certified, ...]) -> None:
        store = SimpleCertificateStore()
        store.register_multiple([as_asn1(link.certificate) for link in chain])
        super().__init__(signing_cert=as_asn1(certified.certificate), cert_registry=store)
        self._key = certified.key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if digest_algorithm != "sha256":
            raise ValueError(f"seals are made with sha256, not {digest_algorithm}")
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


class DatedPdfSigner(PdfSigner):
    """A signer that is told the time instead of reading the clock of the machine."""

    def __init__(self, meta: PdfSignatureMetadata, signer: Signer, stamper: OwnTimeStamper) -> None:
        super().__init__(meta, signer, timestamper=stamper)
        self._at = stamper.at

    def init_signing_session(self, pdf_out: object, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)  # type: ignore[arg-type]
        session.system_time = self._at
        return session


def seal(
    pdf: bytes,
    authority: Authority,
    *,
    at: datetime.datetime,
    reason: str,
    location: str,
    field_name: str = "Sceau",
) -> bytes:
    """The same paper, sealed at `at` (an instant with its zone). Raises NoKey when the keys are not valid then.

    An invisible field is made unless the paper already has one of that name. Every other signature field must exist
    before: see `documents.fields.prepare`.
    """
    authority.check(at)
    meta = _metadata(authority, at, reason, location, field_name)
    signer = CachedKeySigner(authority.seal, (authority.root,))
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    # Without a running loop of its own this cannot be called from asynchronous code; nothing in Relais is.
    made = asyncio.run(DatedPdfSigner(meta, signer, stamper(authority, at)).async_sign_pdf(writer))
    return bytes(made.getbuffer())


def _metadata(
    authority: Authority, at: datetime.datetime, reason: str, location: str, field_name: str
) -> PdfSignatureMetadata:
    return PdfSignatureMetadata(
        field_name=field_name,
        md_algorithm="sha256",
        reason=reason,
        location=location,
        name=authority.seal_name,
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=True,
        validation_context=context(authority, at),
        dss_settings=DSSContentSettings(placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE, include_vri=False),
    )


def context(authority: Authority, at: datetime.datetime) -> ValidationContext:
    """What the authority says of its own certificates at `at`, without any network."""
    root = as_asn1(authority.root.certificate)
    others = [as_asn1(part.certificate) for part in (authority.seal, authority.tsa)]
    return ValidationContext(
        trust_roots=[root],
        other_certs=others,
        crls=[authority.revocations(at)],
        allow_fetching=False,
        revocation_mode="require",
        moment=at,
        time_tolerance=datetime.timedelta(seconds=1),
    )


def stamper(authority: Authority, at: datetime.datetime) -> OwnTimeStamper:
    """The authority's own time stamps for `at`.

    Their numbers are drawn at random: unique across processes and restarts without a file to guard.
    """
    chain = (as_asn1(authority.root.certificate),)
    certificate = as_asn1(authority.tsa.certificate)
    return OwnTimeStamper(
        certificate, authority.tsa.key, chain, at.replace(microsecond=0), lambda: secrets.randbits(127)
    )
