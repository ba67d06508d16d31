"""What speaks against a file that came back from another signing tool, besides what its bytes say: pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from workflow.signing.rules.channels import QUALIFIED

SLACK = timedelta(minutes=10)
"""By how much the clocks of two offices may differ."""
OTHER_STATE = (
    "The document is not any more what it was when this file left: somebody signed since, or a signature was taken "
    "back. Take the document anew, and have it signed once more."
)


@dataclass(frozen=True)
class Found:
    """A signature that was added elsewhere. at: by its time stamp, else by its own word; since, until: of its
    certificate; prepared: it stands in a place that the document had for a signature.
    """

    field: str
    name: str
    issuer: str
    fingerprint: str
    since: datetime
    until: datetime
    at: datetime | None = None
    claims_qualified: bool = False
    prepared: bool = False


@dataclass(frozen=True)
class Fault:
    """Why a file is not taken. message: an English msgid."""

    code: str
    message: str
    params: dict[str, Any] = field(default_factory=dict)


def against(
    found: Sequence[Found], *, others: Mapping[str, str], level: str, now: datetime, ours: Collection[str] = ()
) -> Fault | None:
    """others: {place of another signatory: their name}; level: what was asked for; ours: fingerprints of the
    certificates of this installation.
    """
    for one in found:
        fault = _against(one, others, now, ours)
        if fault:
            return fault
    if level == QUALIFIED and not any(one.claims_qualified for one in found):
        message = (
            "A qualified signature was asked for. The certificate of %(name)s does not say that it is a qualified one."
        )
        return Fault("not_qualified", message, {"name": ", ".join(one.name for one in found)})
    return None


def _against(one: Found, others: Mapping[str, str], now: datetime, ours: Collection[str]) -> Fault | None:
    if one.fingerprint in ours:
        return Fault("other_state", OTHER_STATE)
    if one.field in others:
        message = "This signature stands in the place of %(name)s, who has not signed."
        return Fault("other_place", message, {"name": others[one.field]})
    if one.at is not None and one.at > now + SLACK:
        return Fault("to_come", "The signature of %(name)s bears a date to come.", {"name": one.name})
    if not one.since <= (one.at or now) <= one.until:
        message = "The certificate of %(name)s was not valid when it signed: it had expired, or was not valid yet."
        return Fault("not_valid_then", message, {"name": one.name})
    return None
