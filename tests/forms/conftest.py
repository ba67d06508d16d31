"""A workshop for forms: small questionnaires written as tables, and circumstances that never change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from forms.definition import Form, load
from forms.instance import Instance, Now
from forms.xlsform import Compiled, compile_xlsform
from tests.forms.oracles.javarosa import JavaRosa

HOUSEHOLD = (Path(__file__).parent / "household.md").read_text(encoding="utf-8")


@pytest.fixture
def now() -> Now:
    return Now(date(2026, 3, 15), datetime(2026, 3, 15, 10, tzinfo=UTC), lambda: 0.5, lambda: "a-b-c")


@pytest.fixture(scope="session")
def compile_table() -> Callable[[str], Compiled]:
    return lambda table: compile_xlsform(table.encode(), "form.md")


@pytest.fixture(scope="session")
def form_of(compile_table: Callable[[str], Compiled]) -> Callable[[str], Form]:
    return lambda table: load(compile_table(table).xml)


@pytest.fixture(scope="session")
def household_form(form_of: Callable[[str], Form]) -> Form:
    return form_of(HOUSEHOLD)


@pytest.fixture
def household(household_form: Form, now: Now) -> Instance:
    """A mother and her child, 520.50 of rent, 180 of aid, 1 400 of income."""
    people = [{"C1": "Amina Belkacem", "age": 41, "C12": "tutelle"}, {"C1": "Sami Belkacem", "age": 9}]
    answers = {
        "A": {"A13": "oui", "A5": "2026-03-02"},
        "C": {"person": people},
        "E": {"rent": 520.5, "aid": 180, "income": 1400, "city": "g", "areas": ["mistral", "centre"]},
    }
    return Instance.from_answers(household_form, answers, now)


@pytest.fixture(scope="session")
def javarosa() -> Iterator[JavaRosa]:
    """The engine of the phone, started once."""
    engine = JavaRosa()
    yield engine
    engine.close()
