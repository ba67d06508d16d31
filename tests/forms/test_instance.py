"""Answers: what is asked, what is computed, what is wrong, what is kept."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.definition import Form, load
from forms.instance import Instance, Now, RowLimit, UnknownPath
from forms.storing import UnreadableInstance


def kinds(instance: Instance, page: str | None = None) -> list[tuple[str, str]]:
    return [(error.path, error.kind) for error in instance.errors(page)]


def test_a_fresh_instance_has_an_identifier_and_no_answers(household_form: Form, now: Now) -> None:
    instance = Instance.new(household_form, now)
    assert "<instanceID>uuid:a-b-c</instanceID>" in instance.to_xml()
    assert instance.get("/data/A/A13") == ""


def test_the_effort_rate_is_computed_from_the_answers(household: Instance) -> None:
    assert household.get("/data/E/effort") == "24.3"
    assert household.get("/data/E/band") == "soutenable"


def test_a_calculation_follows_a_changed_answer(household: Instance) -> None:
    household.set("/data/E/income", "900")
    assert household.get("/data/E/effort") == "37.8"
    assert household.get("/data/E/band") == "lourd"


def test_a_calculation_cannot_be_overwritten(household: Instance) -> None:
    household.set("/data/E/effort", "1")
    assert household.get("/data/E/effort") == "24.3"


def test_a_calculation_says_where_it_comes_from(household: Instance) -> None:
    explanation = household.explain("/data/E/effort", "fr")
    assert explanation is not None
    assert explanation.formula == "(520,50 − 180) ÷ 1\u202f400 × 100"
    assert [(found.label, found.shown) for found in explanation.inputs] == [
        ("Loyer", "520,50"),
        ("Aide au logement", "180"),
        ("Ressources", "1\u202f400"),
    ]


def test_a_result_that_nobody_could_follow_by_hand_has_no_formula(household: Instance) -> None:
    explanation = household.explain("/data/E/band", "fr")
    assert explanation is not None
    assert explanation.formula == ""


def test_a_question_that_people_answer_needs_no_explanation(household: Instance) -> None:
    assert household.explain("/data/E/rent") is None


def test_a_no_stops_the_filling_and_nothing_later_is_required(household: Instance) -> None:
    household.set("/data/A/A13", "non")
    assert not household.relevant("/data/E/rent")
    assert not household.relevant("/data/C/person[1]/C1")
    household.set("/data/E/rent", "")
    assert household.errors() == []


def test_an_answer_that_is_not_relevant_stays_in_the_draft(household: Instance) -> None:
    household.set("/data/A/A13", "non")
    assert household.get("/data/E/rent") == "520.5"
    household.set("/data/A/A13", "oui")
    assert household.get("/data/E/effort") == "24.3"


def test_an_answer_that_is_not_relevant_is_pruned_at_the_end(household: Instance) -> None:
    household.set("/data/C/person[1]/age", "12")
    assert household.get("/data/C/person[1]/C12") == "tutelle"
    final = household.pruned()
    assert final.get("/data/C/person[1]/C12") == ""
    assert final.get("/data/C/person[1]/C1") == "Amina Belkacem"
    assert household.get("/data/C/person[1]/C12") == "tutelle"


def test_pruning_drops_the_rows_of_a_repeat_that_is_not_relevant(household: Instance) -> None:
    household.set("/data/A/A13", "non")
    assert household.pruned().raw_rows("/data/C/person") == 0


def test_a_missing_answer_is_asked_for_only_where_it_is_required(household: Instance) -> None:
    household.set("/data/E/rent", "")
    household.set("/data/E/aid", "")
    assert kinds(household) == [("/data/E/rent", "required")]


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("/data/A/A5", "2026-03-16", "constraint"),
        ("/data/A/A5", "31/02/2026", "type"),
        ("/data/C/person[2]/age", "neuf", "type"),
        ("/data/C/person[2]/age", "-1", "constraint"),
        ("/data/C/person[2]/age", "9.5", "type"),
        ("/data/E/rent", "-3", "constraint"),
        ("/data/E/rent", "cher", "type"),
        ("/data/E/areas", "mistral essarts", "choice"),
    ],
)
def test_a_wrong_answer_is_named_with_its_kind_and_kept(household: Instance, path: str, text: str, kind: str) -> None:
    household.set(path, text)
    assert kinds(household) == [(path, kind)]
    assert household.get(path) == text


def test_the_author_s_sentence_comes_with_the_error_in_the_language_of_the_reader(household: Instance) -> None:
    household.set("/data/E/rent", "-3")
    error = household.errors("/data/E")[0]
    assert error.custom["fr"] == "Un loyer ne peut pas être négatif"
    assert error.custom["en"] == "A rent cannot be negative"


def test_errors_of_one_page_leave_the_others_alone(household: Instance) -> None:
    household.set("/data/E/rent", "")
    assert household.errors("/data/A") == []
    assert len(household.errors("/data/E")) == 1


def test_choices_follow_the_answer_they_depend_on(household: Instance) -> None:
    assert [choice.value for choice in household.choices("/data/E/areas")] == ["mistral", "centre"]
    household.set("/data/E/city", "e")
    assert [choice.value for choice in household.choices("/data/E/areas")] == ["essarts"]
    assert kinds(household) == [("/data/E/areas", "choice")]


def test_a_label_mentions_the_answer_of_its_own_row(household: Instance) -> None:
    assert household.label("/data/C/person[1]/age", "fr") == "Âge de Amina Belkacem"
    assert household.label("/data/C/person[2]/age", "en") == "Age of Sami Belkacem"


def test_values_are_typed_and_leave_out_what_is_not_relevant(household: Instance) -> None:
    values = household.values()
    assert values["/data/E/rent"] == 520.5
    assert values["/data/C/person[2]/age"] == 9
    assert values["/data/E/areas"] == ("mistral", "centre")
    assert "/data/C/person[2]/C12" not in values


def test_what_is_stored_comes_back_whole(household: Instance, household_form: Form, now: Now) -> None:
    again = Instance.from_xml(household_form, household.to_xml(), now)
    assert again.to_xml() == household.to_xml()
    assert again.answers() == household.answers()
    assert Instance.from_answers(household_form, household.answers(), now).answers() == household.answers()


def test_a_revision_remembers_what_it_replaces(household: Instance) -> None:
    revised = household.revised()
    assert revised.identity.deprecated_id == household.identity.instance_id
    assert "<deprecatedID>uuid:a-b-c</deprecatedID>" in revised.to_xml()


@pytest.mark.parametrize(
    "xml",
    ["", "hello", "<other/>", "<data><A></data>", '<!DOCTYPE data [<!ENTITY x "y">]><data>&x;</data>'],
)
def test_what_is_no_instance_of_the_form_is_refused(household_form: Form, now: Now, xml: str) -> None:
    with pytest.raises(UnreadableInstance):
        Instance.from_xml(household_form, xml, now)


def test_unknown_elements_of_a_submission_are_passed_over(household_form: Form, now: Now) -> None:
    xml = "<data><A><A13>oui</A13><surprise>x</surprise></A><meta><instanceID>uuid:1</instanceID></meta></data>"
    instance = Instance.from_xml(household_form, xml, now)
    assert instance.get("/data/A/A13") == "oui"
    assert instance.identity.instance_id == "uuid:1"


@pytest.mark.parametrize("path", ["", "A", "/data", "/data/A", "/data/zzz", "/data/C/person[9]/age", "/other/A/A13"])
def test_an_unknown_path_cannot_be_answered(household: Instance, path: str) -> None:
    with pytest.raises(UnknownPath):
        household.set(path, "x")


@pytest.mark.parametrize("answers", [{"Z": {}}, {"A": "x"}, {"C": {"person": {}}}, {"C": {"person": ["x"]}}])
def test_answers_of_the_wrong_shape_are_refused(household_form: Form, now: Now, answers: dict) -> None:
    with pytest.raises(UnknownPath):
        Instance.from_answers(household_form, answers, now)


# -- repeats


def test_an_added_row_has_its_own_answers_and_counts(household: Instance) -> None:
    assert household.add_row("/data/C/person") == 3
    household.set("/data/C/person[3]/age", "70")
    assert household.get("/data/C/persons") == "3"
    assert household.get("/data/C/adults") == "2"
    assert ("/data/C/person[3]/C1", "required") in kinds(household)


def test_a_removed_row_leaves_the_others_in_place(household: Instance) -> None:
    household.remove_row("/data/C/person", 1)
    assert household.get("/data/C/person[1]/C1") == "Sami Belkacem"
    assert household.get("/data/C/persons") == "1"
    assert household.get("/data/C/adults") == "0"


def test_a_household_may_lose_its_last_row(household: Instance) -> None:
    household.remove_row("/data/C/person", 2)
    household.remove_row("/data/C/person", 1)
    assert household.rows("/data/C/person") == 0
    assert household.get("/data/C/adults") == "0"
    assert household.copy().rows("/data/C/person") == 0


def test_a_row_that_is_not_there_cannot_be_removed(household: Instance) -> None:
    for index in (0, 3, -1):
        with pytest.raises(UnknownPath):
            household.remove_row("/data/C/person", index)


def test_rows_have_a_limit(household_form: Form, now: Now) -> None:
    instance = Instance.new(household_form, now, row_limit=2)
    instance.add_row("/data/C/person")
    with pytest.raises(RowLimit):
        instance.add_row("/data/C/person")


COUNTED = """
| survey |
| | type | name | label | repeat_count | calculation | relevant |
| | integer | n | How many | | | |
| | text | shown | Shown | | | |
| | begin repeat | r | Row | ${n} | | ${shown} != 'no' |
| | text | a | A | | | position(..) > 1 |
| | integer | v | V | | | |
| | integer | sofar | Sum | | if(position(..) = 1, ${v}, ${v} + indexed-repeat(${sofar}, ${r}, position(..)-1)) | |
| | end repeat | | | | | |
| | integer | all | All | | sum(${v}) | |
"""


def test_a_count_creates_the_missing_rows_with_their_rules_applied(form_of: Callable, now: Now) -> None:
    instance = Instance.new(form_of(COUNTED), now)
    instance.set("/data/n", "3")
    assert instance.rows("/data/r") == 3
    assert [instance.relevant(f"/data/r[{row}]/a") for row in (1, 2, 3)] == [False, True, True]


def test_rows_beyond_the_count_are_kept_but_do_not_count(form_of: Callable, now: Now) -> None:
    instance = Instance.new(form_of(COUNTED), now)
    instance.set("/data/n", "2")
    instance.recompute()
    instance.set("/data/r[1]/v", "5")
    instance.set("/data/r[2]/v", "7")
    assert instance.get("/data/all") == "12"
    instance.set("/data/n", "1")
    assert (instance.rows("/data/r"), instance.get("/data/all")) == (1, "5")
    assert instance.pruned().raw_rows("/data/r") == 1
    instance.set("/data/n", "2")
    assert (instance.rows("/data/r"), instance.get("/data/all")) == (2, "12")


def test_a_running_total_reads_the_row_before(form_of: Callable, now: Now) -> None:
    instance = Instance.new(form_of(COUNTED), now)
    instance.set("/data/n", "3")
    instance.recompute()
    for row, amount in enumerate((5, 7, 1), 1):
        instance.set(f"/data/r[{row}]/v", str(amount))
    assert [instance.get(f"/data/r[{row}]/sofar") for row in (1, 2, 3)] == ["5", "12", "13"]
    instance.set("/data/r[1]/v", "1")
    assert [instance.get(f"/data/r[{row}]/sofar") for row in (1, 2, 3)] == ["1", "8", "9"]


def test_an_absurd_count_is_bounded(form_of: Callable, now: Now) -> None:
    instance = Instance.new(form_of(COUNTED), now, row_limit=20)
    instance.set("/data/n", "1000000000")
    assert instance.rows("/data/r") == 20


NESTED = """
| survey |
| | type | name | label | calculation | default |
| | begin repeat | flat | Flat | | |
| | text | door | Door | | |
| | begin repeat | person | Person | | |
| | integer | age | Age at ${door} | | |
| | date | since | Since | | today() |
| | end repeat | | | | |
| | integer | oldest | Oldest | max(${age}) | |
| | end repeat | | | | |
| | integer | everyone | Everyone | count(${person}) | |
"""


def test_repeats_inside_repeats_stay_apart(form_of: Callable, now: Now) -> None:
    answers = {"flat": [{"door": "1", "person": [{"age": 3}, {"age": 40}]}, {"door": "2", "person": [{"age": 70}]}]}
    instance = Instance.from_answers(form_of(NESTED), answers, now)
    assert [instance.get(f"/data/flat[{row}]/oldest") for row in (1, 2)] == ["40", "70"]
    assert instance.get("/data/everyone") == "3"
    assert instance.label("/data/flat[2]/person[1]/age", "default") == "Age at 2"


def test_a_new_row_gets_its_defaults(form_of: Callable, now: Now) -> None:
    instance = Instance.new(form_of(NESTED), now)
    instance.add_row("/data/flat[1]/person")
    assert instance.get("/data/flat[1]/person[2]/since") == "2026-03-15"


# -- properties

_texts = st.text(max_size=12)
_paths = st.sampled_from(
    ["/data/A/A13", "/data/A/A5", "/data/E/rent", "/data/E/income", "/data/E/city", "/data/E/areas"]
    + [f"/data/C/person[{row}]/{name}" for row in (1, 2) for name in ("C1", "age", "C12")]
)
_answers = st.one_of(_texts, st.sampled_from(["oui", "non", "g", "e", "mistral", "12", "41", "1400", "2026-01-01"]))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(_paths, _answers), max_size=12))
def test_step_by_step_gives_the_same_as_all_at_once(household_form: Form, changes: list[tuple[str, str]]) -> None:
    instance = Instance.from_answers(household_form, {"C": {"person": [{}, {}]}}, _fixed_now())
    for path, text in changes:
        instance.set(path, text)
        instance.recompute()
    again = Instance.from_xml(household_form, instance.to_xml(), _fixed_now())
    assert again.to_xml() == instance.to_xml()
    assert again.values() == instance.values()
    assert kinds(again) == kinds(instance)


def _fixed_now() -> Now:
    from datetime import UTC, date, datetime

    return Now(date(2026, 3, 15), datetime(2026, 3, 15, tzinfo=UTC), lambda: 0.5, lambda: "a-b-c")


def test_one_change_in_a_form_of_150_questions_takes_less_than_five_milliseconds(compile_table, now: Now) -> None:
    rows = ["| | integer | q0 | Q | |"]
    rows += [f"| | integer | q{n} | Q | ${{q{n - 1}}} + 1 |" for n in range(1, 150)]
    form = load(compile_table("| survey |\n| | type | name | label | calculation |\n" + "\n".join(rows)).xml)
    instance = Instance.new(form, now)
    instance.recompute()
    best = min(_timed(instance, str(value)) for value in range(5))
    assert instance.get("/data/q149") == "153"
    assert best < 0.005


def _timed(instance: Instance, value: str) -> float:
    start = time.perf_counter()
    instance.set("/data/q0", value)
    instance.recompute()
    return time.perf_counter() - start
