"""Two versions of a form side by side, and answers carried from one to the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms import carrying
from forms.carrying import carry
from forms.comparing import compare
from forms.definition import Form, load
from forms.growing import address, leaves
from forms.instance import Instance, Now
from forms.xlsform import compile_xlsform

OLD = """
| survey |
| | type | name | label::Français (fr) | label::English (en) | relevant | required | LEVEL | PURPOSE |
| | begin group | A | Logement | Dwelling | | | | |
| | integer | floor | Étage | Floor | | yes | V1 | logement |
| | select_one town | town | Commune | Town | ${floor} > 1 | | V1 | logement |
| | text | note1 | Remarque | Remark | | | V1 | suivi |
| | text | gone | Digicode | Door code | | | V1 | contact |
| | end group | | | | | | | |
| | begin group | B | Ménage | Household | | | | |
| | text | phone | Téléphone | Telephone | | | V1 | contact |
| | end group | | | | | | | |
| choices |
| | list_name | name | label::Français (fr) | label::English (en) |
| | town | g | Grenoble | Grenoble |
| | town | e | Échirolles | Échirolles |
| settings |
| | form_id | form_title | default_language |
| | f | Fiche | Français (fr) |
"""
NEW = """
| survey |
| | type | name | label::Français (fr) | label::English (en) | relevant | required | LEVEL | PURPOSE |
| | begin group | A | Logement | Dwelling | | | | |
| | text | phone | Téléphone | Telephone | | | V2 | contact |
| | decimal | floor | Étage | Storey | | | V1 | logement |
| | select_one town | town | Commune | Town | ${floor} > 2 | | V1 | logement |
| | text | remark | Remarque | Remark | | | V1 | suivi |
| | text | fresh | Accès | Access | | | V1 | logement |
| | end group | | | | | | | |
| choices |
| | list_name | name | label::Français (fr) | label::English (en) |
| | town | g | Grenoble ville | Grenoble |
| | town | f | Fontaine | Fontaine |
| settings |
| | form_id | form_title | default_language |
| | f | Fiche | Français (fr) |
"""


def with_columns(table: str) -> str:
    return table.replace("LEVEL", "bind::relais:level").replace("PURPOSE", "bind::relais:purpose")


@pytest.fixture
def old(form_of: Callable[[str], Form]) -> Form:
    return form_of(with_columns(OLD))


@pytest.fixture
def new(form_of: Callable[[str], Form]) -> Form:
    return form_of(with_columns(NEW))


def told(old: Form, new: Form) -> set[tuple[str, str, str, str]]:
    return {(change.kind, change.name, change.before, change.after) for change in compare(old, new, "fr")}


def test_a_form_compared_with_itself_has_not_changed(old: Form) -> None:
    assert compare(old, old, "fr") == []


def test_a_comparison_says_what_was_added_removed_moved_and_changed(old: Form, new: Form) -> None:
    assert told(old, new) == {
        ("group_removed", "B", "", ""),
        ("moved", "phone", "Ménage", "Logement"),
        ("level", "phone", "V1", "V2"),
        ("label", "floor", "Floor", "Storey"),
        ("type", "floor", "integer", "decimal"),
        ("required", "floor", "true()", ""),
        ("relevant", "town", "${floor} > 1", "${floor} > 2"),
        ("choice_label", "town", "Grenoble", "Grenoble ville"),
        ("choice_added", "town", "", "Fontaine"),
        ("choice_removed", "town", "Échirolles", ""),
        ("renamed", "remark", "note1", "remark"),
        ("added", "fresh", "", "text"),
        ("removed", "gone", "text", ""),
    }


def test_a_text_that_changed_says_in_which_language(old: Form, new: Form) -> None:
    assert [change.lang for change in compare(old, new, "fr") if change.kind == "label"] == ["en"]


def test_questions_asked_in_another_order_are_named(form_of: Callable[[str], Form]) -> None:
    table = "| survey |\n| | type | name | label |\n" + "".join(f"| | text | {name} | {name} |\n" for name in "abcd")
    other = "| survey |\n| | type | name | label |\n" + "".join(f"| | text | {name} | {name} |\n" for name in "dabc")
    assert told(form_of(table), form_of(other)) == {("reordered", "d", "", "")}


# -- carrying


@pytest.fixture
def answered(old: Form, now: Now) -> Instance:
    dwelling = {"floor": "3", "town": "e", "note1": "Rien", "gone": "1234A"}
    return Instance.from_answers(old, {"A": dwelling, "B": {"phone": "0476000000"}}, now)


def test_every_answer_is_kept_moved_converted_or_named_as_lost(answered: Instance, new: Form, now: Now) -> None:
    carried = carry(answered, new, now, "fr")
    assert {(fate.kind, fate.label, fate.before, fate.after) for fate in carried.fates} == {
        ("converted", "Étage", "3", "3"),
        ("lost", "Commune", "Échirolles", ""),
        ("lost", "Remarque", "Rien", ""),
        ("lost", "Digicode", "1234A", ""),
        ("moved", "Téléphone", "0476000000", "0476000000"),
    }
    assert {fate.reason for fate in carried.lost} == {carrying.NO_PLACE, carrying.NO_CHOICE}
    assert carried.instance.get("/data/A/town") == ""


def test_who_knows_that_a_question_was_renamed_may_say_so(answered: Instance, new: Form, now: Now) -> None:
    carried = carry(answered, new, now, "fr", {"/data/A/note1": "/data/A/remark"})
    assert carried.instance.get("/data/A/remark") == "Rien"


def one(kind: str) -> str:
    lists = "| choices |\n| | list_name | name | label |\n| | c | a | Été |\n| | c | b | Hiver |\n"
    return f"| survey |\n| | type | name | label |\n| | {kind} | q | Q |\n{lists}"


@pytest.mark.parametrize(
    ("before", "text", "after", "expected"),
    [
        ("text", "été", "select_one c", "a"),
        ("text", "b", "select_one c", "b"),
        ("text", "Automne", "select_one c", ""),
        ("select_one c", "a", "text", "Été"),
        ("select_one c", "a", "select_multiple c", "a"),
        ("select_multiple c", "a b", "select_one c", ""),
        ("select_multiple c", "b", "select_one c", "b"),
        ("integer", "3", "decimal", "3"),
        ("decimal", "3.0", "integer", "3"),
        ("decimal", "3.5", "integer", ""),
        ("text", "3,5", "decimal", "3.5"),
        ("text", "beaucoup", "decimal", ""),
        ("text", "02/03/2026", "date", "2026-03-02"),
        ("dateTime", "2026-03-02T10:00:00.000+01:00", "date", "2026-03-02"),
        ("acknowledge", "OK", "integer", ""),
        ("acknowledge", "OK", "acknowledge", "OK"),
        ("text", "abc", "note", ""),
    ],
)
def test_an_answer_becomes_another_kind_or_stays_readable(
    form_of: Callable[[str], Form], now: Now, before: str, text: str, after: str, expected: str
) -> None:
    carried = carry(Instance.from_answers(form_of(one(before)), {"q": text}, now), form_of(one(after)), now, "default")
    assert carried.instance.get("/data/q") == expected
    assert bool(carried.lost) is (expected == "")
    assert all(fate.before for fate in carried.fates)


def test_of_several_choices_only_those_that_are_gone_are_lost(form_of: Callable[[str], Form], now: Now) -> None:
    before = Instance.from_answers(form_of(one("select_multiple c")), {"q": "a b"}, now)
    shorter = form_of(one("select_multiple c").replace("| | c | b | Hiver |\n", ""))
    carried = carry(before, shorter, now, "default")
    assert [(fate.kind, fate.before) for fate in carried.fates] == [("lost", "Hiver"), ("converted", "Été, Hiver")]
    assert carried.instance.get("/data/q") == "a"


_KINDS = ["text", "integer", "decimal", "date", "select_one c", "select_multiple c", "note", "acknowledge"]
_QUESTIONS = st.dictionaries(st.sampled_from("pqrstu"), st.tuples(st.sampled_from(_KINDS), st.sampled_from("GHR-")))
_ANSWERS = st.sampled_from(["a", "b", "a b", "3", "3.5", "2026-03-02", "OK", "mot", "été"])
_NOW = Now(date(2026, 3, 15), datetime(2026, 3, 15, 10, tzinfo=UTC), lambda: 0.5, lambda: "a-b-c")


def random_form(questions: dict[str, tuple[str, str]]) -> Form:
    rows = ["| survey |", "| | type | name | label |", "| | text | always | Always |"]
    for group, kind in (("G", "group"), ("H", "group"), ("R", "repeat"), ("-", "")):
        inside = [
            f"| | {kind_of} | {name} | {name} |" for name, (kind_of, where) in questions.items() if where == group
        ]
        if inside and kind:
            rows += [f"| | begin {kind} | {group} | {group} |", *inside, f"| | end {kind} | | |"]
        else:
            rows += inside
    rows += ["| choices |", "| | list_name | name | label |", "| | c | a | Été |", "| | c | b | Hiver |"]
    return load(compile_xlsform("\n".join(rows).encode(), "form.md").xml)


@pytest.mark.complaint(32)
@given(_QUESTIONS, _QUESTIONS, st.lists(_ANSWERS, min_size=14, max_size=14), st.integers(1, 3))
def test_no_answer_is_lost_in_silence(
    before: dict[str, tuple[str, str]], after: dict[str, tuple[str, str]], texts: list[str], rows: int
) -> None:
    old, new = random_form(before), random_form(after)
    instance = Instance.new(old, _NOW)
    while "/data/R" in old.groups and instance.raw_rows("/data/R") < rows:
        instance.add_row("/data/R")
    asked = [(node, question) for node, question in leaves(instance.root, old) if question.asked]
    for (node, _), text in zip(asked, texts, strict=False):
        instance.set(address(node, old), text)
    carried = carry(instance, new, _NOW, "default")
    told_of = {fate.path for fate in carried.fates}
    assert told_of == {address(node, old) for node, _ in asked if node.text}
    for fate in carried.fates:
        assert fate.before
        assert fate.kind == "lost" or carried.instance.get(fate.place)
    changed = {change.name for change in compare(old, new, "default")}
    assert all(fate.label in changed for fate in carried.lost if fate.reason == carrying.NO_PLACE)
