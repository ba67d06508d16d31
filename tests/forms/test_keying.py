"""A form filled with a pen is typed in: codes, days as digits, lines that come to be; nothing typed is lost."""

from collections.abc import Callable

import pytest

from forms.definition import Form
from forms.instance import Instance, Now
from forms.keying import key_in, screen
from forms.visibility import EVERYTHING

TABLE = """
| survey |
| | type | name | label | relevant | required | appearance |
| | begin group | A | The visit | | | |
| | date | A1 | Day | | yes | |
| | time | A2 | Hour | | | |
| | select_one yn | A3 | Notice given | | yes | |
| | select_multiple things | A4 | Seen | ${A3} = 'yes' | | |
| | rank things | A5 | In order | | | |
| | acknowledge | A6 | Agreed | | | |
| | text | A7 | Words | | | multiline |
| | end group | | | | | |
| | begin repeat | person | Person | | | |
| | text | B1 | Name | | yes | |
| | integer | B2 | Age | | | |
| | begin repeat | stay | Stay | | | |
| | decimal | B3 | Months | | | |
| | end repeat | | | | | |
| | end repeat | | | | | |

| choices |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
| | things | bed | Bed |
| | things | chair | Chair |
| | things | lamp | Lamp |
"""


@pytest.fixture(scope="module")
def form(form_of: Callable[[str], Form]) -> Form:
    return form_of(TABLE)


@pytest.fixture
def instance(form: Form, now: Now) -> Instance:
    return Instance.new(form, now)


@pytest.mark.parametrize(
    ("name", "typed", "stored"),
    [
        ("data:A:A1", "23112026", "2026-11-23"),
        ("data:A:A1", "23/11/2026", "2026-11-23"),
        ("data:A:A1", "31022026", "31/02/2026"),
        ("data:A:A2", "930", "09:30"),
        ("data:A:A2", "14", "14:00"),
        ("data:A:A3", "2", "no"),
        ("data:A:A3", "YES", "yes"),
        ("data:A:A3", "9", "9"),
        ("data:A:A4", "3 1", "bed lamp"),
        ("data:A:A4", "1,2", "bed chair"),
        ("data:A:A4", "1 8", "bed 8"),
        ("data:A:A5", "3 1 2", "lamp bed chair"),
        ("data:A:A6", "x", "OK"),
        ("data:A:A6", "0", ""),
        ("data:person~1:B2", "4 1", "41"),
        ("data:person~1:B2", "about 40", "about 40"),
    ],
)
def test_what_stands_on_paper_is_typed_in_the_shortest_way(
    instance: Instance, name: str, typed: str, stored: str
) -> None:
    key_in(instance, {name: typed}, EVERYTHING)
    assert instance.get("/" + name.replace(":", "/").replace("~1", "[1]")) == stored


def test_lines_come_to_be_when_something_is_typed_in_them_and_blank_ones_at_the_end_go(instance: Instance) -> None:
    key_in(instance, {"data:person~3:B1": "Sami", "data:person~3:stay~2:B3": "4,5"}, EVERYTHING)
    assert instance.rows("/data/person") == 3
    assert instance.get("/data/person[3]/stay[2]/B3") == "4.5"
    key_in(instance, {"data:person~3:B1": "", "data:person~3:stay~2:B3": ""}, EVERYTHING)
    assert instance.rows("/data/person") == 2, "the line before was not on the page"
    key_in(instance, {f"data:person~{place}:B1": "" for place in (1, 2, 3)}, EVERYTHING)
    assert instance.rows("/data/person") == 1


def test_an_answer_that_is_not_asked_is_kept_and_told(instance: Instance) -> None:
    key_in(instance, {"data:A:A3": "2", "data:A:A4": "1"}, EVERYTHING)
    assert instance.get("/data/A/A4") == "bed"
    assert [cell.number for cell in _cells(instance) if cell.ignored] == ["A4"]
    assert instance.answers()["A"]["A4"] == ["bed"]


def test_every_question_stands_on_the_screen_with_the_number_and_the_codes_of_the_paper(instance: Instance) -> None:
    cells = _cells(instance)
    assert [cell.number for cell in cells[:7]] == ["A1", "A2", "A3", "A4", "A5", "A6", "A7"]
    assert cells[2].codes == (("1", "Yes"), ("2", "No"))
    assert sum(cell.number == "B1" for cell in cells) == 6, "as many lines as are printed"


def test_what_was_typed_stands_in_the_boxes_when_it_could_not_be_stored(instance: Instance) -> None:
    cells = _cells(instance, typed={"data:A:A3": "7", "data:person~8:B1": "Lina"})
    assert next(cell for cell in cells if cell.number == "A3").value == "7"
    assert sum(cell.number == "B1" for cell in cells) == 8


def test_what_is_shown_and_sent_back_changes_nothing(instance: Instance) -> None:
    key_in(instance, {"data:A:A1": "01022003", "data:A:A4": "3 1", "data:A:A5": "2 3 1", "data:A:A6": "1"}, EVERYTHING)
    before = instance.to_xml()
    key_in(instance, {cell.name: cell.value for cell in _cells(instance)}, EVERYTHING)
    assert instance.to_xml() == before


def _cells(instance: Instance, **more):
    def walk(parts):
        for part in parts:
            if part.cell:
                yield part.cell
            yield from walk(part.parts)
            for line in part.lines.lines if part.lines else ():
                yield from walk(line.parts)

    return list(walk(screen(instance, instance.form.default_language, EVERYTHING, **more)))
