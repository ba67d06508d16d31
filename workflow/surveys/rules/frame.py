"""What stands around the questions of a questionnaire, as its procedure says it under `survey:`.

Its first page (the day, how it is answered, whether one agrees) is asked by Relais itself; the rest tells which answers
are summed up, and which one asks for a call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LINK, PAPER, TELEPHONE, FACE, TABLET = "link", "paper", "telephone", "face", "tablet"
CHANNELS = {
    LINK: "by the household, on the internet",
    PAPER: "on paper",
    TELEPHONE: "by telephone",
    FACE: "face to face",
    TABLET: "on a tablet, at the agency",
}
"""How answers came: code → English msgid."""
KEYED = (PAPER, TELEPHONE, FACE, TABLET)
"""Those that somebody of the team writes down."""


@dataclass(frozen=True)
class Group:
    """Some choices of one question, taken together: those who are satisfied, those who got their first choice."""

    path: str = ""
    choices: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Frame:
    """Paths are those of the form; "" where the questionnaire has no such question. channels: {code: its choice}."""

    page: str = ""
    day: str = ""
    channel: str = ""
    channels: Mapping[str, str] = field(default_factory=dict)
    agrees: str = ""
    yes: str = "oui"
    no: str = "non"
    satisfied: Group = Group()
    first_choice: Group = Group()
    call: str = ""
    call_yes: str = "oui"
    phone: str = ""
    when: str = ""


def frame_of(settings: Mapping[str, Any]) -> Frame:
    """The frame a published procedure describes; an empty one where it says nothing."""
    told = settings.get("survey") or {}
    channel, agrees, call = (told.get(name) or {} for name in ("channel", "agrees", "call_back"))
    return Frame(
        page=told.get("page", ""),
        day=told.get("day", ""),
        channel=channel.get("path", ""),
        channels={name: str(value) for name, value in channel.items() if name in CHANNELS},
        agrees=agrees.get("path", ""),
        yes=str(agrees.get("yes_is", "oui")),
        no=str(agrees.get("no_is", "non")),
        satisfied=_group(told.get("satisfied")),
        first_choice=_group(told.get("first_choice")),
        call=call.get("path", ""),
        call_yes=str(call.get("yes_is", "oui")),
        phone=call.get("phone", ""),
        when=call.get("moment", ""),
    )


def _group(told: Mapping[str, Any] | None) -> Group:
    return Group(told["path"], frozenset(map(str, told["choices"]))) if told else Group()
