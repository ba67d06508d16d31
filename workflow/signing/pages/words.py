"""What pages say of rooms: ways, levels, mandates, states."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from workflow.circuit.deadlines import last_day
from workflow.people import queries as people
from workflow.signing.models import COMPLETE, OPEN, PREPARING, REFUSED, WITHDRAWN, Room
from workflow.signing.queries import standing
from workflow.signing.queries.rooms import Party
from workflow.signing.queries.standing import Where
from workflow.signing.rules.channels import CHANNELS, LEVELS, MANDATES, OF_CHANNEL, OFFERED, RESPONSIBILITY
from workflow.web.dates import format_date, stamp

STATES: dict[str, tuple[Any, str]] = {
    PREPARING: (later("being prepared"), "todo"),
    OPEN: (later("signatures under way"), "waiting"),
    COMPLETE: (later("signed by everybody"), "done"),
    REFUSED: (later("a signature was refused"), "refused"),
    WITHDRAWN: (later("withdrawn"), "closed"),
}
"""{state of a room: (its name, its family of shape and colour)}."""
SIGNED_HOW = {
    "screen": later("signed electronically, on the screen"),
    "certificate": later("signed electronically, with a certificate"),
    "parapheur": later("signed electronically, in the tool of their organisation"),
    "paper": later("signed on paper"),
}


def channel(code: str) -> str:
    return _(CHANNELS[code])


def level(code: str) -> tuple[str, str]:
    """(its name, what it proves and does not)."""
    name, proves = LEVELS[code]
    return _(name), _(proves)


def channels() -> list[tuple[str, str]]:
    return [(code, _(CHANNELS[code])) for code in OFFERED]


def levels() -> list[dict[str, Any]]:
    """Every level that some way reaches, with these ways."""
    told = []
    for code, (name, proves) in LEVELS.items():
        ways = [_(CHANNELS[one]) for one in OFFERED if code in OF_CHANNEL[one]]
        if ways:
            told.append({"name": _(name), "proves": _(proves), "ways": ", ".join(ways)})
    return told


def mandate_of(party: Party) -> str:
    """Under what somebody signs, in one sentence; "" when nothing is recorded."""
    kind, number, day, _file = party.mandate
    if not kind:
        return ""
    if kind == RESPONSIBILITY:
        name = people.names([party.row.voucher]).get(party.row.voucher, "")
        return _("No deliberation recorded yet: %(name)s takes responsibility. %(why)s", name=name, why=party.words.why)
    told = _numbered(kind, number)
    return _("%(mandate)s of %(day)s", mandate=told, day=format_date(day, "long")) if day else told


def _numbered(kind: str, number: str) -> str:
    told = _(MANDATES[kind])
    return _("%(mandate)s no. %(number)s", mandate=told, number=number) if number else told


def in_the_box(party: Party) -> list[str]:
    """What the box says of whoever signs, in few lines, so that they stay large: name, capacity, for whom, under which
    mandate. The organisation stands above the box, the day of a mandate on the page of the room.
    """
    acting, (kind, number, _day, _file) = party.acting, party.mandate
    mandate = _numbered(kind, number) if kind and kind != RESPONSIBILITY else ""
    for_whom = _("for %(name)s", name=party.words.name) if party.stand_in else ""
    if not mandate and not for_whom:
        for_whom = party.words.organisation
    return [one for one in (acting.name, acting.capacity, for_whom, mandate) if one]


def state_of(one: Where, zone: str) -> tuple[str, str, str]:
    """(family of shape and colour, its word, a sentence)."""
    when = _("on %(day)s", day=stamp(one.at, zone)) if one.at else ""
    if one.state == standing.SIGNED:
        when = _("on %(day)s", day=format_date(one.on, "full")) if one.on else when
        return "done", str(SIGNED_HOW.get(one.channel, SIGNED_HOW["screen"])), when
    if one.state == standing.REFUSED:
        return "refused", _("refused"), when
    if one.state == standing.ASKED:
        word = _("late") if one.late else _("signature asked for")
        return ("late" if one.late else "waiting"), word, _since(one, zone)
    if one.state == standing.NOT_NEEDED:
        return "closed", _("not needed any more"), ""
    if one.state == standing.STOPPED:
        return "closed", _("not signed"), ""
    return "closed", _("comes later"), ""


def _since(one: Where, zone: str) -> str:
    told = _("since %(day)s", day=format_date(one.since, "full")) if one.since else ""
    if one.due:
        told = _("%(since)s, until %(day)s", since=told, day=format_date(last_day(one.due, zone), "full"))
    if one.reminded:
        told = _("%(told)s; reminded on %(day)s", told=told, day=format_date(one.reminded, "full"))
    return told


def state_badge(row: Room) -> tuple[str, str]:
    words, family = STATES[row.state]
    return family, str(words)
