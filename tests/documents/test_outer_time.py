"""Time stamps of somebody else's authority: taken only when they answer what was asked."""

import asyncio
import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from asn1crypto import tsp

from documents import signing, tokens
from documents.signers import own_stamper
from documents.tokens import MESSAGES, NoToken, OuterTimeStamper
from documents.verification import verify
from tests.documents.parties import AT, CERTIFIED, MINUTE, sealed_first

POLICY = "0.4.0.2023.1.1"


class Service:
    """A time-stamping authority behind a wire, and what an attacker makes of it."""

    def __init__(self, authority, spoil=None):
        self.stamper, self.spoil, self.asked = own_stamper(authority, AT + MINUTE), spoil, 0

    def __call__(self, request: bytes) -> bytes:
        self.asked += 1
        asked = tsp.TimeStampReq.load(request)
        if self.spoil:
            asked = self.spoil(asked) or asked
        with ThreadPoolExecutor(1) as elsewhere:  # a service is another machine: never inside the loop that asks
            answer = elsewhere.submit(asyncio.run, self.stamper.async_request_tsa_response(asked))
            return answer.result().dump()


def other_nonce(request):
    request["nonce"] = 7


def other_imprint(request):
    request["message_imprint"]["hashed_message"] = b"\0" * 32


def asked(transport, **how):
    stamper = OuterTimeStamper(transport, **how)
    return asyncio.run(stamper.async_timestamp(b"\1" * 32, "sha256"))


def refusal(transport, **how) -> str:
    with pytest.raises(NoToken) as found:
        asked(transport, **how)
    assert found.value.msgid == MESSAGES[found.value.code]
    return found.value.code


def test_an_honest_service_stamps_what_was_asked(stranger):
    token = asked(Service(stranger), policy=POLICY, certificates=[stranger_certificate(stranger)])
    told = token["content"]["encap_content_info"]["content"].parsed
    assert told["message_imprint"]["hashed_message"].native == b"\1" * 32
    assert told["gen_time"].native == AT + MINUTE


def stranger_certificate(stranger) -> bytes:
    return own_stamper(stranger, AT).certificate.dump()


def unplugged(_request):
    raise ConnectionRefusedError


def no(_request):
    return bytes.fromhex("30053003020102")  # a status and no token (RFC 3161, 2.4.2)


@pytest.mark.parametrize(
    ("transport", "code"),
    [
        (unplugged, "unreachable"),
        (no, "refused"),
        (lambda _request: b"<html>", "unreadable"),
        (lambda _request: b"", "unreadable"),
        (lambda _request: b"0" * 1_000_000, "unreadable"),
    ],
    ids=("unplugged", "no", "a page", "nothing", "too much"),
)
def test_a_service_that_gives_no_stamp_gives_no_signature(transport, code):
    assert refusal(transport) == code


def test_an_answer_to_another_request_is_refused(stranger):
    assert refusal(Service(stranger, other_nonce)) == "wrong_nonce"
    assert refusal(Service(stranger, other_imprint)) == "wrong_imprint"
    assert refusal(Service(stranger), policy="1.2.3.4") == "wrong_policy"


def test_a_service_nobody_chose_is_refused(stranger, authority):
    assert refusal(Service(stranger), certificates=[stranger_certificate(authority)]) == "unknown_authority"


def test_a_stamp_whose_signature_does_not_hold_is_refused(stranger):
    def flipped(request):
        answer = bytearray(Service(stranger)(request))
        answer[-3] ^= 1
        return bytes(answer)

    assert refusal(flipped) in {"wrong_signature", "unreadable"}


def test_an_answer_that_comes_twice_is_not_taken_the_second_time(stranger):
    kept = []
    service = Service(stranger)

    def replaying(request):
        kept.append(service(request))
        return kept[0]

    asked(replaying)
    assert refusal(replaying) == "wrong_nonce"


def test_a_personal_signature_bears_the_stamp_of_the_chosen_service(prepared, authority, stranger, keys):
    service = Service(stranger)
    pdf = signing.sign_with(
        sealed_first(prepared, authority), keys, authority, CERTIFIED, at=AT + MINUTE, reason="", location="",
        stamp=None, stamper=OuterTimeStamper(service, policy=POLICY),
    )  # fmt: skip
    assert service.asked == 1
    later = AT + datetime.timedelta(hours=1)
    assert not verify(pdf, trust_roots=authority.trust_roots, known=None, at=later).ok, "no act of ours covers it yet"
    kept = signing.archive(pdf, authority, at=later)
    assert verify(kept, trust_roots=authority.trust_roots, known=None, at=later).ok


def test_somebody_else_s_time_stamp_stands_under_ours_when_a_paper_is_closed(signed, authority, stranger):
    later = AT + datetime.timedelta(hours=1)
    closed = signing.archive(signed, authority, at=later, stamper=OuterTimeStamper(Service(stranger)))
    verdict = verify(closed, trust_roots=authority.trust_roots, known=None, at=later)
    assert verdict.ok, verdict
    assert [(one.kind, one.trusted) for one in verdict.signatures[-2:]] == [("timestamp", False), ("timestamp", True)]
    with pytest.raises(NoToken):
        signing.archive(signed, authority, at=later, stamper=OuterTimeStamper(unplugged))


def test_without_the_service_nothing_is_half_signed(prepared, authority, keys):
    with pytest.raises(NoToken):
        signing.sign_with(
            prepared, keys, authority, CERTIFIED, at=AT, reason="", location="", stamp=None,
            stamper=tokens.OuterTimeStamper(unplugged),
        )  # fmt: skip
    assert CERTIFIED in signing.free_fields(prepared)
