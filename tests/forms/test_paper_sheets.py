"""What is printed: a space for every question, routing in plain words, what is known, nothing that is hidden."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from forms.definition import Form, load
from forms.instance import Instance, Now
from forms.paper import numbers, questionnaire
from forms.paper.routing import Condition
from forms.paper.sheet import Entry, Lines, Part
from forms.visibility import Lens
from forms.xlsform import compile_xlsform

PICTURES = {"house.png": b"\x89PNG\r\n\x1a\n", "tower.png": b"\x89PNG\r\n\x1a\n"}
HEAD = "| survey |\n| | type | name | label | relevant | constraint | appearance | bind::relais:level |\n"
CHOICES = (
    "| choices |\n| | list_name | name | label |\n| | yn | oui | Oui |\n| | yn | non | Non |\n"
    "| | abc | a | Rouge |\n| | abc | b | Vert |\n| | abc | c | Bleu |\n| | abc | d | Gris |\n"
)
FormOf = Callable[[str], Form]


@pytest.fixture(scope="module")
def museum() -> Form:
    file = Path(__file__).parent / "museum.md"
    return load(compile_xlsform(file.read_bytes(), file.name, media=PICTURES).xml, PICTURES)


def entry(form: Form, name: str, **more: object) -> Entry:
    found = questionnaire(form, "fr", **more).entries()
    return next(one for one in found if one.path.rpartition("/")[2] == name)


def routed(form_of: FormOf, rule: str, kind: str = "text") -> Condition:
    rows = (
        "| | select_one yn | A1 | Un | | | | V1 |\n| | select_multiple abc | A2 | Deux | | | | V1 |\n"
        f"| | integer | A3 | Trois | | | | V1 |\n| | {kind} | A4 | Quatre | {rule} | | | V1 |\n"
    )
    found = entry(form_of(HEAD + rows + CHOICES), "A4").condition
    assert found is not None
    return found


def said(found: Condition) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(clause.kind, clause.number, clause.values) for clause in found.clauses]


def parts_of(parts: tuple[Part, ...]) -> list[Part]:
    return [one for part in parts for one in (part, *parts_of(getattr(part, "parts", ())))]


def test_every_question_that_is_asked_has_a_number_and_a_space(museum: Form) -> None:
    printed = {one.path: one for one in questionnaire(museum, "fr").entries() if one.kind == "question"}
    assert set(printed) == set(numbers(museum))
    assert all(one.number and one.space is not None for one in printed.values())
    kinds = {museum.questions[path].kind: one.space.kind for path, one in printed.items() if one.space}
    assert kinds == {
        **dict.fromkeys(("text", "barcode"), "line"),
        **{"multiline": "lines", "integer": "digits", "decimal": "digits", "range": "digits", "date": "year"},
        **{"time": "time", "datetime": "datetime", "select_one": "one", "select_multiple": "several", "rank": "rank"},
        **{"acknowledge": "tick", "geopoint": "place", "geotrace": "points", "geoshape": "points"},
        **dict.fromkeys(("file", "image", "audio", "video"), "file"),
    }


def test_a_list_too_long_to_print_is_written_in_words(museum: Form) -> None:
    street = entry(museum, "street").space
    assert street is not None
    assert (street.kind, street.options) == ("listed", ())


def test_a_signature_is_drawn_in_a_box(museum: Form) -> None:
    assert entry(museum, "signed").space.kind == "signature"


def test_boxes_are_as_many_as_the_constraint_lets_through(form_of: FormOf) -> None:
    rows = (
        "| | integer | floor | Étage | | . >= -2 and . <= 30 | | V1 |\n"
        "| | text | code | Code | | string-length(.) = 18 | | V1 |\n"
        "| | decimal | rent | Loyer | | . <= 5000 | money | V1 |\n"
    )
    form = form_of(HEAD + rows)
    floor, code, rent = (entry(form, name).space for name in ("floor", "code", "rent"))
    assert (floor.kind, floor.count) == ("digits", 2)
    assert (code.kind, code.count) == ("boxes", 18)
    assert (rent.count, rent.decimals, rent.unit) == (4, 2, "€")


def test_calculations_are_left_out(museum: Form) -> None:
    assert {"twice", "thrice", "origin"}.isdisjoint(
        one.path.rpartition("/")[2] for one in questionnaire(museum, "fr").entries()
    )


@pytest.mark.parametrize(
    ("rule", "clauses", "joined"),
    [
        ("${A1} = 'oui'", [("is", "A1", ("Oui",))], "and"),
        ("'oui' = ${A1}", [("is", "A1", ("Oui",))], "and"),
        ("not(${A1} = 'non')", [("is_not", "A1", ("Non",))], "and"),
        ("selected(${A2}, 'b')", [("is", "A2", ("Vert",))], "and"),
        ("${A2} = 'a' or ${A2} = 'b'", [("is", "A2", ("Rouge", "Vert"))], "and"),
        ("${A2} = 'a' or ${A2} = 'b' or ${A2} = 'd'", [("is", "A2", ("1", "2", "4"))], "and"),
        ("${A1} != '' and ${A1} != 'non'", [("is_not", "A1", ("Non",))], "and"),
        ("count-selected(${A2}) > 0", [("answered", "A2", ())], "and"),
        ("${A3} >= 16", [("at_least", "A3", ("16",))], "and"),
        ("18 > ${A3}", [("less", "A3", ("18",))], "and"),
        ("${A1} = 'oui' or ${A3} > 2", [("is", "A1", ("Oui",)), ("more", "A3", ("2",))], "or"),
        ("not(${A1} = 'oui' or ${A3} > 2)", [("is_not", "A1", ("Oui",)), ("at_most", "A3", ("2",))], "and"),
    ],
)
def test_a_simple_rule_is_said_with_numbers_and_words(form_of: FormOf, rule: str, clauses: list, joined: str) -> None:
    found = routed(form_of, rule)
    assert said(found) == clauses
    assert len(clauses) == 1 or found.joined == joined


@pytest.mark.parametrize(
    "rule", ["${A3} * 2 > 10", "(${A1} = 'oui' and ${A3} > 1) or (${A1} = 'non' and ${A3} < 1)", "${A1} = 'peut-être'"]
)
def test_a_rule_that_is_not_simple_points_at_what_it_depends_on(form_of: FormOf, rule: str) -> None:
    found = routed(form_of, rule)
    assert found.clauses == ()
    assert set(found.see) == ({"A1", "A3"} if "A1" in rule and "A3" in rule else {"A1"} if "A1" in rule else {"A3"})


def test_a_rule_that_reads_what_this_reader_may_not_see_names_nothing(form_of: FormOf) -> None:
    rows = "| | select_one yn | A1 | Danger | | | | V4 |\n| | text | A2 | Suite | ${A1} = 'oui' | | | V1 |\n"
    found = entry(form_of(HEAD + rows + CHOICES), "A2", lens=Lens(frozenset({"V0", "V1"}))).condition
    assert found == Condition()


def test_what_is_known_is_printed_and_choices_are_marked(household: Instance) -> None:
    sheet = questionnaire(household.form, "fr", household)
    printed = {one.path.rpartition("/")[2]: one for one in sheet.entries()}
    assert sheet.filled
    assert printed["A5"].value == "02/03/2026"
    assert [one.mark for one in printed["A13"].space.options] == ["x", ""]
    assert printed["A13"].value == ""


def test_the_rows_of_a_repeat_are_printed_with_room_for_more(household: Instance) -> None:
    tables = [
        part
        for section in questionnaire(household.form, "fr", household).sections
        for part in parts_of(section.parts)
        if isinstance(part, Lines)
    ]
    people = next(table for table in tables if any("Amina Belkacem" in row for row in table.rows))
    assert people.count == 6
    assert not people.fixed


def test_a_sheet_with_answers_holds_only_what_its_reader_may_see(form_of: FormOf, now: Now) -> None:
    rows = "| | text | open | Ouvert | | | | V1 |\n| | text | secret | Réservé | | | | V4 |\n"
    form = form_of(HEAD + rows)
    answers = Instance.from_answers(form, {"open": "dit", "secret": "jeton"}, now)
    told = questionnaire(form, "fr", answers, Lens(frozenset({"V0", "V1"})))
    assert [(one.label, one.value) for one in told.entries()] == [("Ouvert", "dit")]
    assert [one.label for one in questionnaire(form, "fr").entries()] == ["Ouvert", "Réservé"]


def test_neighbours_with_the_same_choices_make_one_table(museum: Form) -> None:
    parts = [part for section in questionnaire(museum, "fr").sections for part in parts_of(section.parts)]
    tables = [part for part in parts if part.kind == "matrix"]
    assert [(len(one.entries), one.several) for one in tables] == [(2, False), (2, True)]


def test_a_repeat_inside_a_repeat_is_a_table_under_each_row(museum: Form) -> None:
    parts = [part for section in questionnaire(museum, "fr").sections for part in parts_of(section.parts)]
    rows = [part for part in parts if part.kind == "block" and part.row]
    assert [row.row for row in rows] == [1, 2]
    assert all(any(isinstance(one, Lines) for one in row.parts) for row in rows)
    assert rows[-1].more


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("not(${A9} = 'non')", None),
        ("not(${A9} = 'non') and ${A1} = 'oui'", [("is", "A1", ("Oui",))]),
        ("not(${A9} = 'non') or ${A1} = 'oui'", None),
        ("${A9} = 'oui'", [("is", "A9", ("Oui",))]),
    ],
)
def test_a_pen_is_not_sent_ahead_for_an_answer_without_which_one_goes_on(
    form_of: FormOf, rule: str, told: list[tuple[str, str, tuple[str, ...]]] | None
) -> None:
    rows = (
        f"| | select_one yn | A1 | Un | | | | V1 |\n| | text | A2 | Deux | {rule} | | | V1 |\n"
        f"| | begin group | G | Ensemble | {rule} | | | |\n| | text | A3 | Trois | | | | V1 |\n"
        "| | end group | | | | | | |\n| | select_one yn | A9 | Neuf | | | | V1 |\n"
    )
    form = form_of(HEAD + rows + CHOICES)
    blocks = [one for part in questionnaire(form, "fr").sections for one in part.parts if one.kind == "block"]
    found = [entry(form, "A2").condition, *(one.condition for one in blocks)]
    assert [said(one) if one else None for one in found] == [told] * len(found)
