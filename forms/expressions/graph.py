"""Who reads whom: the order in which the rules of a form must run, and the cycles that make it impossible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from forms.expressions.knots import Stuck, knots, sorted_places
from forms.expressions.nodes import Call, Expression, Path, Step, parts

Children = Callable[[str], Iterable[str]]

# What only asks whether a node is there, or where: the answers below it play no part.
_ONLY_PLACE = frozenset({"count", "position"})


@dataclass(frozen=True, slots=True)
class Reference:
    """A path that an expression reads. `loose`: through a filter or `indexed-repeat`, so maybe in another row."""

    path: str
    loose: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule that changes the tree: `aspect` is relevant, calculate or count; `writes` is what it may change.

    It runs after what `reads` names. What stands in `loose` may lie in another row of its own repeat, or depend on the
    rows that it counts itself: there a circle is no fault. `keeps`: what it has once calculated stays (`once`).
    """

    path: str
    aspect: str
    evaluate: Callable[..., object]
    reads: frozenset[str]
    loose: frozenset[str]
    writes: frozenset[str]
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Knot:
    """Rules that run together. `tied`: they read each other through rows, and run until nothing changes any more."""

    rules: tuple[Rule, ...]
    tied: bool

    @property
    def writes(self) -> frozenset[str]:
        return frozenset().union(*(rule.writes for rule in self.rules))


@dataclass(frozen=True, slots=True)
class Order:
    """The rules of a form in the order in which they run; `readers` tells for each path which knots read it."""

    knots: tuple[Knot, ...] = ()
    readers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Rule]:
        return (rule for knot in self.knots for rule in knot.rules)

    def __len__(self) -> int:
        return sum(len(knot.rules) for knot in self.knots)


class Cycle(Exception):
    """Rules that wait for each other: `rules` and `paths` name them in order, the first one comes back at the end."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self.paths = tuple(rule.path for rule in rules)
        super().__init__(" → ".join(self.paths))


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

    def visit(self, tree: Expression, here: str | None, loose: bool, place_only: bool = False) -> None:
        """`here` is what `.` means: a path of the form, or none inside a list of choices."""
        if isinstance(tree, Path):
            self.path(tree, here, loose, place_only)
            return
        indexed = isinstance(tree, Call) and tree.name == "indexed-repeat"
        for number, part in enumerate(parts(tree)):
            only = tree.name in _ONLY_PLACE or (indexed and number % 2 == 1) if isinstance(tree, Call) else False
            self.visit(part, here, loose or indexed, only)

    def path(self, path: Path, here: str | None, loose: bool, place_only: bool) -> None:
        ends = [self.origin(path, here, loose)]
        for step in path.steps:
            ends = [moved for end in ends for moved in _moved(end, step, self.children)]
            loose = loose or bool(step.predicates)
            for predicate in step.predicates:
                self.visit(predicate, ends[0] if ends else None, loose)
        found = [end for end in ends if end]
        self.found.update(Reference(end, loose) for end in (found if place_only else self.with_all_below(found)))

    def with_all_below(self, paths: list[str]) -> Iterator[str]:
        """The text of a group is that of all its answers."""
        for path in paths:
            yield path
            yield from self.with_all_below(list(self.children(path)))

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


def ordered(rules: Sequence[Rule]) -> Order:
    """The rules in an order where each runs after those it reads; otherwise the order of the sheet. Raises Cycle."""
    writers: dict[str, list[int]] = {}
    for place, rule in enumerate(rules):
        for path in rule.writes:
            writers.setdefault(path, []).append(place)
    strict = [_writing(rule.reads, writers) for rule in rules]
    try:
        strictly = sorted_places(strict)
    except Stuck as stuck:
        raise Cycle(tuple(rules[place] for place in stuck.loop)) from stuck
    before = [needed | _writing(rule.loose, writers) for needed, rule in zip(strict, rules, strict=True)]
    rank = {place: number for number, place in enumerate(strictly)}
    found = tuple(_knot(sorted(group, key=rank.__getitem__), before, rules) for group in knots(before))
    return Order(found, _readers(found))


def _writing(paths: Iterable[str], writers: Mapping[str, list[int]]) -> set[int]:
    return {writer for path in paths for writer in writers.get(path, ())}


def _knot(group: list[int], before: Sequence[set[int]], rules: Sequence[Rule]) -> Knot:
    tied = len(group) > 1 or group[0] in before[group[0]]
    return Knot(tuple(rules[place] for place in group), tied)


def _readers(found: Sequence[Knot]) -> Mapping[str, tuple[int, ...]]:
    readers: dict[str, list[int]] = {}
    for place, knot in enumerate(found):
        for path in {path for rule in knot.rules for path in rule.reads | rule.loose}:
            readers.setdefault(path, []).append(place)
    return {path: tuple(places) for path, places in readers.items()}
