"""Answers counted question by question. Groups that would point at somebody are not shown, nor what gives them back.

Counts that are hidden in one table must not follow from another one: whom a question was asked is the answer to the
question before it, and "satisfied" is a sum of answers. So every group that is about to be shown is laid over what was
hidden before; one that would tell a hidden group by subtraction stays hidden itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from forms.tally import hide, with_totals
from workflow.surveys.rules.frame import Frame, Group

People = frozenset[int]
"""Households, by a number that means nothing elsewhere."""
FEW, GIVES_AWAY = "few", "gives_away"
"""Why a table is not shown: too few were asked, or it would tell what another one hides."""
NONE = "\0none"
MARKS = (("0–4", 4), ("5–6", 6), ("7–8", 8), ("9–10", 10))
"""Marks from 0 to 10 in bands: (label, the highest one)."""
NUMBERS = (("0", 0), ("1", 1), ("2", 2), ("3", 3), ("4 +", None))


@dataclass(frozen=True)
class Answered:
    """One question with everything said to it. asked: whom; said: the choices, or the number, of those who answered."""

    path: str
    label: str
    kind: str
    choices: Mapping[str, str]
    none: str
    asked: People
    said: Mapping[int, tuple[str, ...]]

    def of(self, choice: str) -> People:
        return frozenset(who for who, said in self.said.items() if choice in said)

    @property
    def silent(self) -> People:
        return self.asked - frozenset(self.said)


@dataclass(frozen=True)
class Row:
    """count and percent: None where they are hidden."""

    label: str
    count: int | None
    percent: int | None


@dataclass(frozen=True)
class Tallied:
    """A question as it may be shown. base: of how many the percentages are; whole: whether these are all who were asked
    (who did not answer counts among them, since they are too few to stand apart).
    """

    path: str
    label: str
    rows: tuple[Row, ...] = ()
    base: int = 0
    whole: bool = False
    several: bool = False
    average: float | None = None
    withheld: str = ""

    @property
    def hides(self) -> bool:
        return any(one.count is None for one in self.rows)


@dataclass(frozen=True)
class Share:
    """How many of those who answered a question are in one group of its answers."""

    label: str
    count: int
    base: int
    percent: int


@dataclass(frozen=True)
class Crossed:
    """Two groups crossed; the last row and column are totals, None is hidden."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int | None, ...], ...]


@dataclass(frozen=True)
class _Shown:
    """What one table told: a division of everybody, and which of its parts it hides."""

    parts: tuple[People, ...]
    hidden: frozenset[int]


@dataclass
class Tally:
    """Questions counted in the order of the form."""

    everybody: People
    least: int
    tables: dict[str, Tallied] = field(default_factory=dict)
    _answered: dict[str, Answered] = field(default_factory=dict)
    _shown: list[_Shown] = field(default_factory=list)

    def add(self, told: Answered) -> Tallied:
        """Count one more question."""
        said = _banded(told)
        made = self._made(said)
        if made.average is None and told.kind in ("integer", "decimal", "range") and not made.withheld:
            made = replace(made, average=self._average(told))
        self.tables[told.path], self._answered[told.path] = made, told
        return made

    def _made(self, told: Answered) -> Tallied:
        blank = Tallied(told.path, told.label, several=told.kind == "select_multiple")
        if len(told.asked) < self.least or self._small(self.everybody - told.asked):
            return replace(blank, withheld=FEW)
        if self._gives_away(told.asked):
            return replace(blank, withheld=GIVES_AWAY)
        return self._several(told, blank) if blank.several else self._one(told, blank)

    def _one(self, told: Answered, blank: Tallied) -> Tallied:
        groups = [told.of(choice) for choice in told.choices]
        if not groups:
            return replace(blank, base=self._base(told), whole=self._small(told.silent))
        parts = [*groups, told.silent]
        *counts, silent = hide(with_totals([[len(one) for one in parts]]), self.least)[0][:-1]
        visible = [part for part, count in zip(parts, [*counts, silent], strict=True) if count]
        if any(self._gives_away(part) for part in visible):
            return replace(blank, withheld=GIVES_AWAY)
        hidden = frozenset(rank for rank, count in enumerate([*counts, silent]) if count is None)
        self._shown.append(_Shown((*parts, self.everybody - told.asked), hidden))
        whole = silent is None
        base = len(told.asked) if whole else len(told.asked) - (silent or 0)
        rows = [_row(label, count, base) for label, count in zip(told.choices.values(), counts, strict=True)]
        if silent is None or silent:
            rows.append(Row(told.none, silent, None))
        return replace(blank, rows=tuple(rows), base=base, whole=whole)

    def _several(self, told: Answered, blank: Tallied) -> Tallied:
        """Each choice is a question of its own: ticked or not."""
        base, whole = self._base(told), self._small(told.silent)
        among = told.asked if whole else told.asked - told.silent
        rows = []
        for choice, label in told.choices.items():
            ticked = told.of(choice)
            hidden = self._small(ticked) or self._small(among - ticked) or (bool(ticked) and self._gives_away(ticked))
            parts = (ticked, told.asked - ticked, self.everybody - told.asked)
            self._shown.append(_Shown(parts, frozenset((0, 1)) if hidden else frozenset()))
            rows.append(_row(label, None if hidden else len(ticked), base))
        if told.silent:
            rows.append(Row(told.none, None if whole else len(told.silent), None))
        return replace(blank, rows=tuple(rows), base=base, whole=whole)

    def _base(self, told: Answered) -> int:
        return len(told.asked) if self._small(told.silent) else len(told.asked) - len(told.silent)

    def _average(self, told: Answered) -> float | None:
        values = [float(said[0]) for said in told.said.values()]
        return round(sum(values) / len(values), 1) if len(values) >= self.least else None

    def _small(self, group: People) -> bool:
        return 0 < len(group) < self.least

    def _gives_away(self, group: People) -> bool:
        """Whether the size of this group, once known, tells that of a single hidden one."""
        for shown in self._shown:
            parts = [(part, rank in shown.hidden) for rank, part in enumerate(shown.parts) if part]
            if not any(hidden for _part, hidden in parts):
                continue
            if any(part & group and part - group for part, _hidden in parts):
                continue
            inside = sum(hidden for part, hidden in parts if part <= group)
            outside = sum(hidden for part, hidden in parts if not part <= group)
            if 1 in (inside, outside):
                return True
        return False

    # -- the two figures said side by side

    def share(self, group: Group) -> Share | None:
        """None where the question is not there, or where the figure would point at somebody."""
        told, table = self._answered.get(group.path), self.tables.get(group.path)
        if told is None or table is None or table.withheld or not table.base:
            return None
        inside = self._inside(told, group)
        if self._small(inside) or self._small(frozenset(told.said) - inside) or self._gives_away(inside):
            return None
        return Share(told.label, len(inside), table.base, _percent(len(inside), table.base))

    def cross(self, frame: Frame, labels: Mapping[str, str]) -> Crossed | None:
        """Satisfied or not by first choice or not; who answered only one of both stands apart. labels: satisfied,
        unsatisfied, first, other, none, total.
        """
        if self.share(frame.satisfied) is None or self.share(frame.first_choice) is None:
            return None
        down = list(self._divided(frame.satisfied, (labels["satisfied"], labels["unsatisfied"], labels["none"])))
        across = list(self._divided(frame.first_choice, (labels["first"], labels["other"], labels["none"])))
        body = [[len(one & other) for _name, other in across] for _name, one in down]
        counts = hide(with_totals(body), self.least)
        total = labels["total"]
        return Crossed((*(name for name, _ in down), total), (*(name for name, _ in across), total), counts)

    def _divided(self, group: Group, names: tuple[str, str, str]) -> Iterator[tuple[str, People]]:
        told = self._answered[group.path]
        inside, said = self._inside(told, group), frozenset(told.said)
        for name, part in zip(names, (inside, said - inside, self.everybody - said), strict=True):
            if part:
                yield name, part

    @staticmethod
    def _inside(told: Answered, group: Group) -> People:
        return frozenset().union(*(told.of(choice) for choice in group.choices))


def _row(label: str, count: int | None, base: int) -> Row:
    return Row(label, count, None if count is None else _percent(count, base))


def _percent(count: int, base: int) -> int:
    """Whole, a half upwards."""
    return (200 * count + base) // (2 * base) if base else 0


def _banded(told: Answered) -> Answered:
    """Numbers in a few bands; others as they are."""
    bands = {"range": MARKS, "integer": NUMBERS}.get(told.kind)
    if bands is None:
        return told
    said = {who: (_band(float(one[0]), bands),) for who, one in told.said.items()}
    return replace(told, choices={label: label for label, _top in bands}, said=said)


def _band(value: float, bands: tuple[tuple[str, int | None], ...]) -> str:
    return next((label for label, top in bands if top is None or value <= top), bands[-1][0])
