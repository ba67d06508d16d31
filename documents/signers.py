"""What makes a signature inside a PDF: a key already in memory, a time that is told, an appearance handed in."""

import datetime
import io
import secrets
from dataclasses import dataclass
from functools import lru_cache

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import DocumentSecurityStore
from pyhanko.stamp import NoOpStampStyle, StaticStampStyle
from pyhanko.stamp.base import BaseStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from documents.authority import Authority, as_asn1
from documents.timestamps import OwnTimeStamper

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@lru_cache(maxsize=64)
def parsed(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """The same certificate as pyHanko reads it; parsed once while the process lives."""
    return as_asn1(certificate)


class CachedKeySigner(Signer):
    """Signs with a key already in memory: reading it again for each paper costs more than the signature."""

    def __init__(self, certificate: x509.Certificate, key: Key, chain: tuple[x509.Certificate, ...]) -> None:
        store = SimpleCertificateStore()
        store.register_multiple([parsed(link) for link in chain])
        super().__init__(signing_cert=parsed(certificate), cert_registry=store)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if digest_algorithm != "sha256":
            raise ValueError(f"signatures are made with sha256, not {digest_algorithm}")
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


class DatedPdfSigner(PdfSigner):
    """A signer that is told the time instead of reading the clock of the machine."""

    def __init__(
        self,
        meta: PdfSignatureMetadata,
        signer: Signer,
        stamper: TimeStamper,
        at: datetime.datetime,
        *,
        appearance: bytes | None = None,
    ) -> None:
        style = appearance_of(appearance) if appearance else NoOpStampStyle()
        super().__init__(meta, signer, timestamper=stamper, stamp_style=style)
        self._at = at

    def init_signing_session(self, pdf_out: object, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)  # type: ignore[arg-type]
        session.system_time = self._at
        return session


def appearance_of(page: bytes) -> BaseStampStyle:
    """The first page of a PDF, laid over the whole field."""
    whole = layout.SimpleBoxLayoutRule(
        x_align=layout.AxisAlignment.ALIGN_MID,
        y_align=layout.AxisAlignment.ALIGN_MID,
        margins=layout.Margins.uniform(0),
    )
    return StaticStampStyle(
        border_width=0, background=_PageInside(page), background_layout=whole, background_opacity=1.0
    )


class _PageInside(PdfContent):
    """A page of a PDF in memory; pyHanko itself reads one from a file only."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self._page = page

    def render(self) -> bytes:
        inside = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._page)))
        self.resources.xobject["/Page"] = inside
        left, bottom, right, top = inside.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(right - left), height=abs(top - bottom))
        return b"/Page Do"


class Revision(IncrementalPdfFileWriter):
    """One revision appended to a paper. The library would also write its own name and the machine's clock into what the
    paper says of itself (title, dates): nobody signed that.
    """

    def __init__(self, pdf: bytes) -> None:
        super().__init__(io.BytesIO(pdf))

    def _update_meta(self) -> None:
        return


@dataclass(frozen=True, slots=True)
class Reserved:
    """How many characters a signature may take: twice its bytes, for they are written in hexadecimal."""

    certificates: tuple[x509.Certificate, ...]
    own_stamp: bool = True

    def characters(self) -> int:
        """The certificates it carries, and room for what stands round them (measured: 1,400 bytes)."""
        carried = sum(len(parsed(one).dump()) for one in self.certificates)
        return 2 * (carried + (3_000 if self.own_stamp else 14_000))


def add_long_term(writer: IncrementalPdfFileWriter, authority: Authority, at: datetime.datetime) -> None:
    """Write what later judges need of our own certificates into the revision about to be signed (ETSI EN 319 142-1,
    5.4.2): the certificates, and the list of revoked ones as it is at `at`.
    """
    ours = [parsed(part.certificate) for part in (authority.root, authority.seal, authority.tsa)]
    revoked = [authority.revocations(at)]
    DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=ours, crls=revoked)


def own_signer(authority: Authority) -> Signer:
    """The installation itself."""
    return CachedKeySigner(authority.seal.certificate, authority.seal.key, (authority.root.certificate,))


def own_stamper(authority: Authority, at: datetime.datetime) -> OwnTimeStamper:
    """The authority's own time stamps for `at`.

    Their numbers are drawn at random: unique across processes and restarts without a file to guard.
    """
    chain = (parsed(authority.root.certificate),)
    certificate = parsed(authority.tsa.certificate)
    return OwnTimeStamper(
        certificate, authority.tsa.key, chain, at.replace(microsecond=0), lambda: secrets.randbits(127)
    )
