"""What an operation still needs before work can begin, in the order in which one does it."""

from __future__ import annotations

from dataclasses import dataclass

DONE, TO_DO, WAITING = "done", "todo", "waiting"


@dataclass(frozen=True)
class Known:
    """What an operation has. alone: households nobody follows; idle: steps nobody can do.

    acting: persons who hold a role in it, those who only describe it left out. empty: seats without anybody, of the
    bodies that decide.
    """

    partners: int = 0
    landlords: int = 0
    acting: int = 0
    bodies: int = 0
    empty: int = 0
    buildings: int = 0
    households: int = 0
    alone: int = 0
    procedures: int = 0
    idle: int = 0


@dataclass(frozen=True)
class Point:
    """One line of the list. state: done | todo | waiting (begun, something is missing); count: how many.

    missing: how many of what the line still lacks (landlords, seats, referents, steps).
    """

    code: str
    state: str
    count: int
    missing: int = 0


def points(known: Known) -> list[Point]:
    """Every line, in order; the first that is not done is what to do next."""
    return [
        _point("partners", known.partners, int(known.partners > 0 and not known.landlords)),
        _point("people", known.acting),
        _point("bodies", known.bodies, known.empty),
        _point("buildings", known.buildings),
        _point("households", known.households, known.alone),
        _point("who_acts", known.procedures, known.idle),
    ]


def following(found: list[Point]) -> Point | None:
    """What to do next; None when nothing is missing."""
    return next((point for point in found if point.state != DONE), None)


def _point(code: str, count: int, missing: int = 0) -> Point:
    state = TO_DO if not count else WAITING if missing else DONE
    return Point(code, state, count, missing)
