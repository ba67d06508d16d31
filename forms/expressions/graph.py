"""Who reads whom: the order in which the rules of a form must run, and the cycles that make it impossible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from forms.expressions.nodes import Call, Expression, Path, Step, parts

Children = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Reference:
    """A path that an expression reads. `loose`: through a filter or `indexed-repeat`, so maybe in another row."""

    path: str
    loose: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule that changes the tree: `aspect` is relevant, calculate or count; `writes` is what it may change."""

    path: str
    aspect: str
    evaluate: Callable[..., object]
    reads: frozenset[str]
    loose: frozenset[str]
    writes: frozenset[str]


class Cycle(Exception):
    """Rules that wait for each other: `paths` names them in order, the first one comes back at the end."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        super().__init__(" → ".join(paths))
        self.paths = paths


def references(tree: Expression, base: str, children: Children) -> set[Reference]:
    """All form paths that an expression standing at `base` reads. Paths that do not exist come back as written."""
    collector = _Collector(base, children)
    collector.visit(tree, base, False)
    return collector.found


class _Collector:
    def __init__(self, start: str, children: Children) -> None:
        self.start = start
        self.children = children
        self.found: set[Reference] = set()

    def visit(self, tree: Expression, here: str | None, loose: bool) -> None:
        """`here` is what `.` means: a path of the form, or none inside a list of choices."""
        if isinstance(tree, Path):
            self.path(tree, here, loose)
            return
        indexed = isinstance(tree, Call) and tree.name == "indexed-repeat"
        for part in parts(tree):
            self.visit(part, here, loose or indexed)

    def path(self, path: Path, here: str | None, loose: bool) -> None:
        ends = [self.origin(path, here, loose)]
        for step in path.steps:
            ends = [moved for end in ends for moved in _moved(end, step, self.children)]
            loose = loose or bool(step.predicates)
            for predicate in step.predicates:
                self.visit(predicate, ends[0] if ends else None, loose)
        self.found.update(Reference(end, loose) for end in ends if end)

    def origin(self, path: Path, here: str | None, loose: bool) -> str | None:
        if path.base is None:
            return "" if path.absolute else here
        name = path.base.name if isinstance(path.base, Call) else ""
        if name not in {"current", "instance"}:
            self.visit(path.base, here, loose)
        return self.start if name == "current" else None


def _moved(at: str | None, step: Step, children: Children) -> list[str | None]:
    if at is None or step.axis == "self":
        return [at]
    if step.axis == "parent":
        return [at.rpartition("/")[0]]
    if step.name == "*":
        return list(children(at))
    return [f"{at}/{step.name}"]


def ordered(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules in an order where each runs after those it reads; otherwise the order of the sheet. Raises Cycle."""
    writers: dict[str, list[int]] = {}
    for place, rule in enumerate(rules):
        for path in rule.writes:
            writers.setdefault(path, []).append(place)
    before = [{writer for path in rule.reads for writer in writers.get(path, ())} for rule in rules]
    after: list[list[int]] = [[] for _ in rules]
    for place, needed in enumerate(before):
        for writer in needed:
            after[writer].append(place)
    return tuple(rules[place] for place in _sorted(before, after, rules))


def _sorted(before: list[set[int]], after: list[list[int]], rules: Sequence[Rule]) -> list[int]:
    waiting = [len(needed) for needed in before]
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
    if len(done) < len(rules):
        raise Cycle(_find_cycle({place for place, count in enumerate(waiting) if count}, before, rules))
    return done


def _find_cycle(stuck: set[int], before: list[set[int]], rules: Sequence[Rule]) -> tuple[str, ...]:
    """Walk backwards from a stuck rule until one comes twice: every stuck rule waits for another stuck one."""
    walked: list[int] = []
    place = min(stuck)
    while place not in walked:
        walked.append(place)
        place = min(before[place] & stuck)
    loop = [*walked[walked.index(place) :], place]
    return tuple(rules[step].path for step in reversed(loop))


def readers(rules: Sequence[Rule]) -> Mapping[str, tuple[int, ...]]:
    """For each path, the places of the rules that read it."""
    found: dict[str, list[int]] = {}
    for place, rule in enumerate(rules):
        for path in rule.reads | rule.loose:
            found.setdefault(path, []).append(place)
    return {path: tuple(places) for path, places in found.items()}
