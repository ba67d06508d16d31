"""The pages of papers that people have before them: drawn once for each state of a file, kept while there is room.

Nothing is written to a disk. What is kept is found by the fingerprint of the file: another state is another file, and
whoever may no longer open the file finds nothing. It goes when it was not looked at for a while.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from threading import Lock
from time import monotonic

from workflow.web import press

ROOM = 48_000_000
"""Bytes of pictures for each process: about 500 pages."""
LIFE = 900
"""Seconds without a look after which pages go, with the next one that is looked at."""
TOGETHER = 4
"""Pages drawn in one go: starting to draw takes longer than a page does."""


class Shelf:
    """What was made last, up to a number of bytes; safe for several threads, and each thing is made once."""

    def __init__(self, room: int = ROOM, clock: Callable[[], float] = monotonic) -> None:
        self.room, self.used, self.clock = room, 0, clock
        self._kept, self._lock, self._making = OrderedDict[str, tuple[float, list[bytes]]](), Lock(), Lock()

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
            self._tidy(self.room)
            _since, found = self._kept.pop(name, (0.0, None))
            if found is not None:
                self._kept[name] = (self.clock(), found)
            return found

    def _put(self, name: str, made: list[bytes]) -> list[bytes]:
        with self._lock:
            self.used += _weight(made)
            self._tidy(self.room)
            self._kept[name] = (self.clock(), made)
        return made

    def _tidy(self, room: int) -> None:
        """What was looked at longest ago stands first."""
        while self._kept:
            since, made = next(iter(self._kept.values()))
            if self.used <= room and self.clock() - since < LIFE:
                return
            self.used -= _weight(made)
            self._kept.popitem(last=False)


def _weight(made: list[bytes]) -> int:
    return sum(map(len, made))


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
