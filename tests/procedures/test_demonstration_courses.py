"""The sixty diagnoses of the demonstration: every one can really have happened, and everybody has something to do."""

import datetime
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from forms.instance import Instance
from workflow.circuit import definition, simulate
from workflow.circuit.definition import Circuit
from workflow.exchange.rules.invented import courses
from workflow.exchange.rules.invented.courses import PAGES

Fill = Callable[[Mapping[str, Any]], Instance]
TODAYS = [datetime.date(2026, 11, 20) + datetime.timedelta(days=n) for n in range(7)]
ENDS = {
    "checking": ("open", "visa_bailleur"),
    "sent_back": ("open", "saisie"),
    "reading": ("open", "lecture_menage"),
    "committee": ("open", "validation"),
    "committee_sent_back": ("open", "saisie"),
    "corrected_and_approved": ("approved", None),
    "approved": ("approved", None),
    "refused": ("refused", None),
    "withdrawn": ("withdrawn", None),
}


@pytest.fixture(scope="module")
def circuit(folder: Path) -> Circuit:
    return definition.load((folder / "circuit.yaml").read_text("utf-8"))


def scenario(course: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    bodies = {
        seat["titular"]: ["commission-relogement"]
        for body in operation["bodies"]
        if body["slug"] == "commission-relogement"
        for seat in body["seats"]
    }
    cast = {
        person["slug"]: {
            "role": person["role"],
            "organisation": person["organisation"],
            "bodies": bodies.get(person["slug"], []),
        }
        for person in operation["people"]
    }
    steps = [{**step, "at": step["at"].isoformat(timespec="minutes")} for step in course["steps"]]
    return {
        "answers": {"A": {"A13": "oui", "A14": ["actis"]}},
        "author": "claire-maurin",
        "relations": {"landlord": "actis", "controller": "grenoble"},
        "people": {**cast, "household": {"role": "household"}},
        "steps": steps,
    }


@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_sixty_courses_lie_in_the_past_in_order_and_on_working_days(
    operation: dict[str, Any], people: list[dict[str, Any]], today: datetime.date
) -> None:
    planned = courses(operation, people, today)
    assert len(planned) == len({course["household"] for course in planned}) == 60
    for course in planned:
        instants = [step["at"] for step in course["steps"]]
        assert instants == sorted(set(instants))
        assert all(at.date() < today and at.weekday() < 5 for at in instants)
        assert course["interviewed"] < today


def test_every_course_can_be_played_and_ends_where_it_says(
    operation: dict[str, Any], people: list[dict[str, Any]], circuit: Circuit
) -> None:
    for course in courses(operation, people, TODAYS[0]):
        if course["state"] == "draft":
            continue
        phase, step = ENDS[course["state"].removesuffix("_late")]
        expect = {"phase": phase, "open": [step] if step else []}
        played = {**scenario(course, operation), "expect": expect}
        assert simulate.play(circuit, played, lambda condition, said: True)["differs"] == [], course


def test_at_the_first_sign_in_each_person_finds_three_to_ten_things_to_do(
    operation: dict[str, Any], people: list[dict[str, Any]]
) -> None:
    homes = {home["number"]: home for home in people}
    referents = {
        building: person["slug"]
        for person in operation["people"]
        if person["role"] == "referent_bailleur"
        for building in person["referent_for"]
    }
    (committee,) = [body for body in operation["bodies"] if body["slug"] == "commission-relogement"]
    waiting: Counter[str] = Counter()
    for course in courses(operation, people, TODAYS[0]):
        state = course["state"].removesuffix("_late")
        if state in ("draft", "sent_back", "committee_sent_back", "reading"):
            waiting["claire-maurin"] += 1
        if state == "reading":
            waiting["bruno-castel"] += 1
        if state == "checking":
            waiting[referents[homes[course["household"]]["building"]]] += 1
        if state == "committee":
            spoken = {step["by"] for step in course["steps"]}
            waiting.update(seat["titular"] for seat in committee["seats"] if seat["titular"] not in spoken)
    expected = {"claire-maurin", "bruno-castel", *referents.values(), *(seat["titular"] for seat in committee["seats"])}
    assert set(waiting) == expected
    assert all(3 <= number <= 10 for number in waiting.values()), waiting


def test_a_draft_has_only_its_first_pages_and_the_others_have_all(
    operation: dict[str, Any], people: list[dict[str, Any]]
) -> None:
    for course in courses(operation, people, TODAYS[0]):
        assert course["pages"][0] == "A"
        assert (len(course["pages"]) < len(PAGES)) == (course["state"] == "draft")


def test_a_correction_changes_an_answer_of_the_section_sent_back(
    operation: dict[str, Any],
    people: list[dict[str, Any]],
    told: Callable[[dict[str, Any]], dict[str, Any]],
    fill: Fill,
) -> None:
    corrected = [c for c in courses(operation, people, TODAYS[0]) if c["state"] == "corrected_and_approved"]
    assert corrected
    for course in corrected:
        before = told(next(home for home in people if home["number"] == course["household"]))
        (again,) = [step for step in course["steps"] if step["do"] == "submit" and "answers" in step["with"]]
        (charges,) = again["with"]["answers"]["D"]["D_loyer"].values()
        assert charges != before["D"]["D_loyer"]["D2_charges"]
        before["D"]["D_loyer"]["D2_charges"] = charges
        assert fill(before).errors() == []
