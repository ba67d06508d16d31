"""Time stamps of somebody else's authority (RFC 3161), asked for through a transport that is handed in.

Nothing here opens a connection: whoever runs Relais decides how a request travels. An answer is taken only if it
answers this request: same digest, same number, a signature that holds, and the policy that was asked for.
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import ClassVar

from asn1crypto import cms, core, tsp, x509
from cryptography.exceptions import InvalidSignature
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import (
    extract_certs_for_validation,
    extract_signer_info,
    validate_sig_integrity,
)

from documents import (
    der,  # noqa: F401  mends how the library writes, before anything is written
    hostile,
)

Transport = Callable[[bytes], bytes]
"""The bytes of a request (application/timestamp-query) → the bytes of the answer (application/timestamp-reply)."""
MOST_BYTES = 100_000
"""An answer with three certificates weighs 5 kB."""

MESSAGES = {
    "unreachable": "The time-stamping service does not answer.",
    "refused": "The time-stamping service refused.",
    "unreadable": "The answer of the time-stamping service cannot be read.",
    "wrong_nonce": "The answer of the time-stamping service answers another request.",
    "wrong_imprint": "The time-stamping service stamped something else.",
    "wrong_policy": "The time-stamping service stamped under another policy than the one asked for.",
    "wrong_signature": "The time stamp does not hold.",
    "unknown_authority": "The time stamp comes from an authority that is not trusted here.",
}


class NoToken(OSError):
    """No time stamp, so no signature. `code`: a key of MESSAGES. An OSError, as pyHanko expects of a service."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code, self.msgid, self.params = code, MESSAGES[code], {}


class _Answer(core.Sequence):
    """RFC 3161, 2.4.2; the library wants a token even where the service refuses."""

    _fields: ClassVar = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


class OuterTimeStamper(TimeStamper):
    """Asks the authority behind `transport`. `policy`: the one it must stamp under (dotted), None for its own choice;
    `certificates`: DER of those whose stamps are taken, empty for any.
    """

    def __init__(self, transport: Transport, *, policy: str | None = None, certificates: Iterable[bytes] = ()) -> None:
        super().__init__(include_nonce=True)
        self._transport, self._policy = transport, policy
        self._known = {hashlib.sha256(one).digest() for one in certificates}

    def request_cms(self, message_digest: bytes, md_algorithm: str) -> tuple[int | None, tsp.TimeStampReq]:
        nonce, request = super().request_cms(message_digest, md_algorithm)
        if self._policy:
            request["req_policy"] = self._policy
        return nonce, request

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The answer, judged. Raises NoToken."""
        try:
            answer = self._transport(req.dump())
        except (OSError, TimeoutError):
            raise NoToken("unreachable") from None
        if len(answer) > MOST_BYTES:
            raise NoToken("unreadable")
        try:
            if _Answer.load(answer, strict=True)["status"]["status"].native not in ("granted", "granted_with_mods"):
                raise NoToken("refused")
            return self._judged(tsp.TimeStampResp.load(answer, strict=True), req)
        except NoToken:
            raise
        except hostile.ERRORS:
            raise NoToken("unreadable") from None

    def _judged(self, answer: tsp.TimeStampResp, request: tsp.TimeStampReq) -> tsp.TimeStampResp:
        token = answer["time_stamp_token"]["content"]
        told = token["encap_content_info"]["content"]
        if told.parsed["nonce"].native != request["nonce"].native:
            raise NoToken("wrong_nonce")
        if told.parsed["message_imprint"].native != request["message_imprint"].native:
            raise NoToken("wrong_imprint")
        if self._policy and told.parsed["policy"].dotted != self._policy:
            raise NoToken("wrong_policy")
        signer = extract_certs_for_validation(token).signer_cert
        if not _holds(token, signer):
            raise NoToken("wrong_signature")
        if self._known and hashlib.sha256(signer.dump()).digest() not in self._known:
            raise NoToken("unknown_authority")
        return answer


def _holds(token, signer: x509.Certificate) -> bool:
    info = extract_signer_info(token)
    digest = hashlib.new(info["digest_algorithm"]["algorithm"].native, token["encap_content_info"]["content"].contents)
    purposes = signer.extended_key_usage_value
    if purposes is None or "time_stamping" not in purposes.native:
        return False
    try:
        return all(validate_sig_integrity(info, signer, "tst_info", digest.digest()))
    except (SignatureValidationError, InvalidSignature):
        return False
