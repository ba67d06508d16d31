"""The first day of each role: a few steps, each a sentence and a page to open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from workflow import access
from workflow.access import Identity
from workflow.dossiers.queries.agreed import knows_of_households
from workflow.people import queries as people

TOURS = Path(__file__).resolve().parents[3] / "templates" / "help" / "tours.yaml"
DISMISSED = "dismissed"

OF_HOUSEHOLDS = frozenset(("dossiers.households",))
"""Pages that are there only for those whom households concern: a seat where the charter is decided on opens none."""


@dataclass(frozen=True)
class Step:
    """label, text: by language; endpoint: the page it opens, without more in its address than the operation."""

    id: str
    label: dict[str, str]
    text: dict[str, str]
    endpoint: str


@cache
def tours() -> dict[str, tuple[Step, ...]]:
    """{role: steps}; "everybody" comes before the steps of a role."""
    told = yaml.safe_load(TOURS.read_text("utf-8"))
    return {role: tuple(Step(**step) for step in steps) for role, steps in told.items()}


def steps_of(identity: Identity) -> list[Step]:
    """The steps of every role this person holds themselves, those whose page they may not open left out.

    A step that several roles tell is told once, as the first of these roles in the file tells it.
    """
    own = {grant.role for grant in identity.grants if grant.on_behalf_of is None}
    found: dict[str, Step] = {}
    for role, steps in tours().items():
        if role == "everybody" or role in own:
            for step in steps:
                found.setdefault(step.id, step)
    known = any(knows_of_households(identity, one) for one in identity.operations)
    closed = frozenset() if known else OF_HOUSEHOLDS
    return [step for step in found.values() if access.may_come(step.endpoint, identity) and step.endpoint not in closed]


def seen(identity: Identity) -> frozenset[str]:
    row = people.person(identity.person)
    return frozenset(row.tour or ()) if row else frozenset()


def left(identity: Identity) -> int:
    """Steps not seen yet; none once the tour was put away."""
    known = seen(identity)
    return 0 if DISMISSED in known else sum(step.id not in known for step in steps_of(identity))
