"""Pages of papers are drawn once, several together, and kept as long as there is room."""

from threading import Barrier, Thread

import pytest

from workflow.web import looked_at, press
from workflow.web.looked_at import Shelf


def test_what_was_used_last_stays():
    shelf = Shelf(room=10)
    shelf.get("a", lambda: [b"12345"])
    shelf.get("b", lambda: [b"1234"])
    shelf.get("a", lambda: [b"never"])
    shelf.get("c", lambda: [b"12345"])
    assert shelf.get("a", lambda: [b"again"]) == [b"12345"]
    assert shelf.get("b", lambda: [b"again"]) == [b"again"]
    assert shelf.used <= 10


def test_what_is_larger_than_the_room_is_given_all_the_same():
    shelf = Shelf(room=3)
    assert shelf.get("a", lambda: [b"12345"]) == [b"12345"]
    assert shelf.get("b", lambda: [b"1"]) == [b"1"]
    assert shelf.used == 1


def test_what_nobody_looks_at_goes():
    now = [0.0]
    shelf = Shelf(clock=lambda: now[0])
    shelf.get("a", lambda: [b"12345"])
    shelf.get("b", lambda: [b"1234"])
    now[0] = looked_at.LIFE - 1
    shelf.get("b", lambda: [b"never"])
    now[0] = looked_at.LIFE + 1
    assert shelf.get("b", lambda: [b"never"]) == [b"1234"]
    assert shelf.used == 4


def test_eight_readers_make_it_once():
    shelf, made, together = Shelf(), [], Barrier(8)

    def make():
        made.append(1)
        return [b"page"]

    def read():
        together.wait()
        assert shelf.get("a", make) == [b"page"]

    readers = [Thread(target=read) for _ in range(8)]
    for one in readers:
        one.start()
    for one in readers:
        one.join()
    assert made == [1]


def test_a_fault_is_not_kept():
    shelf = Shelf()

    def fails():
        raise press.NotPrinted("no")

    with pytest.raises(press.NotPrinted):
        shelf.get("a", fails)
    assert shelf.get("a", lambda: [b"page"]) == [b"page"]


def test_pages_come_in_batches_and_end_with_the_paper(monkeypatch):
    asked = []

    def pictured(paper, page, count):
        asked.append((page, count))
        there = [f"{n}".encode() for n in range(page, min(page + count, 7))]
        if not there:
            raise press.NotPrinted("no such page")
        return there

    monkeypatch.setattr(press, "pictured", pictured)
    monkeypatch.setattr(looked_at, "_PICTURES", Shelf())
    assert [looked_at.picture(b"paper", n) for n in range(1, 7)] == [b"1", b"2", b"3", b"4", b"5", b"6"]
    assert asked == [(1, 4), (5, 4)]
    for beyond in (0, 7, 9, 900):
        with pytest.raises(press.NotPrinted):
            looked_at.picture(b"paper", beyond)
