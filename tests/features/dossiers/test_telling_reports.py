"""Delivery reports as other servers write them, and whatever else may come through the pipe of an alias."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.mail import NotAReport, Returned, read_report

OURS = "0123456789abcdef0123456789abcdef"
HEAD = """\
Content-Type: multipart/report; report-type=delivery-status; boundary="b"
MIME-Version: 1.0

--b
Content-Type: text/plain

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
"""


def report(*groups: str, copy: str = "") -> bytes:
    return (HEAD + "".join(f"\n{group}\n" for group in groups) + f"\n{copy}\n--b--\n").encode()


def quoted(kind: str) -> str:
    return f"--b\nContent-Type: {kind}\n\nMessage-ID: <{OURS}@relais.example.org>\nSubject: x\n\n"


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_our_own_identifier_is_read_from_the_copy_a_report_carries(kind: str) -> None:
    group = "Final-Recipient: rfc822; <Sonia@Example.com>\nAction: failed\nStatus: 5.1.1"
    assert read_report(report(group, copy=quoted(kind))) == [Returned(OURS, "sonia@example.com")]


def test_the_address_we_wrote_to_goes_before_the_one_it_was_forwarded_to() -> None:
    group = "Final-Recipient: rfc822; b@elsewhere.example\nOriginal-Recipient: rfc822;a@example.com\nAction: failed"
    assert read_report(report(group)) == [Returned(None, "a@example.com")]


def test_only_recipients_that_were_given_up_are_told() -> None:
    groups = [
        f"Final-Recipient: rfc822; {name}@example.com\nAction: {name}" for name in ("delayed", "failed", "relayed")
    ]
    assert read_report(report(*groups)) == [Returned(None, "failed@example.com")]


@given(st.binary(max_size=2000))
def test_anything_may_come_through_the_pipe(raw: bytes) -> None:
    with pytest.raises(NotAReport):
        read_report(raw)


@given(st.binary(max_size=600), st.binary(max_size=300))
def test_a_damaged_report_never_breaks_its_reader(middle: bytes, end: bytes) -> None:
    whole = HEAD.encode() + b"\n" + middle + b"\n" + end
    assert isinstance(read_report(whole), list)
