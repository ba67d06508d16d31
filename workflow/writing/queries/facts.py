"""What papers say of an operation, its organisations, a household, a body, a sitting: as it stands now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from flask_babel import force_locale
from flask_babel import gettext as _

from workflow import clock
from workflow.dossiers.models import Household
from workflow.operations import queries as operations
from workflow.operations.models import Building, Operation
from workflow.operations.rules import RULES_OF_AN_OPERATION, in_force, value_of
from workflow.people import queries as people
from workflow.people.models import Organisation, Person
from workflow.web.spoken import label
from workflow.writing.rules.figures import Figure, figures

DEFAULTS = Path(__file__).resolve().parents[3] / "templates" / "documents" / "rules.yaml"
LANG = "fr"  # the language in which the papers of an operation are written
Data = dict[str, Any]


@lru_cache(maxsize=1)
def library_figures() -> Mapping[str, Any]:
    """The figures the library proposes, by code, in the shape of rules.yaml."""
    return dict(yaml.safe_load(DEFAULTS.read_text("utf-8")))


def figures_of(place: Operation, lang: str = LANG) -> dict[str, Figure]:
    """Every figure a model may read in an operation, as it holds today."""
    rows = in_force(operations.parameters(place.id), clock.today(place.zone))
    own = (
        Figure(
            code,
            value_of(row.value),
            row.unit,
            row.source,
            row.since.isoformat(),
            row.label.get(lang) or row.label.get(LANG) or _known_as(code, lang),
            own=True,
        )
        for code, row in rows.items()
    )
    return figures(library_figures(), own, lang)


def _known_as(code: str, lang: str) -> str:
    """What a rule is called that every operation sets; "" when it is none of these."""
    with force_locale(lang):
        return _(RULES_OF_AN_OPERATION[code][0]) if code in RULES_OF_AN_OPERATION else ""


@dataclass(frozen=True)
class Around:
    """What stands around every paper of an operation; read once, used for as many papers as are written.

    told: what every model may read, whatever it is about. callers: whom households call, by person.
    """

    operation: str
    owner: str
    zone: str
    organisations: Mapping[str, Data]
    figures: Mapping[str, Figure]
    buildings: Mapping[str, str]
    told: Data
    callers: dict[str, Data] = field(default_factory=dict)

    @property
    def controller(self) -> Data:
        return self.organisation(self.owner)

    def organisation(self, slug: str) -> Data:
        """An organisation of the operation as models read it; every name is there, empty where nothing is known."""
        return self.organisations.get(slug) or _organisation(None, slug, "")


def around(place: Operation) -> Around:
    """What is said of an operation today, in the language of its papers."""
    rows = people.organisation_rows()
    parts = {one.organisation: one.part for one in operations.partners(place.id)}
    known = {slug: _organisation(rows.get(slug), slug, part) for slug, part in {place.owner: "", **parts}.items()}
    buildings, found = operations.buildings(place.id), figures_of(place)
    with force_locale(LANG):
        told = {
            "operation": _operation(place, buildings),
            "rules": {code: one.as_data() for code, one in found.items()},
            "controller": known[place.owner],
            "landlord": _origin(known.values()) or known[place.owner],
            "organisations": list(known.values()),
        }
    names = {row.id: row.name for row in buildings}
    return Around(place.id, place.owner, place.zone, known, found, names, told)


def _operation(place: Operation, buildings: Iterable[Building]) -> Data:
    return {
        "name": label(place.label) if place.label else place.name,
        "city": place.city,
        "regime": place.regime,
        "starts": str(place.starts.year) if place.starts else "",
        "ends": str(place.ends.year) if place.ends else "",
        "buildings": [{"name": one.name, "address": one.address, "dwellings": one.dwellings} for one in buildings],
    }


def _origin(known: Iterable[Data]) -> Data | None:
    """The landlord of today, for papers that are not about one household."""
    landlords = [one for one in known if one["kind"] == "landlord"]
    return next((one for one in landlords if one["part"] == "origin"), next(iter(landlords), None))


def _organisation(row: Organisation | None, slug: str, part: str) -> Data:
    columns = ("name", "kind", "address", "phone", "represented_by", "capacity", "deliberation")
    told = {name: getattr(row, name) if row else "" for name in columns}
    return {"slug": slug, "part": part, "mail": (row.email or "") if row else "", "share": None, **told}


def household(known: Around, row: Household, writer: Person | None = None) -> Data:
    """What a paper about a household reads beside. writer: who is called where nobody follows it."""
    return {
        "household": {
            "display": row.name,
            "reference": row.reference,
            "address": row.address,
            "dwelling": _dwelling(row, known.buildings),
            "landlord": row.landlord,
        },
        "landlord": known.organisation(row.landlord),
        "referent": _referent(known, row, writer),
    }


def _dwelling(row: Household, buildings: Mapping[str, str]) -> str:
    said = [
        buildings.get(row.building_id or "", ""),
        _("entrance %(name)s", name=row.entrance) if row.entrance else "",
        _("floor %(number)s", number=row.floor) if row.floor else "",
        _("dwelling %(number)s", number=row.dwelling) if row.dwelling else "",
    ]
    words = ", ".join(filter(None, said))
    return words[:1].upper() + words[1:]


def _referent(known: Around, row: Household, writer: Person | None) -> Data:
    """Whom the household calls: its referent, else whoever writes, at the telephone of their office if need be."""
    wanted = row.referent or (writer.id if writer else "")
    if wanted not in known.callers:
        known.callers[wanted] = _caller(known, people.person(row.referent) or writer)
    return known.callers[wanted]


def _caller(known: Around, who: Person | None) -> Data:
    if who is None:
        of = known.controller
        return {"name": of["name"], "phone": of["phone"], "mail": of["mail"], "organisation": of["name"], "hours": ""}
    held = (one for one in people.grants_of(who.id) if one.operation == known.operation and one.organisation)
    grant = next(held, None)
    office = known.organisation(grant.organisation if grant and grant.organisation else known.owner)
    phone, mail = who.phone or office["phone"], who.email or office["mail"]
    return {"name": who.name, "phone": phone, "mail": mail, "organisation": office["name"], "hours": ""}


def nobody(known: Around) -> Data:
    """Who answers for a paper that is about no household."""
    return {"referent": _caller(known, None)}


def in_order_of_address(rows: Iterable[Household], buildings: Mapping[str, str]) -> list[Household]:
    """As one walks from door to door: building, entrance, floor, dwelling; numbers count as numbers."""

    def place(row: Household) -> tuple[Any, ...]:
        name = buildings.get(row.building_id or "") or "\uffff" + row.address
        return (*map(_counted, (name, row.entrance, row.floor, row.dwelling)), row.reference)

    return sorted(rows, key=place)


def _counted(words: str) -> tuple[tuple[int, int, str], ...]:
    parts: list[str] = []
    for sign in words.casefold():
        if parts and parts[-1][-1].isdigit() == sign.isdigit():
            parts[-1] += sign
        else:
            parts.append(sign)
    return tuple((0, int(one), "") if one.isdecimal() else (1, 0, one) for one in parts)
