"""Every question has one number, the same on paper and where the paper is typed in; every choice a short code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from forms.definition import Form, load
from forms.paper import choice_codes, numbers
from forms.xlsform import compile_xlsform

HEAD = "| survey |\n| | type | name | label | bind::relais:level |\n"
CODED = HEAD + (
    "| | begin group | A | Un | |\n| | text | A1 | Nom | V1 |\n| | text | A1_rue | Rue | V1 |\n"
    "| | text | A1_ville | Ville | V1 |\n| | text | A2 | Âge | V1 |\n| | text | remarque | Remarque | V1 |\n"
    "| | end group | | | |\n| | begin group | A_suite | Deux | |\n| | text | autre | Autre | V1 |\n"
    "| | text | I15_1 | Premier | V1 |\n| | text | I15_2 | Deuxième | V1 |\n| | end group | | | |\n"
)
PICTURES = {"house.png": b"\x89PNG\r\n\x1a\n", "tower.png": b"\x89PNG\r\n\x1a\n"}
FormOf = Callable[[str], Form]


@pytest.fixture(scope="module")
def museum() -> Form:
    file = Path(__file__).parent / "museum.md"
    return load(compile_xlsform(file.read_bytes(), file.name, media=PICTURES).xml, PICTURES)


def by_name(form: Form) -> dict[str, str]:
    return {path.rpartition("/")[2]: number for path, number in numbers(form).items()}


def test_a_form_whose_names_are_codes_keeps_them(form_of: FormOf) -> None:
    found = by_name(form_of(CODED))
    assert (found["A1"], found["A2"]) == ("A1", "A2")
    assert (found["A1_rue"], found["A1_ville"]) == ("A1a", "A1b")
    assert (found["I15_1"], found["I15_2"]) == ("I15a", "I15b")


def test_a_question_without_a_code_stands_under_the_letter_of_its_page(form_of: FormOf) -> None:
    found = by_name(form_of(CODED))
    assert (found["remarque"], found["autre"]) == ("A.1", "A.2")


def test_a_form_without_codes_is_numbered_page_by_page(museum: Form) -> None:
    found = by_name(museum)
    assert (found["plain"], found["phone"], found["rooms"]) == ("A1", "A2", "B1")


def test_each_number_is_given_once_to_each_question_that_is_asked(museum: Form, household_form: Form) -> None:
    for form in (museum, household_form):
        found = numbers(form)
        assert len(set(found.values())) == len(found)
        assert set(found) == {path for path, question in form.questions.items() if question.asked}


def test_numbers_come_in_the_order_of_the_pages(museum: Form) -> None:
    pages = [question.path for section in museum.sections for question in section.questions() if question.asked]
    assert list(numbers(museum)) == pages


def test_a_choice_keeps_its_code_whatever_is_offered_at_the_moment(museum: Form) -> None:
    assert dict(choice_codes(museum.questions["/data/choices/order"])) == {"quiet": "1", "near": "2", "cheap": "3"}
