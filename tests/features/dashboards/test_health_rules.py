"""What the signs of an installation mean, in words."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workflow.dashboards.rules import PATIENCE, Signs, Waiting, health, pieces

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BASE = "https://relais.example"


def test_an_installation_that_is_well_has_nothing_to_say() -> None:
    assert health(Signs(NOW, free_mb=20_000)) == []


def test_what_was_only_just_asked_for_is_not_late() -> None:
    assert health(Signs(NOW, mails=Waiting(2, NOW - PATIENCE + timedelta(seconds=1)))) == []
    [sentence] = health(Signs(NOW, mails=Waiting(2, NOW - timedelta(minutes=4))))
    assert (sentence.state, sentence.count, sentence.since) == ("waiting", 2, timedelta(minutes=4))


def test_what_calls_for_help_comes_before_what_only_waits() -> None:
    signs = Signs(NOW, failed=1, jobs=Waiting(1, NOW - timedelta(hours=1)), queue=None, workers=None, free_mb=3)
    states = [sentence.state for sentence in health(signs)]
    assert states == sorted(states, key=["late", "waiting"].index)
    assert len(states) == 4


def test_a_queue_without_workers_is_told_apart_from_a_dead_queue() -> None:
    assert "start a worker" in health(Signs(NOW, queue=3, workers=0))[0].one
    assert "queue does not answer" in health(Signs(NOW, queue=None, workers=None))[0].one


@given(st.text(max_size=200))
def test_cutting_a_line_into_pieces_loses_no_character(line: str) -> None:
    assert "".join(text for text, _address in pieces(line, BASE)) == line


@given(st.lists(st.sampled_from([f"{BASE}/reset/x", BASE, "https://relais.example.evil/x", "javascript:x", "a "])))
def test_only_addresses_of_this_installation_become_links(words: list[str]) -> None:
    for _text, address in pieces(" ".join(words), BASE):
        assert address is None or address == BASE or address.startswith(f"{BASE}/")
