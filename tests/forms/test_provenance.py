"""Where answers come from follows them: through changes, through rows that come and go, through boxes ticked."""

from hypothesis import given, settings
from hypothesis import strategies as st

from forms import provenance as traced

CLAIRE, BRUNO = ["claire", "2026-03-01T09:00:00+00:00", "declared"], ["bruno", "2026-04-01T09:00:00+00:00", "declared"]
RENT = "/data/D/rent"


def row(number, name="age"):
    return f"/data/C/person[{number}]/{name}"


def test_only_what_reads_differently_is_of_whoever_saved():
    before, after = {RENT: "400", row(1): "8"}, {RENT: "410", row(1): "8"}
    assert traced.told({RENT: CLAIRE, row(1): CLAIRE}, before, after, BRUNO) == {RENT: BRUNO, row(1): CLAIRE}


def test_a_new_empty_answer_is_of_nobody_and_one_that_is_gone_leaves_no_line():
    assert traced.told({row(2): CLAIRE}, {row(2): "8"}, {row(1): ""}, BRUNO) == {}


def test_a_removed_row_does_not_leave_its_line_to_the_next_one():
    lines = {row(1): CLAIRE, row(2): BRUNO, row(3): CLAIRE, f"{row(3, 'child')}[2]/age": BRUNO, RENT: CLAIRE}
    assert traced.without_row(lines, "/data/C/person[2]") == {
        row(1): CLAIRE,
        row(2): CLAIRE,
        f"{row(2, 'child')}[2]/age": BRUNO,
        RENT: CLAIRE,
    }


def test_a_row_inside_a_row_moves_only_those_of_its_own_row():
    lines = {f"{row(one, 'child')}[{two}]/age": [one, two] for one in (1, 2) for two in (1, 2)}
    found = traced.without_row(lines, f"{row(2, 'child')}[1]")
    assert found == {
        f"{row(1, 'child')}[1]/age": [1, 1],
        f"{row(1, 'child')}[2]/age": [1, 2],
        f"{row(2, 'child')}[1]/age": [2, 2],
    }


@settings(max_examples=100)
@given(st.sets(st.integers(1, 12)), st.integers(1, 12))
def test_a_row_put_back_gives_every_other_row_its_own_line_again(rows, place):
    lines = {row(number): [number] for number in rows}
    there_and_back = traced.with_row(traced.without_row(lines, f"/data/C/person[{place}]"), f"/data/C/person[{place}]")
    assert there_and_back == {path: line for path, line in lines.items() if path != row(place)}


def test_a_ticked_box_says_who_saw_the_document_and_keeps_who_was_told():
    lines = traced.marked({RENT: CLAIRE}, {RENT: False}, frozenset({RENT}), "bruno", BRUNO[1])
    assert lines[RENT] == ["bruno", BRUNO[1], "seen", CLAIRE]
    assert traced.is_seen(lines[RENT])
    assert traced.is_seen(["bruno", BRUNO[1], "confirmed", lines[RENT]])
    assert not traced.is_seen(["bruno", BRUNO[1], "paper", {"on": "2026-03-01"}])


def test_a_box_that_stays_ticked_changes_nothing_and_one_taken_away_gives_the_line_before():
    seen = {RENT: ["bruno", BRUNO[1], "seen", CLAIRE]}
    assert traced.marked(seen, {RENT: True}, frozenset({traced.box(RENT, seen[RENT])}), "claire", "x") == seen
    assert traced.marked(seen, {RENT: True}, frozenset(), "claire", "x") == {RENT: CLAIRE}


def test_an_answer_that_changes_under_a_ticked_box_is_seen_no_longer():
    seen = {RENT: ["bruno", BRUNO[1], "seen", CLAIRE]}
    box = traced.box(RENT, seen[RENT])
    lines = traced.told(seen, {RENT: "400"}, {RENT: "410"}, CLAIRE)
    for sent in (box, RENT):
        assert traced.marked(lines, {RENT: True}, frozenset({sent}), "claire", "x") == {RENT: CLAIRE}
