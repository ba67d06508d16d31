"""Scenarios: defaults, what an answer sets off, what is calculated once, days; JavaRosa plays them as well."""

from __future__ import annotations

import pytest

from forms.instance import Instance
from tests.forms.oracles.javarosa import JavaRosa
from tests.forms.scenario import NOW, Scenario, form_of

DEFAULTS = """
| survey |
| | type | name | label | default | calculation | relevant |
| | integer | plain | Plain | 4 | | |
| | integer | worked | Worked out | 4 * 10 | | |
| | integer | double | Double | | ${worked} * 2 | |
| | integer | after | After | ${double} + 1 | | |
| | text | words | Words | concat('n', ${plain}) | | |
| | text | hidden | Hidden | kept | | ${plain} > 10 |
| | begin_repeat | row | Row | | | |
| | integer | place | Place | position(..) | | |
| | text | seen | Seen | concat('saw ', ${plain}) | | |
| | text | same | Same | always | | |
| | integer | next | Next | | ${place} + 1 | |
| | integer | later | Later | ${next} + 1 | | |
| | end_repeat | | | | | |
"""


def test_a_default_may_be_worked_out_from_others(javarosa: JavaRosa) -> None:
    played = Scenario(DEFAULTS, javarosa)
    assert [played[name] for name in ("plain", "worked", "double", "after", "words")] == ["4", "40", "80", "81", "n4"]


def test_a_default_is_worked_out_once(javarosa: JavaRosa) -> None:
    played = Scenario(DEFAULTS, javarosa).set("plain", 5)
    assert played["words"] == "n4"
    assert played.set("worked", 1)["after"] == "81"


def test_a_default_may_be_answered_over(javarosa: JavaRosa) -> None:
    assert Scenario(DEFAULTS, javarosa).set("worked", "")["double"] == ""


def test_a_hidden_default_shows_when_its_question_does(javarosa: JavaRosa) -> None:
    played = Scenario(DEFAULTS, javarosa)
    assert played["hidden"] == "(not asked)"
    assert played.set("plain", 11)["hidden"] == "kept"


def test_each_new_row_works_out_its_own_defaults(javarosa: JavaRosa) -> None:
    played = Scenario(DEFAULTS, javarosa).set("plain", 7).add("row")
    assert played.column("row", "place") == ["1", "2"]
    assert played.column("row", "seen") == ["saw 4", "saw 7"]
    assert played.column("row", "same") == ["always", "always"]
    assert played.column("row", "later") == ["3", "4"]


def test_a_removed_row_leaves_the_defaults_of_the_others(javarosa: JavaRosa) -> None:
    played = Scenario(DEFAULTS, javarosa).add("row").add("row").remove("row", 1)
    assert played.column("row", "place") == ["2", "3"]


def test_stored_answers_do_not_get_their_defaults_again() -> None:
    played = Scenario(DEFAULTS).set("plain", "").set("worked", "")
    again = Instance.from_xml(played.instance.form, played.instance.to_xml(), NOW)
    assert (again.get("/data/plain"), again.get("/data/worked")) == ("", "")


def test_answers_handed_in_go_before_defaults() -> None:
    instance = Instance.from_answers(form_of(DEFAULTS), {"worked": 1, "row": [{"place": 9}, {}]}, NOW)
    assert [instance.get(path) for path in ("/data/worked", "/data/row[1]/place", "/data/row[2]/place")] == [
        "1",
        "9",
        "2",
    ]


def test_counted_rows_work_out_their_defaults() -> None:
    table = """
| survey |
| | type | name | label | default | repeat_count | calculation |
| | integer | n | N | | | |
| | begin_repeat | row | Row | | ${n} | |
| | integer | place | Place | ${n} * 10 + position(..) | | |
| | integer | twice | Twice | | | ${place} * 2 |
| | integer | more | More | ${twice} + 1 | | |
| | end_repeat | | | | | |
| | integer | sum | Sum | | | sum(${more}) |
"""
    played = Scenario(table).set("n", 2)
    assert played.column("row", "place") == ["21", "22"]
    assert played.column("row", "more") == ["43", "45"]
    assert played["sum"] == "88"
    assert played.set("n", 3).column("row", "place") == ["21", "22", "33"]


TRIGGERS = """
| survey |
| | type | name | label | trigger | calculation | relevant |
| | select_one city | city | City | | | |
| | text | street | Street | ${city} | | |
| | integer | rent | Rent | | | |
| | integer | aid | Aid | | | |
| | text | note1 | Note | ${rent}, ${aid} | concat('left ', ${left}) | |
| | integer | left | Left | | ${rent} - ${aid} | |
| | text | chained | Chained | ${note1} | concat('after ', ${note1}) | |
| | text | by_result | By result | ${left} | 'never' | |
| | calculate | unseen | | ${rent} | ${rent} * 12 | |
| | text | asleep | Asleep | ${rent} | 'woken' | ${aid} > 100 |
| | begin_repeat | row | Row | | | |
| | integer | a | A | | | |
| | integer | b | B | ${a} | ${a} + 1 | |
| | text | c | C | ${b} | concat('b=', ${b}, ' in ', position(..)) | |
| | end_repeat | | | | | |
| | integer | changes | Changes | ${row_a} | . + 1 | |
| | integer | row_a | Row a | | | |
| choices |
| | list_name | name | label |
| | city | g | Grenoble |
| | city | v | Voiron |
"""


def test_an_answer_empties_another(javarosa: JavaRosa) -> None:
    played = Scenario(TRIGGERS, javarosa).set("city", "g").set("street", "rue des Lilas")
    assert played["street"] == "rue des Lilas"
    assert played.set("city", "v")["street"] == ""


def test_the_same_answer_again_sets_nothing_off() -> None:
    played = Scenario(TRIGGERS).set("city", "g").set("street", "rue des Lilas").set("city", "g")
    assert played["street"] == "rue des Lilas"


def test_any_of_several_answers_sets_off_with_what_is_calculated_by_then(javarosa: JavaRosa) -> None:
    played = Scenario(TRIGGERS, javarosa).set("rent", 500).set("aid", 180)
    assert played["note1"] == "left 320"
    assert played.set("rent", 600)["note1"] == "left 420"


def test_what_was_set_off_may_be_changed_until_the_next_time(javarosa: JavaRosa) -> None:
    played = Scenario(TRIGGERS, javarosa).set("rent", 500).set("note1", "mine")
    assert played["note1"] == "mine"
    assert played.set("aid", 1)["note1"] == "left 499"


def test_one_thing_sets_off_the_next(javarosa: JavaRosa) -> None:
    assert Scenario(TRIGGERS, javarosa).set("rent", 500).set("aid", 180)["chained"] == "after left 320"


def test_a_calculated_result_sets_nothing_off(javarosa: JavaRosa) -> None:
    assert Scenario(TRIGGERS, javarosa).set("rent", 500).set("aid", 180)["by_result"] == ""


def test_a_hidden_value_may_be_set_off(javarosa: JavaRosa) -> None:
    assert Scenario(TRIGGERS, javarosa).set("rent", 500)["unseen"] == "6000"


def test_what_is_not_asked_is_set_off_all_the_same(javarosa: JavaRosa) -> None:
    played = Scenario(TRIGGERS, javarosa).set("rent", 500)
    assert played["asleep"] == "(not asked)"
    assert played.set("aid", 180)["asleep"] == "woken"


def test_a_row_sets_off_its_own_answers(javarosa: JavaRosa) -> None:
    played = Scenario(TRIGGERS, javarosa).add("row").set("row[2]/a", 6)
    assert played.column("row", "b") == ["", "7"]
    assert played.column("row", "c") == ["", "b=7 in 2"]


def test_an_answer_outside_sets_off_every_row() -> None:
    # JavaRosa stops with an error as soon as there are two rows.
    table = """
| survey |
| | type | name | label | trigger | calculation |
| | integer | year | Year | | |
| | begin_repeat | row | Row | | |
| | integer | of | Of | ${year} | ${year} + position(..) |
| | end_repeat | | | | |
"""
    assert Scenario(table).add("row").set("year", 10).column("row", "of") == ["11", "12"]


def test_answers_that_set_each_other_off_come_to_rest() -> None:
    table = """
| survey |
| | type | name | label | trigger | calculation |
| | integer | one | One | ${two} | ${two} + 1 |
| | integer | two | Two | ${one} | ${one} + 1 |
"""
    played = Scenario(table).set("one", 1)
    assert int(played["two"]) > 1
    assert played["one"] != ""


def test_answers_handed_in_set_off_what_they_do_not_say_themselves() -> None:
    form = form_of(TRIGGERS)
    told = Instance.from_answers(form, {"rent": 500, "aid": 180, "note1": "mine"}, NOW)
    assert [told.get(f"/data/{name}") for name in ("note1", "unseen", "asleep")] == ["mine", "6000", "woken"]
    assert Instance.from_answers(form, {"rent": 500, "aid": 180}, NOW).get("/data/note1") == "left 320"
    assert Instance.from_answers(form, {"street": "rue", "city": "g"}, NOW).get("/data/street") == "rue"


def test_stored_answers_set_nothing_off() -> None:
    played = Scenario(TRIGGERS).set("rent", 500).set("note1", "mine")
    again = Instance.from_xml(played.instance.form, played.instance.to_xml(), NOW)
    assert again.get("/data/note1") == "mine"


ONCE = """
| survey |
| | type | name | label | calculation | default |
| | text | word | Word | | |
| | calculate | first | | once(${word}) | |
| | calculate | code | | once(concat('c', ${word})) | |
| | text | late | Late | | concat('d', ${word}) |
"""


def test_what_is_calculated_once_stays(javarosa: JavaRosa) -> None:
    played = Scenario(ONCE, javarosa).set("word", "a").set("word", "b")
    assert played["first"] == "a"
    assert played["code"] == "c"


DAYS = """
| survey |
| | type | name | label | calculation | constraint | relevant |
| | date | born | Born | | . <= today() | |
| | date | visit | Visit | | . >= ${born} | |
| | integer | days | Days | ${visit} - ${born} | | |
| | calculate | written | | format-date(${visit}, '%d/%m/%Y') | | |
| | calculate | back | | format-date(date(decimal-date-time(${visit}) + 30), '%Y-%m-%d') | | |
| | text | guardian | Guardian | | | ${days} < 6570 |
| | time | hour | Hour | | | |
| | calculate | early | | if(${hour} = '', 'unknown', 'known') | | |
| | calculate | year | | format-date(${born}, '%Y') | | |
"""


def test_days_are_counted_between_two_dates(javarosa: JavaRosa) -> None:
    played = Scenario(DAYS, javarosa).set("born", "2020-01-31").set("visit", "2020-03-01")
    assert (played["days"], played["written"], played["back"]) == ("30", "01/03/2020", "2020-03-31")


def test_a_day_decides_what_is_asked(javarosa: JavaRosa) -> None:
    played = Scenario(DAYS, javarosa).set("born", "2000-02-29").set("visit", "2010-02-28")
    assert played["guardian"] == ""
    assert played.set("visit", "2025-01-01")["guardian"] == "(not asked)"


def test_a_day_before_another_is_refused(javarosa: JavaRosa) -> None:
    played = Scenario(DAYS, javarosa).set("born", "2020-01-31").set("visit", "2020-01-30")
    assert played.kinds() == [("visit", "constraint")]
    assert played.set("visit", "2020-01-31").kinds() == []


def test_a_missing_day_leaves_results_blank(javarosa: JavaRosa) -> None:
    played = Scenario(DAYS, javarosa).set("born", "2020-01-31")
    assert (played["days"], played["written"]) == ("", "")
    assert played.set("born", "")["year"] == ""


PRELOADED = """
| survey |
| | type | name | label | calculation |
| | start | begun | | |
| | today | day | | |
| | end | ended | | |
| | username | who | | |
| | calculate | later | | date(${day} + 1) |
"""


def test_the_day_and_the_hour_of_the_first_answers_are_written_down() -> None:
    played = Scenario(PRELOADED)
    assert (played["day"], played["later"]) == ("2026-03-15", "2026-03-16")
    assert played["begun"].startswith("2026-03-15T10:00")
    assert (played["ended"], played["who"]) == ("", "")


NAMED = """
| survey |
| | type | name | label | calculation |
| | text | name | Name | |
| | calculate | id | | substring-after(${instanceID}, 'uuid:') |
| | note | told | Your number is ${id} | |
| settings |
| | instance_name |
| | concat(${name}, ' / ', count(${name})) |
"""


def test_answers_have_the_name_that_the_author_gives_them() -> None:
    played = Scenario(NAMED).set("name", "Ana")
    assert played.instance.name == "Ana / 1"
    assert "<instanceName>Ana / 1</instanceName>" in played.instance.to_xml()


def test_answers_know_their_identifier() -> None:
    played = Scenario(NAMED)
    assert played["id"] == "a-b-c"
    assert played.instance.label("/data/told", "default") == "Your number is a-b-c"


def test_a_revision_has_its_own_identifier() -> None:
    told = Instance.from_xml(form_of(NAMED), "<data><meta><instanceID>uuid:old</instanceID></meta></data>", NOW)
    assert told.get("/data/id") == "old"
    revised = told.revised()
    assert revised.get("/data/id") == "a-b-c"
    assert revised.identity.deprecated_id == "uuid:old"


@pytest.mark.parametrize("name", ["<b>", "a & b", "\u202eoverride", "\x00nul"])
def test_a_name_made_of_anything_can_be_stored(name: str) -> None:
    played = Scenario(NAMED).set("name", name)
    again = Instance.from_xml(played.instance.form, played.instance.to_xml(), NOW)
    assert again.name == played.instance.name


SHOWN_BEFOREHAND = """
| survey |
| | type | name | label | default | calculation | trigger | readonly |
| | text | asked | Asked | | | | |
| | text | fixed | Fixed | x | | | yes |
| | text | made | Made | concat('a', 'b') | | | yes |
| | text | echo | Echo | | concat(${asked}, '!') | ${asked} | yes |
| | note | told | Told | | | | |
"""


def test_a_text_nobody_may_change_keeps_the_answer_it_begins_with(javarosa: JavaRosa) -> None:
    played = Scenario(SHOWN_BEFOREHAND, javarosa).set("asked", "q")
    values = played.instance.values()
    assert [values[f"/data/{name}"] for name in ("fixed", "made", "echo")] == ["x", "ab", "q!"]
    assert played.instance.form.questions["/data/told"].kind == "note"
    assert played.instance.readonly("/data/fixed")
