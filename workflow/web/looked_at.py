"""The pages of papers that people have before them: drawn once for each state of a file, kept while there is room.

Nothing is written to a disk. What is kept is found by the fingerprint of the file: another state is another file.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from threading import Lock

from workflow.web import press

ROOM = 48_000_000
"""Bytes of pictures for each process: about 500 pages."""
TOGETHER = 4
"""Pages drawn in one go: starting to draw takes longer than a page does."""


class Shelf:
    """What was made last, up to a number of bytes; safe for several threads, and each thing is made once."""

    def __init__(self, room: int = ROOM) -> None:
        self.room, self.used = room, 0
        self._kept, self._lock, self._making = OrderedDict[str, list[bytes]](), Lock(), Lock()

    def get(self, name: str, make: Callable[[], list[bytes]]) -> list[bytes]:
        """Whatever `make` raises is raised, and nothing is kept."""
        found = self._take(name)
        if found is not None:
            return found
        with self._making:
            found = self._take(name)  # somebody may have made it meanwhile
            return found if found is not None else self._put(name, make())

    def _take(self, name: str) -> list[bytes] | None:
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
            return self._kept.get(name)

    def _put(self, name: str, made: list[bytes]) -> list[bytes]:
        with self._lock:
            self._kept[name] = made
            self.used += sum(map(len, made))
            while self.used > self.room and len(self._kept) > 1:
                self.used -= sum(map(len, self._kept.popitem(last=False)[1]))
        return made


_PICTURES, _WORDS = Shelf(), Shelf(ROOM // 6)


def picture(paper: bytes, page: int) -> bytes:
    """One page of a paper, from 1, as a PNG. Raises NotPrinted, also when there is no such page."""
    if page < 1:
        raise press.NotPrinted("no such page")
    first = (page - 1) // TOGETHER * TOGETHER + 1
    drawn = _PICTURES.get(f"{sha256(paper).hexdigest()}:{first}", lambda: press.pictured(paper, first, TOGETHER))
    if not first <= page < first + len(drawn):
        raise press.NotPrinted("no such page")
    return drawn[page - first]


def words(paper: bytes) -> list[str]:
    """The words of each page. Raises NotPrinted."""
    kept = _WORDS.get(sha256(paper).hexdigest(), lambda: [one.encode() for one in press.spelled(paper)])
    return [one.decode() for one in kept]
