"""Scenarios: what is asked, what is hidden, what is kept; each one played by JavaRosa as well."""

from __future__ import annotations

import pytest

from tests.forms.oracles.javarosa import JavaRosa
from tests.forms.scenario import Scenario

CHAIN = """
| survey |
| | type | name | label | relevant | calculation | required | constraint |
| | integer | age | Age | | | | |
| | text | school | School | ${age} < 18 | | yes | |
| | text | class | Class | ${school} != '' | | | |
| | calculate | told | | | concat(${school}, '/', ${class}) | | |
"""


def test_a_blank_answer_is_below_no_number(javarosa: JavaRosa) -> None:
    assert Scenario(CHAIN, javarosa)["school"] == "(not asked)"


def test_a_question_appears_with_the_answer_that_calls_for_it(javarosa: JavaRosa) -> None:
    assert Scenario(CHAIN, javarosa).set("age", 9)["school"] == ""


def test_what_hangs_on_a_hidden_answer_is_hidden_with_it(javarosa: JavaRosa) -> None:
    played = Scenario(CHAIN, javarosa).set("age", 9).set("school", "Diderot").set("class", "CM1")
    assert played["class"] == "CM1"
    assert played.set("age", 40)["class"] == "(not asked)"


def test_a_hidden_answer_counts_as_blank_in_calculations(javarosa: JavaRosa) -> None:
    played = Scenario(CHAIN, javarosa).set("age", 9).set("school", "Diderot").set("class", "CM1")
    assert played["told"] == "Diderot/CM1"
    assert played.set("age", 40)["told"] == "/"


@pytest.mark.complaint(36)
def test_an_answer_comes_back_with_its_question(javarosa: JavaRosa) -> None:
    played = Scenario(CHAIN, javarosa).set("age", 9).set("school", "Diderot").set("age", 40).set("age", 10)
    assert played["school"] == "Diderot"
    assert played["told"] == "Diderot/"


def test_only_what_is_asked_is_required(javarosa: JavaRosa) -> None:
    played = Scenario(CHAIN, javarosa)
    assert played.kinds() == []
    assert played.set("age", 9).kinds() == [("school", "required")]


GROUPS = """
| survey |
| | type | name | label | relevant | calculation | required |
| | text | house | House | | | |
| | begin_group | inside | Inside | ${house} = 'yes' | | |
| | text | owner | Owner | | | yes |
| | begin_group | deep | Deep | ${owner} = 'me' | | |
| | text | since | Since | | | |
| | text | until | Until | ${since} != '' | | |
| | end_group | | | | | |
| | end_group | | | | | |
| | calculate | all | | | concat(${owner}, '-', ${since}, '-', ${until}) | |
"""


def test_a_hidden_group_hides_all_that_it_holds(javarosa: JavaRosa) -> None:
    played = Scenario(GROUPS, javarosa)
    assert [played[path] for path in ("inside/owner", "inside/deep/since")] == ["(not asked)"] * 2


def test_groups_open_from_the_outside_inwards(javarosa: JavaRosa) -> None:
    played = Scenario(GROUPS, javarosa).set("house", "yes").set("inside/owner", "me")
    played.set("inside/deep/since", "2001").set("inside/deep/until", "2003")
    assert played["all"] == "me-2001-2003"


def test_a_closed_group_empties_what_is_calculated_from_it(javarosa: JavaRosa) -> None:
    played = Scenario(GROUPS, javarosa).set("house", "yes").set("inside/owner", "me").set("inside/deep/since", "2001")
    assert played.set("house", "no")["all"] == "--"
    assert played.set("house", "yes")["all"] == "me-2001-"


def test_an_inner_group_may_close_alone(javarosa: JavaRosa) -> None:
    played = Scenario(GROUPS, javarosa).set("house", "yes").set("inside/owner", "me").set("inside/deep/since", "2001")
    assert played.set("inside/owner", "you")["all"] == "you--"


RULES = """
| survey |
| | type | name | label | relevant | calculation | required | constraint | readonly |
| | integer | adults | Adults | | | | . >= 0 and . <= 20 | |
| | integer | children | Children | ${adults} > 0 | | ${adults} > 1 | . <= ${adults} * 6 | |
| | decimal | share | Share | | ${children} div ${adults} | | | |
| | text | why | Why | ${share} > 2 | | | string-length(.) > 3 | |
| | text | fixed | Fixed | | | | | ${adults} > 3 |
"""


def test_required_may_depend_on_another_answer(javarosa: JavaRosa) -> None:
    played = Scenario(RULES, javarosa).set("adults", 1)
    assert played.kinds() == []
    assert played.set("adults", 2).kinds() == [("children", "required")]


def test_a_constraint_may_read_other_answers(javarosa: JavaRosa) -> None:
    played = Scenario(RULES, javarosa).set("adults", 1).set("children", 7)
    assert played.kinds() == [("children", "constraint")]
    assert played.set("adults", 2).kinds() == []


def test_a_constraint_of_a_hidden_question_is_not_asked_about(javarosa: JavaRosa) -> None:
    played = Scenario(RULES, javarosa).set("adults", 1).set("children", 3).set("why", "no")
    assert played.kinds() == [("why", "constraint")]
    assert played.set("children", 1).kinds() == []


def test_a_calculation_by_a_blank_is_blank(javarosa: JavaRosa) -> None:
    played = Scenario(RULES, javarosa).set("adults", 2)
    assert played["share"] == ""


def test_a_division_by_nothing_does_not_hide_an_answer_for_good(javarosa: JavaRosa) -> None:
    played = Scenario(RULES, javarosa).set("adults", 1).set("children", 3)
    assert played["why"] == ""
    assert played.set("adults", 0)["why"] == "(not asked)"


def test_a_question_may_become_read_only(javarosa: JavaRosa) -> None:
    played = Scenario(RULES, javarosa).set("adults", 4)
    assert played.instance.readonly("/data/fixed")
    assert not played.set("adults", 3).instance.readonly("/data/fixed")


ORDER = """
| survey |
| | type | name | label | relevant | calculation |
| | calculate | third | | | ${second} + 1 |
| | calculate | second | | | ${first} + 1 |
| | calculate | first | | | ${start} * 10 |
| | note | shown | Third is ${third} | ${third} > 50 | |
| | integer | start | Start | | |
"""


def test_calculations_follow_each_other_whatever_their_order_in_the_sheet(javarosa: JavaRosa) -> None:
    played = Scenario(ORDER, javarosa).set("start", 4)
    assert played["third"] == "42"
    assert played["shown"] == "(not asked)"
    played.set("start", 5)
    assert played.instance.relevant("/data/shown")
    assert played.instance.label("/data/shown", "default") == "Third is 52"


HIDDEN_CALCULATION = """
| survey |
| | type | name | label | relevant | calculation |
| | text | on | On | | |
| | integer | x | X | | |
| | calculate | y | | ${on} = 'yes' | ${x} + 1 |
| | calculate | z | | | coalesce(${y}, 'none') |
"""


def test_a_calculation_that_is_not_relevant_is_blank_for_the_others(javarosa: JavaRosa) -> None:
    played = Scenario(HIDDEN_CALCULATION, javarosa).set("x", 4)
    assert played["z"] == "none"
    assert played.set("on", "yes")["z"] == "5"
    assert played.set("x", 8)["z"] == "9"
    assert played.set("on", "no")["z"] == "none"


CONSTANT = """
| survey |
| | type | name | label | relevant | default |
| | text | never | Never | false() | kept |
| | text | always | Always | true() | |
| | text | seen | Seen | ${never} = 'kept' | |
"""


def test_what_is_never_asked_keeps_its_default_and_says_nothing(javarosa: JavaRosa) -> None:
    played = Scenario(CONSTANT, javarosa)
    assert played["never"] == "(not asked)"
    assert played.instance.get("/data/never") == "kept"
    assert played["seen"] == "(not asked)"
    assert played.instance.pruned().get("/data/never") == ""


SELECTED = """
| survey |
| | type | name | label | relevant |
| | select_multiple aids | aids | Aids | |
| | text | which | Which | selected(${aids}, 'other') |
| | note | none | None | count-selected(${aids}) = 0 |
| | note | both | Both | selected(${aids}, 'apl') and selected(${aids}, 'fsl') |
| choices |
| | list_name | name | label |
| | aids | apl | APL |
| | aids | fsl | FSL |
| | aids | other | Other |
"""


def test_boxes_open_questions_one_by_one(javarosa: JavaRosa) -> None:
    played = Scenario(SELECTED, javarosa)
    assert played.instance.relevant("/data/none")
    played.set("aids", "apl other")
    assert played["which"] == ""
    played.set("aids", "apl fsl")
    assert played["which"] == "(not asked)"
    assert played.instance.relevant("/data/both")


def test_the_name_of_a_choice_inside_another_name_is_not_selected(javarosa: JavaRosa) -> None:
    played = Scenario(SELECTED, javarosa).set("aids", "others")
    assert played["which"] == "(not asked)"


FINAL = """
| survey |
| | type | name | label | relevant | calculation | repeat_count | default |
| | text | on | On | | | | |
| | text | off | Off | ${on} = 'yes' | | | kept |
| | calculate | twice | | ${on} = 'yes' | concat(${off}, ${off}) | | |
| | begin_group | part | Part | ${on} = 'yes' | | | |
| | begin_repeat | row | Row | | | 2 | |
| | text | a | A | | | | filled |
| | end_repeat | | | | | | |
| | end_group | | | | | | |
| | begin_repeat | free | Free | ${on} = 'yes' | | | |
| | text | b | B | | | | |
| | end_repeat | | | | | | |
"""


@pytest.mark.complaint(36)
def test_what_is_handed_on_holds_nothing_of_what_is_not_asked() -> None:
    played = (
        Scenario(FINAL).set("on", "yes").set("off", "secret").set("part/row[1]/a", "hidden").set("free[1]/b", "too")
    )
    final = played.set("on", "no").instance.pruned()
    for text in ("secret", "hidden", "too", "filled", "kept"):
        assert text not in final.to_xml()
    assert "<on>no</on>" in final.to_xml()
    assert played.instance.get("/data/off") == "secret"


def test_what_is_handed_on_holds_all_that_is_asked() -> None:
    played = Scenario(FINAL).set("on", "yes").set("off", "said").set("part/row[1]/a", "one").set("free[1]/b", "two")
    final = played.instance.pruned()
    assert final.answers() == played.instance.answers()
    assert "saidsaid" in final.to_xml()
