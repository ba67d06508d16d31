"""A second opinion: on the portable subset an independent engine in Rust gives the same values."""

from __future__ import annotations

from random import Random

import pytest
import rxeval
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.instance import Instance
from tests.forms.oracles.grammar import RXEVAL, Writer
from tests.forms.oracles.questionnaire import ANSWERS, TODAY, our_answer, our_instance, same
from tests.forms.oracles.random_forms import RandomForm
from tests.forms.oracles.sessions import differences_with_rxeval

AT_ONCE = 20
seeds = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def instance() -> Instance:
    return our_instance()


def theirs(expression: str) -> str:
    return rxeval.eval_expression(expression, ANSWERS, today=TODAY, now=f"{TODAY}T10:30:00")


@settings(max_examples=100)
@given(seeds)
def test_two_thousand_random_formulas_are_worth_the_same_to_an_independent_engine(
    instance: Instance, seed: int
) -> None:
    writer = Writer(Random(seed), RXEVAL)
    for expression in [writer.formula() for _ in range(AT_ONCE)]:
        ours = our_answer(instance, expression)[1]
        assert same(ours, theirs(expression)), expression


@settings(max_examples=100)
@given(seeds)
def test_random_questionnaires_are_filled_alike_by_an_independent_engine(seed: int) -> None:
    assert list(differences_with_rxeval(RandomForm(Random(seed), whole=False))) == []
