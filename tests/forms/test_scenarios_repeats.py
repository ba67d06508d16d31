"""Scenarios: rows that come and go, sums over them, what a row knows of its neighbours; JavaRosa plays them as well."""

from __future__ import annotations

import pytest

from forms.instance import Instance
from tests.forms.oracles.javarosa import JavaRosa
from tests.forms.scenario import NOW, Scenario, form_of

PERSONS = """
| survey |
| | type | name | label | relevant | calculation | required |
| | begin_repeat | person | Person | | | |
| | text | name | Name | | | |
| | integer | age | Age | | | |
| | calculate | rank | | | position(..) | |
| | calculate | of | | | count(${person}) | |
| | text | school | School of ${name} | ${age} < 18 | | yes |
| | calculate | line | | | concat(${rank}, '/', ${of}, ' ', ${name}) | |
| | end_repeat | | | | | |
| | calculate | persons | | | count(${person}) | |
| | calculate | total | | | sum(${age}) | |
| | calculate | oldest | | | max(${age}) | |
| | calculate | minors | | | count(${person}[age < 18]) | |
| | calculate | names | | | join(', ', ${name}) | |
| | calculate | second | | | indexed-repeat(${name}, ${person}, 2) | |
| | calculate | schooled | | | count-non-empty(${school}) | |
"""


def household(javarosa: JavaRosa, *people: tuple[str, int]) -> Scenario:
    played = Scenario(PERSONS, javarosa)
    for row, (name, age) in enumerate(people, 1):
        if row > 1:
            played.add("person")
        played.set(f"person[{row}]/name", name).set(f"person[{row}]/age", age)
    return played


def test_a_form_begins_with_one_blank_row(javarosa: JavaRosa) -> None:
    played = household(javarosa)
    assert (played["persons"], played["total"], played["names"]) == ("1", "0", "")


def test_rows_are_counted_summed_and_compared(javarosa: JavaRosa) -> None:
    played = household(javarosa, ("Ana", 40), ("Bo", 9), ("Cy", 12))
    assert [played[name] for name in ("persons", "total", "oldest", "minors")] == ["3", "61", "40", "2"]


def test_names_are_listed_in_the_order_of_the_rows(javarosa: JavaRosa) -> None:
    assert household(javarosa, ("Ana", 40), ("Bo", 9))["names"] == "Ana, Bo"


def test_every_row_knows_its_place_and_their_number(javarosa: JavaRosa) -> None:
    played = household(javarosa, ("Ana", 40), ("Bo", 9))
    assert played.column("person", "line") == ["1/2 Ana", "2/2 Bo"]


def test_a_row_removed_in_the_middle_moves_the_later_ones_up(javarosa: JavaRosa) -> None:
    played = household(javarosa, ("Ana", 40), ("Bo", 9), ("Cy", 12)).remove("person", 2)
    assert played.column("person", "line") == ["1/2 Ana", "2/2 Cy"]
    assert (played["total"], played["second"]) == ("52", "Cy")


def test_the_first_row_may_go(javarosa: JavaRosa) -> None:
    played = household(javarosa, ("Ana", 40), ("Bo", 9)).remove("person", 1)
    assert played.column("person", "line") == ["1/1 Bo"]
    assert played["oldest"] == "9"


def test_a_row_added_after_a_removal_is_blank(javarosa: JavaRosa) -> None:
    played = household(javarosa, ("Ana", 40), ("Bo", 9)).remove("person", 2).add("person")
    assert played.column("person", "name") == ["Ana", ""]


def test_a_row_that_is_not_there_reads_as_blank(javarosa: JavaRosa) -> None:
    assert household(javarosa, ("Ana", 40))["second"] == ""


def test_relevance_is_decided_row_by_row(javarosa: JavaRosa) -> None:
    played = household(javarosa, ("Ana", 40), ("Bo", 9))
    assert played.column("person", "school") == ["(not asked)", ""]
    assert played.kinds() == [("person[2]/school", "required")]


def test_hidden_answers_of_rows_do_not_count(javarosa: JavaRosa) -> None:
    played = household(javarosa, ("Ana", 17), ("Bo", 9)).set("person[1]/school", "Lycée").set("person[2]/school", "CM1")
    assert played["schooled"] == "2"
    assert played.set("person[1]/age", 18)["schooled"] == "1"


def test_a_label_names_the_person_of_its_row(javarosa: JavaRosa) -> None:
    played = household(javarosa, ("Ana", 7), ("Bo", 9))
    assert played.instance.label("/data/person[2]/school", "default") == "School of Bo"


PREVIOUS = """
| survey |
| | type | name | label | calculation |
| | begin_repeat | month | Month | |
| | decimal | paid | Paid | |
| | calculate | place | | position(..) |
| | calculate | before | | if(${place} = 1, 0, indexed-repeat(${paid}, ${month}, ${place} - 1)) |
| | calculate | more | | ${paid} - ${before} |
| | end_repeat | | | |
| | calculate | last | | indexed-repeat(${paid}, ${month}, count(${month})) |
| | calculate | great | | count(${month}[paid > 100]) |
| | calculate | first | | ${month}[position() = 1]/paid |
"""


def test_a_row_reads_the_row_before(javarosa: JavaRosa) -> None:
    played = Scenario(PREVIOUS, javarosa).set("month[1]/paid", 100).add("month").set("month[2]/paid", 130)
    assert played.column("month", "more") == ["100", "30"]


def test_a_row_follows_when_the_row_before_changes(javarosa: JavaRosa) -> None:
    played = Scenario(PREVIOUS).set("month[1]/paid", 100).add("month").set("month[2]/paid", 130)
    assert played.set("month[1]/paid", 120).read_by(javarosa).column("month", "more") == ["120", "10"]


def test_the_last_row_is_found_by_the_number_of_rows(javarosa: JavaRosa) -> None:
    played = Scenario(PREVIOUS, javarosa).set("month[1]/paid", 100).add("month").set("month[2]/paid", 130)
    assert (played["last"], played["great"], played["first"]) == ("130", "1", "100")
    assert played.remove("month", 2)["last"] == "100"


GROUPED = """
| survey |
| | type | name | label | relevant | calculation |
| | text | on | On | | |
| | begin_group | page | Page | ${on} = 'yes' | |
| | begin_repeat | visit | Visit | | |
| | begin_group | when | When | | |
| | integer | hour | Hour | | |
| | end_group | | | | |
| | begin_group | who | Who | ${hour} > 12 | |
| | text | guide | Guide | | |
| | end_group | | | | |
| | end_repeat | | | | |
| | end_group | | | | |
| | calculate | hours | | | sum(${hour}) |
| | calculate | guides | | | join('+', ${guide}) |
"""


def test_groups_inside_rows_open_row_by_row(javarosa: JavaRosa) -> None:
    played = Scenario(GROUPED, javarosa).set("on", "yes").set("page/visit[1]/when/hour", 9).add("page/visit")
    played.set("page/visit[2]/when/hour", 14).set("page/visit[2]/who/guide", "Lou")
    assert played.column("page/visit", "who/guide") == ["(not asked)", "Lou"]
    assert (played["hours"], played["guides"]) == ("23", "Lou")


def test_a_closed_group_leaves_no_row_to_count(javarosa: JavaRosa) -> None:
    played = Scenario(GROUPED, javarosa).set("on", "yes").set("page/visit[1]/when/hour", 9)
    assert played.set("on", "no")["hours"] in {"", "0"}
    assert played.set("on", "yes")["hours"] == "9"


NESTED = """
| survey |
| | type | name | label | calculation |
| | begin_repeat | flat | Flat | |
| | text | door | Door | |
| | begin_group | people | People | |
| | begin_repeat | person | Person | |
| | integer | age | Age | |
| | calculate | where | | concat(${door}, position(../../..), '.', position(..)) |
| | calculate | here | | sum(../../person/age) |
| | end_repeat | | | |
| | end_group | | | |
| | calculate | inside | | count(${person}) |
| | calculate | sum | | sum(${age}) |
| | end_repeat | | | |
| | calculate | everyone | | count(${person}) |
| | calculate | all | | sum(${age}) |
| | calculate | best | | max(${sum}) |
| | calculate | one | | indexed-repeat(${age}, ${flat}, 2, ${person}, 1) |
"""


def tower(javarosa: JavaRosa) -> Scenario:
    played = Scenario(NESTED).set("flat[1]/door", "A").set("flat[1]/people/person[1]/age", 40)
    played.add("flat[1]/people/person").set("flat[1]/people/person[2]/age", 9)
    played.add("flat").set("flat[2]/door", "B").set("flat[2]/people/person[1]/age", 70)
    return played.read_by(javarosa)


def test_rows_inside_rows_are_counted_apart_and_together(javarosa: JavaRosa) -> None:
    played = tower(javarosa)
    assert played.column("flat", "inside") == ["2", "1"]
    assert (played["everyone"], played["all"], played["best"]) == ("3", "119", "70")


def test_an_inner_row_reads_the_outer_one_and_its_place(javarosa: JavaRosa) -> None:
    played = tower(javarosa)
    assert played["flat[1]/people/person[2]/where"] == "A1.2"
    assert played["flat[2]/people/person[1]/where"] == "B2.1"


def test_two_indices_find_an_inner_row(javarosa: JavaRosa) -> None:
    assert tower(javarosa)["one"] == "70"


def test_an_outer_row_takes_its_inner_rows_with_it(javarosa: JavaRosa) -> None:
    played = tower(javarosa).remove("flat", 1).read_by(javarosa)
    assert (played["everyone"], played["all"]) == ("1", "70")
    assert played["flat[1]/people/person[1]/where"] == "B1.1"


def test_inner_rows_of_one_row_leave_the_others_alone(javarosa: JavaRosa) -> None:
    played = tower(javarosa).remove("flat[1]/people/person", 1).read_by(javarosa)
    assert played.column("flat", "sum") == ["9", "70"]
    assert played["flat[1]/people/person[1]/here"] == "9"


COUNTED = """
| survey |
| | type | name | label | repeat_count | calculation |
| | integer | n | How many | | |
| | begin_repeat | child | Child | ${n} | |
| | text | name | Name | | |
| | integer | toys | Toys | | |
| | begin_repeat | toy | Toy | ${toys} | |
| | text | what | What | | |
| | end_repeat | | | | |
| | end_repeat | | | | |
| | begin_repeat | twice | Twice | ${n} * 2 | |
| | text | b | B | | |
| | end_repeat | | | | |
| | begin_repeat | always | Always | 3 | |
| | text | c | C | | |
| | end_repeat | | | | |
| | calculate | toys_all | | | count(${toy}) |
| | calculate | rows | | | count(${child}) |
"""


def counts(played: Scenario) -> tuple[int, ...]:
    return tuple(played.instance.rows(f"/data/{name}") for name in ("child", "twice", "always"))


def test_a_count_may_be_a_number_an_answer_or_a_formula() -> None:
    played = Scenario(COUNTED)
    assert counts(played) == (0, 0, 3)
    assert counts(played.set("n", 2)) == (2, 4, 3)


@pytest.mark.parametrize("number", ["-1", "", "abc", "0"])
def test_a_count_that_is_no_number_above_nought_gives_no_row(number: str) -> None:
    assert counts(Scenario(COUNTED).set("n", 2).set("n", number))[0] == 0


def test_rows_beyond_the_count_come_back_with_their_answers() -> None:
    played = Scenario(COUNTED).set("n", 3).set("child[3]/name", "Cy")
    assert played.set("n", 1)["rows"] == "1"
    assert played["child[3]/name"] == "(not asked)"
    assert played.set("n", 3)["child[3]/name"] == "Cy"


def test_counted_rows_hold_counted_rows() -> None:
    played = Scenario(COUNTED).set("n", 2).set("child[1]/toys", 2).set("child[2]/toys", 3)
    assert played["toys_all"] == "5"
    assert played.set("n", 1)["toys_all"] == "2"
    assert played.instance.rows("/data/child[1]/toy") == 2


def test_rows_beyond_the_count_are_not_handed_on() -> None:
    played = Scenario(COUNTED).set("n", 3).set("child[3]/name", "Cy").set("n", 1)
    assert played.instance.pruned().raw_rows("/data/child") == 1
    assert [row["name"] for row in played.instance.answers()["child"]] == [""]


def test_answers_may_come_with_fewer_or_more_rows_than_the_count() -> None:
    form = form_of(COUNTED)
    fewer = Instance.from_answers(form, {"n": 3, "child": [{"name": "Ana"}]}, NOW)
    assert (fewer.rows("/data/child"), fewer.get("/data/child[1]/name")) == (3, "Ana")
    more = Instance.from_answers(form, {"n": 1, "child": [{"name": "Ana"}, {"name": "Bo"}]}, NOW)
    assert (more.rows("/data/child"), more.raw_rows("/data/child")) == (1, 2)


ELSEWHERE = """
| survey |
| | type | name | label | calculation | relevant |
| | begin_repeat | person | Person | | |
| | text | name | Name | | |
| | text | boss | Boss | | |
| | calculate | staff | | count(${person}[boss = current()/../name]) | |
| | note | lead | Leads | | ${staff} > 0 |
| | end_repeat | | | | |
| | begin_repeat | again | Again | | |
| | calculate | name2 | | indexed-repeat(${name}, ${person}, position(..)) | |
| | end_repeat | | | | |
"""


def test_a_row_looks_itself_up_in_the_other_rows(javarosa: JavaRosa) -> None:
    played = Scenario(ELSEWHERE).set("person[1]/name", "Ana").add("person").set("person[2]/name", "Bo")
    played.set("person[2]/boss", "Ana").read_by(javarosa)
    assert played.column("person", "staff") == ["1", "0"]
    assert played.instance.relevant("/data/person[1]/lead")


def test_rows_of_one_repeat_follow_those_of_another(javarosa: JavaRosa) -> None:
    played = Scenario(ELSEWHERE, javarosa).set("person[1]/name", "Ana").add("person").set("person[2]/name", "Bo")
    played.add("again")
    assert played.column("again", "name2") == ["Ana", "Bo"]
