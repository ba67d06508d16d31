"""Rows of a list that the database hands out page by page: nobody reads ten thousand of them to show fifty."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

TOGETHER = 500  # rows read at once when all of them are asked for


class Paged(Sequence[Any]):
    """`fetch(first, how many)` gives rows; it is asked only for what is shown."""

    def __init__(self, count: int, fetch: Callable[[int, int], list[Any]]) -> None:
        self._count, self._fetch = count, fetch

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            first, last, _step = place.indices(self._count)
            return self._fetch(first, last - first) if last > first else []
        return self._fetch(range(self._count)[place], 1)[0]

    def __iter__(self) -> Iterator[Any]:
        for first in range(0, self._count, TOGETHER):
            yield from self._fetch(first, TOGETHER)
