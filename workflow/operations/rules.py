"""Words an operation is described with, and how what an officer types of it is understood."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Protocol, TypeVar

from workflow.circuit.deadlines import Calendar
from workflow.people.rules import folded, slug_from

PARTS = (
    "controller",
    "origin",
    "rebuilder",
    "receiving",
    "reservation-holder",
    "partner",
    "provider",
    "mandated",
    "association",
)
"""What an organisation is in an operation, in the order of a list: carries it; landlord of today; rebuilds; receives
households; holds reservations; works with it; is paid to act in it; sits for the tenants; follows it."""

PART_LABELS = {
    "controller": "Carries the operation",
    "origin": "Landlord of today",
    "rebuilder": "Landlord that rebuilds on site",
    "receiving": "Landlord that receives households",
    "reservation-holder": "Holds reserved dwellings",
    "partner": "Partner",
    "provider": "Provider paid to act in the operation",
    "mandated": "Speaks for the tenants",
    "association": "Association that follows the operation",
}

KINDS = (
    "city",
    "landlord",
    "state",
    "department",
    "region",
    "benefits",
    "social-action",
    "health",
    "provider",
    "association",
    "other",
)
"""What an organisation is by itself."""

REGIMES = {
    "hlm-demolition": "Demolition of social housing",
    "planning-operation": "Public planning operation",
    "rehabilitation": "Rehabilitation with moves",
    "other": "Another one",
}
"""The law under which households move: it sets how many dwellings are offered."""

ZONES = {
    "Europe/Paris": "Metropolitan France",
    "America/Guadeloupe": "Guadeloupe",
    "America/Martinique": "Martinique",
    "America/Cayenne": "French Guiana",
    "Indian/Reunion": "Réunion Island",
    "Indian/Mayotte": "Mayotte",
    "America/Miquelon": "Saint-Pierre-et-Miquelon",
    "Pacific/Noumea": "New Caledonia",
    "Pacific/Tahiti": "French Polynesia",
}

UNITS = {
    "offers": "dwellings offered",
    "days": "days",
    "working_days": "working days",
    "percent": "%",
    "euros": "euros",
    "euros_per_month": "euros a month",
    "euros_per_unit_and_day": "euros a day for each unit of consumption",
    "households": "households",
    "organisations": "organisations",
    "rounds": "rounds",
    "months": "months",
    "years": "years",
    "kilometres": "kilometres",
    "times": "times",
    "yes_no": "yes or no",
    "text": "in words",
}

RULES_OF_AN_OPERATION = {
    "offers_maximum": ("Dwellings offered at most", "offers"),
    "visit_may_be_refused": ("A visit offered may be refused", "yes_no"),
    "effort_rate_maximum": ("Share of income for housing, at most", "percent"),
    "heating_water_flat_amount": ("Flat amount for heating and water", "euros_per_month"),
    "money_left_alert": ("Money left to live on: alert below", "euros_per_unit_and_day"),
    "answer_delay": ("Time to answer an offer", "days"),
    "landlord_visa_delay": ("Time for the landlord’s check", "working_days"),
    "household_reading_delay": ("Time for the household’s reading", "working_days"),
    "committee_quorum": ("Organisations needed for the committee to decide", "organisations"),
    "validity_composition": ("How long the composition of the household holds", "days"),
    "validity_income": ("How long what is known of income holds", "days"),
    "validity_wishes": ("How long wishes hold", "days"),
    "reserved_dwellings_rounds": ("Rounds for which reserved dwellings are lent", "rounds"),
    "small_cell_threshold": ("Figures hidden below", "households"),
}
"""Known rules that differ from one operation to another: code → (label, unit)."""

YES, NO = frozenset(("oui", "yes", "true", "vrai")), frozenset(("non", "no", "false", "faux"))
WITHOUT_NUMBER = frozenset(("", "text"))
RESERVED = frozenset(("new",))
"""Words that stand in addresses where the name of an operation would."""

EARLIEST, LATEST = 1950, 2100
"""Years between which an operation lies: outside of them somebody mistyped."""


# -- names --------------------------------------------------------------------------------------------------------


def slug_of(name: str, taken: Collection[str] = ()) -> str:
    """A short ASCII name for addresses and answers, unlike any of `taken`: "Les Minguettes" → les-minguettes."""
    return slug_from(name, lambda slug: slug in taken or slug in RESERVED)


# -- dates --------------------------------------------------------------------------------------------------------


def day_problem(starts: date | None, ends: date | None) -> str | None:
    """What is wrong with two days: year | order; None when they hold."""
    if any(day is not None and not EARLIEST <= day.year <= LATEST for day in (starts, ends)):
        return "year"
    if starts is not None and ends is not None and ends < starts:
        return "order"
    return None


def calendar_of(figures: Mapping[str, Any]) -> Calendar:
    """The days on which one works in an operation, as its figures keep them: {"calendar": {"alsace_moselle": bool,
    "closed": [ISO day]}}; Monday to Friday without the public holidays of France where they say nothing.
    """
    told = figures.get("calendar") or {}
    closed = frozenset(date.fromisoformat(day) for day in told.get("closed", ()))
    return Calendar(alsace_moselle=bool(told.get("alsace_moselle")), closed=closed)


def kept_calendar(told: Mapping[str, Any]) -> dict[str, Any]:
    """A calendar as figures keep it; days may be told as dates or as ISO text. Raises ValueError for another text."""
    days = {day if isinstance(day, date) else date.fromisoformat(str(day)) for day in told.get("closed", ())}
    closed = [day.isoformat() for day in sorted(days)]
    return {"alsace_moselle": bool(told.get("alsace_moselle")), "closed": closed}


def read_days(text: str) -> tuple[list[date], str]:
    """Days as one types them, 24/12/2026, one after the other; and the first word that is none ("" when all are)."""
    days = []
    for word in re.split(r"[\s,;]+", text.strip()):
        day = _day_of(word)
        if word and (day is None or day_problem(day, None)):
            return [], word
        days += [day] if day else []
    return sorted(set(days)), ""


def _day_of(word: str) -> date | None:
    matched = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", word, re.ASCII)
    try:
        return date(int(matched[3]), int(matched[2]), int(matched[1])) if matched else date.fromisoformat(word)
    except ValueError:
        return None


# -- parameters ---------------------------------------------------------------------------------------------------


def read_value(text: str, unit: str) -> str | None:
    """What is stored of a value as it was typed: JSON text, or plain words; None when it is not a value of that unit.

    "30,5" → 30.5; "oui" → true; "T1 45 ; T2 55,50" → {"T1": 45, "T2": 55.5} (a scale).
    """
    told = " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())
    if not told:
        return None
    if unit == "yes_no":
        return "true" if folded(told) in YES else "false" if folded(told) in NO else None
    if unit in WITHOUT_NUMBER:
        return told if _is_words(told) else json.dumps(told, ensure_ascii=False)
    number = _number(told)
    if number is not None:
        return json.dumps(number)
    scale = _scale(told)
    return json.dumps(scale, ensure_ascii=False) if scale else None


def value_of(stored: str) -> Any:
    """The value that was stored: a number, a truth, a scale or words."""
    try:
        return json.loads(stored)
    except json.JSONDecodeError:
        return stored


def _is_words(told: str) -> bool:
    try:
        json.loads(told)
    except json.JSONDecodeError:
        return True
    return False


def _number(told: str) -> int | float | None:
    plain = told.replace(" ", "").removesuffix("%").removesuffix("€").replace(",", ".")
    if not re.fullmatch(r"-?\d{1,9}(\.\d{1,4})?", plain):
        return None
    return float(plain) if "." in plain else int(plain)


def _scale(told: str) -> dict[str, int | float] | None:
    found: dict[str, int | float] = {}
    for part in filter(None, (piece.strip() for piece in told.split(";"))):
        matched = re.fullmatch(r"([^\s:=]{1,20})\s*[:=]?\s+(.+)|([^\s:=]{1,20})\s*[:=]\s*(.+)", part)
        if matched is None:
            return None
        name, amount = (matched[1] or matched[3]), _number(matched[2] or matched[4])
        if amount is None or name in found:
            return None
        found[name] = amount
    return found or None


class Dated(Protocol):
    code: Any
    since: Any


Row = TypeVar("Row", bound=Dated)


def in_force(rows: Iterable[Row], day: date) -> dict[str, Row]:
    """{code: the value that holds on that day}; one that only begins later stands in when there is no other."""
    found: dict[str, Row] = {}
    for row in sorted(rows, key=lambda one: one.since):
        if row.code not in found or row.since <= day:
            found[row.code] = row
    return found
