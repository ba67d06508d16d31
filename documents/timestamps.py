"""A time-stamping authority inside the process: RFC 3161 tokens signed with a key that is read once.

It proves the order of things to this installation; the certificate says so in its name.
"""

import datetime
from collections.abc import Callable

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.sign import general
from pyhanko.sign.general import simple_cms_attribute
from pyhanko.sign.timestamps import TimeStamper

from documents import der  # noqa: F401  mends how the library writes, before anything is written

# Arc of the RFC 3161 "best practices" policy of ETSI EN 319 421, 5.2.
POLICY = "0.4.0.2023.1.1"
_DIGEST = "sha256"


class OwnTimeStamper(TimeStamper):
    """Tokens dated `at`, numbered by `next_serial` (never twice the same number, also after a restart)."""

    def __init__(
        self,
        certificate: x509.Certificate,
        key: ec.EllipticCurvePrivateKey,
        chain: tuple[x509.Certificate, ...],
        at: datetime.datetime,
        next_serial: Callable[[], int],
    ) -> None:
        super().__init__(include_nonce=True)
        self.certificate, self.key, self.chain = certificate, key, chain
        self.at, self.next_serial = at, next_serial

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        token = cms.ContentInfo({"content_type": "signed_data", "content": self._signed(self._info(req))})
        return tsp.TimeStampResp({"status": tsp.PKIStatusInfo({"status": "granted"}), "time_stamp_token": token})

    def _info(self, req: tsp.TimeStampReq) -> bytes:
        said = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": req["message_imprint"],
            "serial_number": self.next_serial(),
            "gen_time": self.at,
            "tsa": x509.GeneralName(name="directory_name", value=self.certificate.subject),
        }
        if req["nonce"].native is not None:
            said["nonce"] = req["nonce"]
        return tsp.TSTInfo(said).dump()

    def _attributes(self, info: bytes) -> cms.CMSAttributes:
        digest = hashes.Hash(hashes.SHA256())
        digest.update(info)
        return cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute("signing_time", cms.Time({"utc_time": core.UTCTime(self.at)})),
                simple_cms_attribute(
                    "signing_certificate_v2", general.as_signing_certificate_v2(self.certificate, _DIGEST)
                ),
                simple_cms_attribute("message_digest", digest.finalize()),
            ]
        )

    def _signed(self, info: bytes) -> cms.SignedData:
        attributes = self._attributes(info)
        digest = algos.DigestAlgorithm({"algorithm": _DIGEST})
        issuer = {"issuer": self.certificate.issuer, "serial_number": self.certificate.serial_number}
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier({"issuer_and_serial_number": cms.IssuerAndSerialNumber(issuer)}),
                "digest_algorithm": digest,
                "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
                "signed_attrs": attributes,
                "signature": self.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
            }
        )
        content = {"content_type": cms.ContentType("tst_info"), "content": cms.ParsableOctetString(info)}
        return cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": cms.DigestAlgorithms((digest,)),
                "encap_content_info": cms.EncapsulatedContentInfo(content),
                "certificates": [self.certificate, *self.chain],
                "signer_infos": [signer],
            }
        )
