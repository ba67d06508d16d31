"""How what is typed of an operation is understood."""

import json
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.operations import rules


@pytest.mark.parametrize(
    ("told", "unit", "kept"),
    [
        ("30", "percent", "30"),
        ("30,5 %", "percent", "30.5"),
        ("1 234,50", "euros", "1234.5"),
        ("oui", "yes_no", "true"),
        ("Non", "yes_no", "false"),
        ("T1 45 ; T2: 55,5", "euros_per_month", '{"T1": 45, "T2": 55.5}'),
        ("la charte", "text", "la charte"),
        ("12", "text", '"12"'),
        ("peut-être", "yes_no", None),
        ("beaucoup", "days", None),
        ("T1 45 ; T1 46", "euros", None),
        ("1e9", "days", None),
        ("", "days", None),
    ],
)
def test_a_value_is_kept_as_it_was_meant(told: str, unit: str, kept: str | None) -> None:
    assert rules.read_value(told, unit) == kept


@settings(max_examples=150)
@given(st.text(max_size=60), st.sampled_from(sorted(rules.UNITS)))
def test_whatever_is_typed_is_kept_whole_or_not_at_all(told: str, unit: str) -> None:
    kept = rules.read_value(told, unit)
    if kept is None:
        return
    value = rules.value_of(kept)
    expected = {"yes_no": bool, "text": str}.get(unit, (int, float, dict))
    assert isinstance(value, expected)
    if unit == "text":
        assert value == " ".join(told.split())


@settings(max_examples=150)
@given(st.dictionaries(st.from_regex(r"T[1-9]", fullmatch=True), st.integers(0, 9999), min_size=1, max_size=5))
def test_a_scale_that_is_shown_is_read_again_the_same(scale: dict[str, int]) -> None:
    shown = " ; ".join(f"{name} {amount}" for name, amount in scale.items())
    assert json.loads(rules.read_value(shown, "euros") or "") == scale


@settings(max_examples=150)
@given(st.text(max_size=200), st.sets(st.sampled_from(["a", "sans-nom", "x", "new", "mistral", "mistral-2"])))
def test_a_name_for_addresses_is_short_plain_and_free(name: str, taken: set[str]) -> None:
    slug = rules.slug_of(name, taken)
    assert slug not in taken | rules.RESERVED
    assert len(slug) <= 64
    assert slug.isascii()
    assert slug.replace("-", "").isalnum()


@dataclass(frozen=True)
class Value:
    code: str
    since: date


def test_the_value_in_force_is_the_last_that_began() -> None:
    old, new, later = (Value("a", date(year, 1, 1)) for year in (2005, 2008, 2030))
    assert rules.in_force([later, old, new], date(2009, 1, 1)) == {"a": new}
    assert rules.in_force([later], date(2009, 1, 1)) == {"a": later}  # none is in force: what is to come is shown
