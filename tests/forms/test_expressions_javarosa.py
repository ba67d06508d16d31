"""The phone's own engine as second opinion: JavaRosa, the one inside ODK Collect, from pyxform's wheel."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.instance import Instance
from tests.forms.oracles.grammar import PHONE, PLACES, Writer
from tests.forms.oracles.javarosa import JavaRosa
from tests.forms.oracles.questionnaire import FORM, our_answer, our_instance, same
from tests.forms.oracles.random_forms import RandomForm
from tests.forms.oracles.sessions import differences_with_javarosa

AT_ONCE = 20
seeds = st.integers(0, 2**32 - 1)

# Functions that rxeval does not know, and corners that random formulas seldom reach: (formula, where it stands).
CORNERS = [
    ("date(20000.9)", "/data"),
    ("date('2026-3-2')", "/data"),
    ("date('')", "/data"),
    ("decimal-date-time('2026-03-02T06:00:00Z')", "/data"),
    ("decimal-date-time(3.5)", "/data"),
    ("decimal-time('2026-03-02T06:00:00Z')", "/data"),
    ("decimal-time(/data/at)", "/data"),
    ("decimal-time(3.25)", "/data"),
    ("format-date(/data/day, '%a %b %d %y %m %H:%M:%S.%3 %h %W')", "/data"),
    ("pow(2, 10000)", "/data"),
    ("pow(0, -1)", "/data"),
    ("pow(-8, 1 div 3)", "/data"),
    ("log(0)", "/data"),
    ("asin(2)", "/data"),
    ("atan2(1, -1)", "/data"),
    ("acos(1)", "/data"),
    ("pi()", "/data"),
    ("count-non-empty(/data/r/p)", "/data"),
    ("position(/data/r[position() = 3])", "/data"),
    ("position(../..)", "/data/r[2]/s[1]/t"),
    ("join('-')", "/data"),
    ("join('-', 'a', 'b')", "/data"),
    ("once('first')", "/data/blank"),
    ("once('first')", "/data/c"),
    ("uuid(0)", "/data"),
    ("checklist(2, -1, /data/r/p)", "/data"),
    ("weighted-checklist(0, 3, /data/r/q, /data/r/p)", "/data"),
    ("weighted-checklist(-1, 4, true(), 3)", "/data"),
    ("weighted-checklist(4, -1, true(), 9)", "/data"),
    ("jr:choice-name('c3', '/data/many')", "/data"),
    ("jr:choice-name(/data/k, ' ../k ')", "/data/c"),
    ("jr:choice-name('zz', '/data/k')", "/data"),
    ("indexed-repeat(/data/r/s/t, /data/r, 3, /data/r/s, 3)", "/data"),
    ("indexed-repeat(/data/r/q, /data/r, 1.9)", "/data"),
    ("indexed-repeat(/data/r/q, /data/r, 9)", "/data"),
    ("indexed-repeat(/data/r/q, /data/r, position(..) - 1)", "/data/r[2]/p"),
    ("indexed-repeat(/data/r/s/t, /data/r/s, 2)", "/data/r[1]/s[1]/t"),
    ("sum(indexed-repeat(/data/r/s/t, /data/r, 1))", "/data"),
    ("/data/r[position() = position(current()/..) - 1]/q", "/data/r[2]/q"),
    ("/data/r[p = current()/../p]/q", "/data/r[2]/q"),
    ("/data/r/q", "/data/r[2]/p"),
    ("sum(/data/r/p)", "/data/r[2]/p"),
    ("sum(../../r/p)", "/data/r[3]/p"),
    ("count(../../r)", "/data/r[3]/p"),
    ("sum(/data/r/s/t)", "/data/r[3]/s[1]/t"),
    ("sum(/data/r[/data/r/q = 'u']/s[/data/r/s/t > 10]/t)", "/data"),
    ("/data/r[position() = 2]/q", "/data/r[1]/p"),
    ("/data/r[position() = 3]/s[position() = 1]/t", "/data"),
    ("instance('l')/root/item[name = current()/../k]/label", "/data/a"),
    ("sum(instance('l')/root/item[area = 'n']/size)", "/data"),
    ("selected('a  b', 'b')", "/data"),
    ("selected('a b', ' a ')", "/data"),
    ("count-selected('  a  b ')", "/data"),
    ("selected-at(/data/many, 0.9)", "/data"),
    ("selected-at(/data/many, -1)", "/data"),
    ("boolean(/data/missing)", "/data"),
    ("/data/missing != 0", "/data"),
    ("substr('hello', 4, 2)", "/data"),
    ("substring-before('abc', '')", "/data"),
    ("substring-after('abc', '')", "/data"),
    ("translate('aabb', 'aab', 'xyz')", "/data"),
    ("regex('٣', '\\d')", "/data"),
    ("regex('a_1', '[\\w]+')", "/data"),
    ("regex('é', '\\W')", "/data"),
    ("regex('a b', 'a\\sb')", "/data"),
]
SEEDS_OF_SHUFFLES = [42, 0, 1, -5, 7.9, 2147483647, 2147483646, 99999999999, -99999999999, 12345]


@pytest.fixture(scope="module")
def instance() -> Instance:
    return our_instance()


def check(javarosa: JavaRosa, instance: Instance, questions: list[tuple[str, str]]) -> None:
    """Our value of each formula at its place is JavaRosa's."""
    javarosa.load(FORM)
    for (expression, path), (kind, value) in zip(questions, javarosa.evaluate(questions), strict=True):
        ours = our_answer(instance, expression, path)[1]
        assert kind != "error", (expression, path, value)
        assert same(ours, value), (expression, path)


def random_questions(seed: int) -> list[tuple[str, str]]:
    rng = Random(seed)
    place = rng.choice(list(PLACES))
    writer = Writer(rng, PHONE, place)
    return [(writer.formula(), place) for _ in range(AT_ONCE)]


def test_the_phone_agrees_on_every_corner(javarosa: JavaRosa, instance: Instance) -> None:
    check(javarosa, instance, CORNERS)


def test_a_shuffle_with_a_seed_has_the_order_of_the_phone(javarosa: JavaRosa, instance: Instance) -> None:
    shuffles = [(f"join(',', randomize(/data/r/s/t, {seed}))", "/data") for seed in SEEDS_OF_SHUFFLES]
    check(javarosa, instance, [*shuffles, ("join(',', randomize(/data/r/s/t, ''))", "/data")])


@settings(max_examples=15)
@given(seeds)
def test_random_formulas_are_worth_the_same_to_the_phone(javarosa: JavaRosa, instance: Instance, seed: int) -> None:
    check(javarosa, instance, random_questions(seed))


@settings(max_examples=40)
@given(seeds)
def test_random_questionnaires_are_filled_alike_by_the_phone(javarosa: JavaRosa, seed: int) -> None:
    assert list(differences_with_javarosa(RandomForm(Random(seed), whole=True), javarosa)) == []


@pytest.mark.proof
@settings(max_examples=1_000)
@given(seeds)
def test_twenty_thousand_random_formulas_are_worth_the_same_to_the_phone(
    javarosa: JavaRosa, instance: Instance, seed: int
) -> None:
    check(javarosa, instance, random_questions(seed))


@pytest.mark.proof
@settings(max_examples=1_000)
@given(seeds)
def test_a_thousand_random_questionnaires_are_filled_alike_by_the_phone(javarosa: JavaRosa, seed: int) -> None:
    assert list(differences_with_javarosa(RandomForm(Random(seed), whole=True), javarosa)) == []
