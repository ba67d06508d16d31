"""The invented households: always the same, complete, valid, reachable by nobody."""

import datetime
import random
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from forms.consequences import repeats
from forms.definition import Form
from forms.instance import Instance
from forms.visibility import Lens, view
from workflow.exchange.rules.invented import answers, courses, households

FICTION = re.compile(r"(06 39 98|04 65 71) \d\d \d\d")
Fill = Callable[[Mapping[str, Any]], Instance]


def given(said: Any) -> Any:
    """The answers without what was left empty, so that an empty row equals no row."""
    if isinstance(said, dict):
        return {name: left for name, value in said.items() if (left := given(value))}
    if isinstance(said, list):
        return [left for value in said if (left := given(value))]
    return said


def test_the_same_people_are_invented_every_time(operation: dict[str, Any], people: list[dict[str, Any]]) -> None:
    assert households(operation) == people
    assert households(operation, 12) == people[:12]


def test_each_dwelling_of_the_operation_houses_one_household(
    operation: dict[str, Any], people: list[dict[str, Any]]
) -> None:
    assert len({home["dwelling"] for home in people}) == len(people) == operation["figures"]["dwellings_demolished"]
    assert Counter(home["zone"] for home in people) == operation["figures"]["moves"]
    assert Counter(h["building"] for h in people) == {b["slug"]: b["dwellings"] for b in operation["buildings"]}


def test_nobody_real_can_be_called_or_written_to(people: list[dict[str, Any]]) -> None:
    assert all(FICTION.fullmatch(home["phone"]) for home in people)
    assert all(home["email"].endswith("@example.net") for home in people if home["email"])


def test_every_household_gives_a_complete_valid_set_of_answers(
    people: list[dict[str, Any]], told: Callable[[dict[str, Any]], dict[str, Any]], fill: Fill
) -> None:
    wrong = {home["number"]: errors for home in people if (errors := fill(told(home)).errors())}
    assert wrong == {}


def test_no_answer_is_given_to_a_question_that_was_not_asked(
    people: list[dict[str, Any]], told: Callable[[dict[str, Any]], dict[str, Any]], fill: Fill
) -> None:
    for home in people[::9]:
        instance = fill(told(home))
        assert given(instance.pruned().answers()) == given(instance.answers())


def test_answers_keep_to_the_day_and_the_agreements_asked_for(
    operation: dict[str, Any], people: list[dict[str, Any]], fill: Fill
) -> None:
    day = datetime.date(2026, 9, 1)
    said = answers(
        people[7],
        operation,
        officer="Claire Maurin",
        referent="Karim Belaïd",
        today=datetime.date(2026, 11, 23),
        rng=random.Random(1),
        interviewed=day,
        agreements=[],
    )
    instance = fill(said)
    assert instance.get("/data/A/A_entretien/A5") == day.isoformat()
    assert instance.get("/data/A/A14") == ""
    assert instance.errors() == []


def test_no_invented_name_or_place_reaches_the_committee(
    people: list[dict[str, Any]],
    told: Callable[[dict[str, Any]], dict[str, Any]],
    fill: Fill,
    lens: Callable[[str], Lens],
) -> None:
    for home in people[::7]:
        seen = {row.value for row in view(fill(told(home)), lens("commission"), "fr").rows()}
        words = {word for value in seen for word in re.findall(r"[^\W\d_]+", value)}
        assert not words & {member["first"] for member in home["members"]}
        assert not words & {member["last"] for member in home["members"]}
        assert not seen & {home["dwelling"], home["reference"], home["building_name"]}


def test_the_households_show_a_variety_of_situations(
    people: list[dict[str, Any]], told: Callable[[dict[str, Any]], dict[str, Any]], fill: Fill
) -> None:
    filled = [fill(told(home)) for home in people[::3]]
    for path, least in (
        ("/data/C/C_calculs/K_C3", 5),
        ("/data/E/E_calculs/K_E3", 4),
        ("/data/E/E_calculs/K_E4", 3),
        ("/data/J/J4", 3),
        ("/data/I/I2", 4),
    ):
        assert len({instance.get(path) for instance in filled}) >= least, path


def test_the_demonstration_shows_needs_support_and_what_was_confided(
    operation: dict[str, Any],
    people: list[dict[str, Any]],
    told: Callable[[dict[str, Any]], dict[str, Any]],
    fill: Fill,
) -> None:
    shown = {course["household"] for course in courses(operation, people, datetime.date(2026, 11, 23))}
    filled = [fill(told(home)) for home in people if home["number"] in shown]
    least = {"G/G_besoin": 10, "H/H2": 6, "H/H3": 3, "G_reserve/G7_detail": 1, "G_reserve/G9_besoin": 2, "J/J5": 5}
    for path, number in least.items():
        assert sum(1 for instance in filled if instance.get(f"/data/{path}")) >= number, path


def test_no_invented_consequence_repeats_its_cause(
    people: list[dict[str, Any]], told: Callable[[dict[str, Any]], dict[str, Any]], fill: Fill, form: Form
) -> None:
    pairs = [(question, cause) for question in form.questions.values() for cause in question.causes]
    worded = [(q, cause) for q, cause in pairs if q.kind == "text" and form.questions[cause].kind == "text"]
    for home in people[::2]:
        instance = fill(told(home))
        for question, cause in worded:
            if "[" not in question.path and "/person/" not in question.path and instance.get(cause):
                assert not repeats(instance.get(cause), instance.get(question.path)), (question.name, home["number"])
