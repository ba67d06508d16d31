"""What a procedure is given from outside: lists, its course, quorums of its bodies, files, time and chance."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from forms.expressions import Now

Choice = dict[str, Any]


LARGEST_FILE = 20_000_000  # bytes of a list, a picture or a sound beside a form


def around(now: datetime) -> Now:
    """What the form engine may not look up by itself; `now` is the clock on the wall where the answers are given."""
    return Now(now.date(), now, random.SystemRandom().random, lambda: str(uuid.uuid4()))


class Beside(Mapping[str, bytes]):
    """The files that stand beside a form or in `media/`, by name: read when they are asked for. A name that leads out
    of the folder, or to more than `LARGEST_FILE` bytes, is as if it were not there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __getitem__(self, name: str) -> bytes:
        for path in (self.folder / name, self.folder / "media" / name):
            if path.name == name and path.is_file() and path.stat().st_size <= LARGEST_FILE:
                return path.read_bytes()
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        names = {path.name for path in (*self.folder.iterdir(), *self.folder.glob("media/*"))}
        return (name for name in sorted(names) if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True)
class Party:
    """A partner of an operation: its part in it, and whether households are asked before it reads of them."""

    slug: str
    name: str
    kind: str
    part: str
    consent: bool


@dataclass(frozen=True)
class Material:
    """What an operation has to fill lists with. zones, places: {slug: {language: label}}."""

    partners: tuple[Party, ...] = ()
    zones: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    places: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    quorums: Mapping[str, int] = field(default_factory=dict)  # {body: organisations it needs to decide}


ORIGIN = "origin"
OF_TENANTS = frozenset(("association", "mandated"))
EVERYWHERE = {"operation": {"fr": "Toute l’opération", "en": "The whole operation"}}


def lists_of(spec: Mapping[str, Mapping[str, Any]], told: Material) -> dict[str, list[Choice]]:
    """{list name: choices} from the `lists` of a procedure.yaml: {list: {from: SOURCE, keep: [names]}}.

    SOURCE is one of consenting, partners, landlords, zones, places. `keep` names choices of the form itself that stay,
    after those of the operation. A list for which the operation has nothing stays as the form has it.
    """
    found = {}
    for name, asked in spec.items():
        own = list(_SOURCES[asked["from"]](told))
        if own:
            found[name] = own + [{"name": kept} for kept in asked.get("keep", ())]
    return found


def _consenting(told: Material) -> Iterable[Choice]:
    for party in told.partners:
        if party.consent:
            yours = party.part == ORIGIN
            labels = {"fr": f"{party.name}, votre bailleur", "en": f"{party.name}, your landlord"} if yours else {}
            yield {"name": party.slug, "label": labels or _plain(party.name)}


def _partners(told: Material) -> Iterable[Choice]:
    return (_choice(party) for party in told.partners if party.part not in OF_TENANTS)


def _landlords(told: Material) -> Iterable[Choice]:
    return (_choice(party) for party in told.partners if party.kind == "landlord")


def _zones(told: Material) -> Iterable[Choice]:
    return _named(told.zones or EVERYWHERE)


def _places(told: Material) -> Iterable[Choice]:
    return _named(told.places or told.zones or EVERYWHERE)


def _choice(party: Party) -> Choice:
    return {"name": party.slug, "label": _plain(party.name)}


def _named(labels: Mapping[str, Mapping[str, str]]) -> Iterable[Choice]:
    return ({"name": slug, "label": dict(label)} for slug, label in labels.items())


def _plain(name: str) -> dict[str, str]:
    return {"fr": name, "en": name}


_SOURCES = {
    "consenting": _consenting,
    "partners": _partners,
    "landlords": _landlords,
    "zones": _zones,
    "places": _places,
}


@dataclass(frozen=True)
class Variant:
    """One of the courses a form may take: `variants` in procedure.yaml. describe: whom it suits.

    circuit: its text, kept with the version; "" for the one whose circuit is that of the procedure itself.
    """

    name: str
    label: Mapping[str, str]
    describe: Mapping[str, str]
    circuit: str


def is_about_operation(settings: Mapping[str, Any]) -> bool:
    """Whether the files of a procedure are about the whole operation (`subject: operation` in procedure.yaml), not
    about one household.
    """
    return settings.get("subject") == "operation"


def variants_of(settings: Mapping[str, Any]) -> tuple[Variant, ...]:
    """The courses a version knows; none where there is only one."""
    return tuple(Variant(one["name"], one["label"], one["describe"], one["circuit"]) for one in told_variants(settings))


def told_variants(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(settings.get("variants", ()))


def variant_in(settings: Mapping[str, Any]) -> str:
    """The name of the course that a version follows; the first one where nothing was chosen, "" without variants."""
    known = [one.name for one in variants_of(settings)]
    chosen = settings.get("variant", "")
    return chosen if chosen in known else next(iter(known), "")


def circuit_of(settings: Mapping[str, Any], circuit: str, name: str) -> str:
    """The text of the circuit of that course. `circuit` is that of the procedure; KeyError for an unknown course."""
    known = {one.name: one.circuit or circuit for one in variants_of(settings)}
    return known[name] if known else circuit


def with_quorums(circuit: str, quorums: Mapping[str, int]) -> str:
    """The text of a circuit in which bodies decide with the quorum the operation gave them: {body: organisations}.

    Only a rule that names a quorum gets another. A circuit that says the same already is returned as it was written:
    its version then stays the same.
    """
    read = yaml.safe_load(circuit)
    steps = [step for stage in read["stages"] for step in stage["steps"]]
    changed = [step for step in steps if _other_quorum(step, quorums)]
    for step in changed:
        step["rule"]["quorum"] = quorums[step["who"]["body"]]
    return yaml.safe_dump(read, allow_unicode=True, sort_keys=False) if changed else circuit


def _other_quorum(step: Mapping[str, Any], quorums: Mapping[str, int]) -> bool:
    rule, body = step.get("rule"), step["who"].get("body")
    return isinstance(rule, dict) and "quorum" in rule and body in quorums and rule["quorum"] != quorums[body]
