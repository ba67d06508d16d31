"""The reference procedure and operation as they are shipped, and a household's answers to try them with."""

import datetime
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from forms import definition
from forms.instance import Instance, Now
from forms.visibility import Lens
from forms.xlsform import Compiled, compile_xlsform
from workflow.catalogue.rules import Material, Party, lists_of
from workflow.exchange.rules.invented import answers, households

ROOT = Path(__file__).parents[2]
TODAY = datetime.date(2026, 11, 23)


@pytest.fixture(scope="session")
def folder() -> Path:
    return ROOT / "templates" / "procedures" / "diagnostic-social"


@pytest.fixture(scope="session")
def operation() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "templates" / "operations" / "mistral.yaml").read_text("utf-8"))


@pytest.fixture(scope="session")
def procedure(folder: Path) -> dict[str, Any]:
    return yaml.safe_load((folder / "procedure.yaml").read_text("utf-8"))


Fit = Callable[[Mapping[str, Any]], Compiled]


@pytest.fixture(scope="session")
def fit(folder: Path, procedure: dict[str, Any]) -> Fit:
    """The form as an operation adopts it, from that operation's description."""

    def fit_to(operation: Mapping[str, Any]) -> Compiled:
        partners = [Party(o["slug"], o["name"], o["kind"], o["part"], o["consent"]) for o in operation["organisations"]]
        told = Material(
            tuple(partners),
            {zone["slug"]: zone["label"] for zone in operation["zones"]},
            {place["slug"]: place["label"] for place in operation["places"]},
        )
        return compile_xlsform((folder / "form.md").read_bytes(), "form.md", lists_of(procedure["lists"], told))

    return fit_to


@pytest.fixture(scope="session")
def compiled(fit: Fit, operation: dict[str, Any]) -> Compiled:
    return fit(operation)


@pytest.fixture(scope="session")
def form(compiled: Compiled) -> definition.Form:
    return definition.load(compiled.xml)


@pytest.fixture(scope="session")
def people(operation: dict[str, Any]) -> list[dict[str, Any]]:
    return households(operation)


@pytest.fixture(scope="session")
def now() -> Now:
    noon = datetime.datetime.combine(TODAY, datetime.time(12), datetime.UTC)
    return Now(today=TODAY, now=noon, random=lambda: 0.5, uuid=lambda: "00000000-0000-4000-8000-000000000001")


@pytest.fixture(scope="session")
def told(operation: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What a household told the officer, always the same for the same household."""

    def tell(household: dict[str, Any]) -> dict[str, Any]:
        rng = random.Random(household["number"])
        return answers(household, operation, officer="Claire Maurin", referent="Sonia Mendès", today=TODAY, rng=rng)

    return tell


@pytest.fixture(scope="session")
def fill(form: definition.Form, now: Now) -> Callable[[Mapping[str, Any]], Instance]:
    def fill_in(said: Mapping[str, Any]) -> Instance:
        instance = Instance.from_answers(form, dict(said), now)
        instance.recompute()
        return instance

    return fill_in


@pytest.fixture(scope="session")
def lens(procedure: dict[str, Any]) -> Callable[[str], Lens]:
    def through(name: str) -> Lens:
        said = procedure["lenses"][name]
        purposes = frozenset(said["purposes"]) if "purposes" in said else None
        excluded = frozenset(said.get("exclude", ()))
        return Lens(frozenset(said["levels"]), purposes=purposes, exclude_purposes=excluded)

    return through
