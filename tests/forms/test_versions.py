"""Answers over time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.carrying import carry
from forms.instance import Instance, Now
from forms.rows import matched
from forms.tally import count, cross, hide, with_totals
from forms.validity import Given, stale, stale_blocks
from forms.versions import answers_hash, diff, section_hash, section_hashes
from forms.visibility import Lens


def test_a_comparison_names_what_changed_as_people_read_it(household: Instance) -> None:
    later = household.copy()
    later.set("/data/E/rent", "600")
    later.set("/data/E/city", "e")
    later.set("/data/E/areas", "")
    found = {change.label: (change.before, change.after) for change in diff(household, later, "fr")}
    assert found["Loyer"] == ("520,50", "600")
    assert found["Commune"] == ("Grenoble", "Échirolles")
    assert found["Secteurs"] == ("Mistral, Centre", "")
    assert found["Taux d’effort"] == ("24,3", "30")


def test_equal_answers_have_no_differences(household: Instance) -> None:
    assert diff(household, household.copy(), "fr") == []


def test_a_comparison_shows_only_what_the_reader_may_see(household: Instance) -> None:
    later = household.copy()
    later.set("/data/C/person[1]/C12", "aucune")
    later.set("/data/C/person[2]/age", "10")
    lens = Lens(frozenset({"V1"}), exclude_purposes=frozenset({"identite"}))
    assert [(change.path, change.label) for change in diff(household, later, "fr", lens)] == [
        ("/data/C/person[2]/age", "Âge de …")
    ]


def test_a_removed_row_shows_what_is_gone(household: Instance) -> None:
    later = household.copy()
    later.remove_row("/data/C/person", 2)
    gone = [change for change in diff(household, later, "fr") if change.path == "/data/C/person[2]/C1"]
    assert [(change.before, change.after) for change in gone] == [("Sami Belkacem", "")]


def test_the_hash_of_a_page_changes_only_with_its_own_answers(household: Instance) -> None:
    later = household.copy()
    later.set("/data/E/rent", "600")
    assert section_hash(later, "/data/E") != section_hash(household, "/data/E")
    assert section_hash(later, "/data/C") == section_hash(household, "/data/C")
    assert answers_hash(later) != answers_hash(household)
    later.set("/data/E/rent", "520.5")
    assert answers_hash(later) == answers_hash(household)


def test_one_walk_gives_the_hash_of_every_page(household: Instance) -> None:
    sections = household.form.sections
    assert section_hashes(household) == {one.name: section_hash(household, one.path) for one in sections}


def test_the_hash_of_an_unknown_page_is_refused(household: Instance) -> None:
    with pytest.raises(KeyError):
        section_hash(household, "/data/Z")


def test_answers_are_carried_to_a_newer_form_and_the_lost_ones_named(form_of, now: Now) -> None:
    old = form_of("| survey |\n| | type | name | label |\n| | text | a | A |\n| | text | b | B |\n")
    new = form_of("| survey |\n| | type | name | label |\n| | text | b | B |\n| | text | c | C |\n")
    found = carry(Instance.from_answers(old, {"a": "1", "b": "2"}, now), new, now, "fr")
    assert (found.instance.get("/data/b"), [fate.path for fate in found.lost]) == ("2", ["/data/a"])
    assert found.instance.identity.deprecated_id == "uuid:a-b-c"


def test_an_answer_older_than_its_validity_is_stale(household: Instance) -> None:
    today = date(2026, 3, 15)
    answered = {
        "/data/E/rent": today - timedelta(days=91),
        "/data/E/income": today - timedelta(days=90),
        "/data/A/A5": today - timedelta(days=9999),
    }
    assert stale(household, answered, today) == ["/data/E/rent"]


def test_what_is_too_old_is_told_by_page_with_its_day_and_who_answered(household: Instance) -> None:
    today = date(2026, 3, 15)
    answered = {
        "/data/C/person[1]/C1": Given(today - timedelta(days=400), "Claire"),
        "/data/E/rent": Given(today - timedelta(days=100), "Claire"),
        "/data/E/income": Given(today - timedelta(days=200), "Bruno"),
    }
    blocks = stale_blocks(household, answered, today, "fr")
    assert [(block.label, block.since, block.by) for block in blocks] == [
        ("Ménage", today - timedelta(days=400), ("Claire",)),
        ("Budget", today - timedelta(days=200), ("Claire", "Bruno")),
    ]
    assert [(one.label, one.until) for one in blocks[1].answers] == [
        ("Loyer", today - timedelta(days=10)),
        ("Ressources", today - timedelta(days=110)),
    ]
    assert stale_blocks(household, answered, today, "fr", Lens(frozenset({"V3"}))) == []


def test_a_group_gives_its_validity_to_its_questions(form_of, now: Now) -> None:
    rows = ["| | begin group | G | G | 30 |", "| | text | a | A | |", "| | text | b | B | 5 |", "| | end group | | | |"]
    form = form_of("\n".join(["| survey |", "| | type | name | label | bind::relais:validity |", *rows]))
    assert [question.validity for question in form.questions.values()] == [30, 5]


def test_a_row_is_compared_with_itself_wherever_it_stands(household: Instance) -> None:
    later = household.copy()
    later.remove_row("/data/C/person", 1)
    later.set("/data/C/person[1]/age", "10")
    told = {(change.kind, change.path, change.before, change.after) for change in diff(household, later, "fr")}
    assert ("changed", "/data/C/person[1]/age", "9", "10") in told
    assert ("removed", "/data/C/person[1]/C1", "Amina Belkacem", "") in told
    assert not any("Sami" in change.before + change.after for change in diff(household, later, "fr"))


def test_a_row_put_in_between_is_new_and_the_others_are_the_same(household: Instance) -> None:
    later = household.copy()
    later.add_row("/data/C/person")
    for name, values in {"C1": ("Lina Belkacem", "Sami Belkacem"), "age": ("2", "9")}.items():
        for row, value in zip((2, 3), values, strict=True):
            later.set(f"/data/C/person[{row}]/{name}", value)
    found = diff(household, later, "fr")
    assert {change.kind for change in found if change.section == "/data/C"} == {"added"}
    assert "/data/C/person[2]/C1" in {change.path for change in found}


_people = st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 99)), max_size=6)


@given(_people, _people)
def test_a_comparison_forgets_no_row_and_finds_equal_sets_equal(
    one: list[tuple[str, int]], other: list[tuple[str, int]]
) -> None:
    before, after = ([{"name": name, "age": str(age)} for name, age in rows] for rows in (one, other))
    found = matched(before, after)
    assert len(set(found.values())) == len(found)
    assert matched(before, before) == {place: place for place in range(len(before))}
    if len(before) == len(after):
        assert len(found) == len(before)


# -- tallies


def test_answers_are_counted_without_the_blanks() -> None:
    assert count(["oui", "non", "", "oui"]) == {"oui": 2, "non": 1}


def test_a_small_count_is_hidden_together_with_one_that_would_give_it_back() -> None:
    table = hide(with_totals([[2, 20, 30], [10, 11, 12]]))
    assert table[0] == (None, None, 30, 52)
    assert table[1] == (None, None, 12, 33)
    assert table[2] == (12, 31, 42, 85)


def test_large_counts_are_all_shown() -> None:
    assert hide(with_totals([[5, 6], [7, 8]])) == ((5, 6, 11), (7, 8, 15), (12, 14, 26))


def test_crossing_two_answers_keeps_their_names() -> None:
    table = cross([("T2", "oui")] * 7 + [("T3", "oui")] * 6)
    assert (table.rows, table.columns, table.counts) == (("T2", "T3"), ("oui",), ((7, 7), (6, 6), (13, 13)))


@given(st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=1, max_size=5))
def test_no_line_ever_hides_exactly_one_count(body: list[list[int]]) -> None:
    full = with_totals(body)
    table = hide(full)
    columns = list(zip(*table, strict=True))
    assert all(sum(cell is None for cell in line) != 1 for line in [*table, *columns])
    assert all(cell is None or cell == 0 or cell >= 5 for line in table for cell in line)
