"""Answers over time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.instance import Instance, Now
from forms.tally import count, cross, hide, with_totals
from forms.versions import answers_hash, carry, diff, section_hash, section_hashes, stale
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
    carried, lost = carry(Instance.from_answers(old, {"a": "1", "b": "2"}, now), new, now)
    assert (carried.get("/data/b"), lost) == ("2", ["/data/a"])
    assert carried.identity.deprecated_id == "uuid:a-b-c"


def test_an_answer_older_than_its_validity_is_stale(household: Instance) -> None:
    today = date(2026, 3, 15)
    answered = {
        "/data/E/rent": today - timedelta(days=91),
        "/data/E/income": today - timedelta(days=90),
        "/data/A/A5": today - timedelta(days=9999),
    }
    assert stale(household, answered, today) == ["/data/E/rent"]


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
