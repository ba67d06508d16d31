"""A lock that is given in the order in which it was asked for."""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType


class Turns:
    """Like `threading.Lock`, which gives itself to anybody who waits: there somebody may wait for all the others twice.

    Who waits longest comes next, so nobody waits much longer than their neighbour.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._line: deque[threading.Lock] = deque()
        self._taken = False

    def acquire(self, timeout: float = -1) -> bool:
        """True when it is ours; False when `timeout` seconds passed before (-1: wait as long as it takes)."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            turn = threading.Lock()
            turn.acquire()
            self._line.append(turn)
        return turn.acquire(timeout=timeout) or self._came_after_all(turn)

    def _came_after_all(self, turn: threading.Lock) -> bool:
        """Whether it was handed over in the moment in which the waiting was given up; otherwise leaves the line."""
        with self._guard:
            if turn not in self._line:
                return True
            self._line.remove(turn)
            return False

    def release(self) -> None:
        with self._guard:
            if self._line:
                self._line.popleft().release()
            else:
                self._taken = False

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
