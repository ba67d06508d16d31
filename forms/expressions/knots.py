"""Rules that go round in circles: found, named, or tied together so that they run until nothing changes any more.

A graph is a list that tells for every place (0, 1, …) the places it must come after.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from heapq import heapify, heappop, heappush

Before = Sequence[Collection[int]]


class Stuck(Exception):
    """Places that wait for each other: `loop` names them in order, the first one comes back at the end."""

    def __init__(self, loop: tuple[int, ...]) -> None:
        super().__init__(" → ".join(map(str, loop)))
        self.loop = loop


def sorted_places(before: Before) -> list[int]:
    """All places, each after those it must come after, otherwise in their own order. Raises Stuck."""
    after = _turned(before)
    waiting = [len(set(needed)) for needed in before]
    ready = [place for place, count in enumerate(waiting) if not count]
    heapify(ready)
    done: list[int] = []
    while ready:
        place = heappop(ready)
        done.append(place)
        for follower in after[place]:
            waiting[follower] -= 1
            if not waiting[follower]:
                heappush(ready, follower)
    if len(done) < len(before):
        raise Stuck(_loop({place for place, count in enumerate(waiting) if count}, before))
    return done


def _turned(before: Before) -> list[list[int]]:
    after: list[list[int]] = [[] for _ in before]
    for place, needed in enumerate(before):
        for earlier in set(needed):
            after[earlier].append(place)
    return after


def _loop(stuck: set[int], before: Before) -> tuple[int, ...]:
    """Walk backwards from a stuck place until one comes twice: every stuck place waits for another stuck one."""
    walked: list[int] = []
    place = min(stuck)
    while place not in walked:
        walked.append(place)
        place = min(set(before[place]) & stuck)
    return tuple(reversed([*walked[walked.index(place) :], place]))


def knots(before: Before) -> list[list[int]]:
    """The places in groups that wait for each other, most of them alone; every group after those it waits for.

    Two walks in depth (Kosaraju, Sharir 1981), without recursion because chains of rules are long.
    """
    after = _turned(before)
    seen: set[int] = set()
    leaving = [place for start in range(len(before)) for place in _walk(start, before, seen)]
    taken: set[int] = set()
    groups = [_walk(start, after, taken) for start in reversed(leaving)]
    return _in_order([sorted(group) for group in groups if group], before)


def _walk(start: int, edges: Before, seen: set[int]) -> list[int]:
    """What can be reached from a place and was not seen yet, in the order in which a walk in depth leaves it."""
    if start in seen:
        return []
    seen.add(start)
    left: list[int] = []
    trail = [(start, iter(edges[start]))]
    while trail:
        place, rest = trail[-1]
        following = next((one for one in rest if one not in seen), None)
        if following is None:
            trail.pop()
            left.append(place)
        else:
            seen.add(following)
            trail.append((following, iter(edges[following])))
    return left


def _in_order(groups: list[list[int]], before: Before) -> list[list[int]]:
    groups.sort()
    group_of = {place: number for number, group in enumerate(groups) for place in group}
    needed = [{group_of[one] for place in group for one in before[place]} for group in groups]
    order = sorted_places([found - {number} for number, found in enumerate(needed)])
    return [groups[number] for number in order]
