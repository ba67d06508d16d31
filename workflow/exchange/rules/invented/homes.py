"""Who lives where: one household for each dwelling of the operation's buildings."""

import unicodedata
from collections.abc import Iterator
from random import Random
from typing import Any

from workflow.exchange.rules.invented.families import compose, display_name

SEED = 2005
TYPES = {"T1": 6, "T2": 17, "T3": 34, "T4": 29, "T5": 14}  # size → weight
SURFACES = {"T1": 31.0, "T2": 46.5, "T3": 59.0, "T4": 71.5, "T5": 86.0, "T6": 98.0}


def households(operation: dict[str, Any], count: int = 280) -> list[dict[str, Any]]:
    """Invent the first `count` households of `operation` (the parsed operation file), always the same ones.

    Each is a dict: number (1…), reference, display, surname, members (title, first, last, age, born_on as (month, day),
    link), building, building_name, address, stair, floor, dwelling, zone, landlord, type, surface (m²), rent, charges
    (euros a month), years (in the dwelling), phone, email (or None).
    """
    rng = Random(SEED)  # noqa: S311  invented people, not a secret
    zones = _zones(operation, rng)
    return [_household(number, place, zones, operation, rng) for number, place in enumerate(_places(operation), 1)][
        :count
    ]


def _zones(operation: dict[str, Any], rng: Random) -> list[str]:
    zones = [zone["slug"] for zone in operation["zones"] for _ in range(zone["moves"])]
    rng.shuffle(zones)
    return zones


def _places(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every dwelling, building by building, stair by stair, from the ground floor up."""
    for building in operation["buildings"]:
        levels = building["floors"] + 1
        for index in range(building["dwellings"]):
            stair, rest = divmod(index, -(-building["dwellings"] // building["stairs"]))
            doors = -(-building["dwellings"] // (building["stairs"] * levels))
            floor, door = divmod(rest, doors)
            yield {"building": building, "stair": str(stair + 1), "floor": floor, "door": door + 1}


def _household(
    number: int, place: dict[str, Any], zones: list[str], operation: dict[str, Any], rng: Random
) -> dict[str, Any]:
    building, kind = place["building"], rng.choices(list(TYPES), list(TYPES.values()))[0]
    members = compose(kind, operation["demonstration"], rng)
    surface = round(SURFACES[kind] + rng.choice((-3.5, -2.0, 0.0, 1.5, 3.0)), 1)
    first = members[0]
    return {
        "number": number,
        "reference": f"ACT-{4000 + number * 13:06d}",
        "display": display_name(members),
        "surname": first["last"],
        "members": members,
        "building": building["slug"],
        "building_name": building["name"],
        "address": f"{building['address']}, {operation['city']}",
        "stair": place["stair"],
        "floor": place["floor"],
        "dwelling": f"{_initials(building['slug'])}-{place['stair']}{place['floor']}{place['door']}",
        "zone": zones[(number - 1) % len(zones)],
        "landlord": building["landlord"],
        "type": kind,
        "surface": surface,
        "rent": round(surface * rng.uniform(5.1, 6.2), 2),
        "charges": round(surface * rng.uniform(1.1, 1.7), 2),
        "years": _years(first["age"], rng),
        "phone": _phone(number, rng),
        "email": _email(first, number) if rng.random() < 0.45 else None,
    }


def _initials(slug: str) -> str:
    """drac-b → DRB, peupliers-1 → PE1, lavoir → LA."""
    parts = slug.split("-")
    return (parts[0][:2] + "".join(parts[1:])).upper()


def _years(age: int, rng: Random) -> int:
    """Years in the dwelling; nobody signed a lease before eighteen."""
    drawn = rng.choices((1, 3, 6, 9, 12, 16, 21, 28), (8, 12, 16, 16, 16, 14, 12, 6))[0]
    return max(1, min(drawn, age - 19))


def _phone(number: int, rng: Random) -> str:
    """A number in the ranges the French regulator keeps for fiction: 06 39 98 and 04 65 71."""
    prefix = rng.choice(("06 39 98", "06 39 98", "04 65 71"))
    return f"{prefix} {50 + number // 100:02d} {number % 100:02d}"


def _email(person: dict[str, Any], number: int) -> str:
    plain = unicodedata.normalize("NFKD", f"{person['first']}.{person['last']}".replace("ı", "i"))
    letters = "".join(c for c in plain.lower() if c.isascii() and (c.isalnum() or c in ".-"))
    return f"{letters}{number}@example.net"
