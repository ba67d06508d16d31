"""Random formulas over the questionnaire: only what both reference engines should agree on (see docs/dialect.md).

A `Writer` writes well-typed formulas: numbers, texts, truths, days and lists of answers. What an engine does not know
is left out for it: `Writer(rng, PHONE)` and `Writer(rng, RXEVAL)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

T = TypeVar("T")
Part = Callable[[int], str]


@dataclass(frozen=True)
class Engine:
    """What may be written for an engine: `days` and typed answers, functions rxeval lacks, blanks inside sums."""

    whole: bool


PHONE = Engine(whole=True)
RXEVAL = Engine(whole=False)

# Where a formula may stand, and what can be said from there about one's own row.
PLACES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "/data": ((), ()),
    "/data/c": (("../a", "./../a", "../g/x"), (".", "../e", "../many")),
    "/data/r[1]/p": ((".", "number(../../b)", "position(..)", "count(../s)", "sum(../s/t)"), ("../q", "/data/r/q")),
    "/data/r[2]": (("p", "./p", "/data/r/p", "count(s)", "../a", "position(.)"), ("q", "../c")),
    "/data/r[3]/s[1]/t": (
        (".", "../../../a", "position(..)", "position(../..)", "count(../../s)", "sum(../../s/t)", "sum(/data/r/s/t)"),
        ("../../q", "/data/r/q", "current()/../../q"),
    ),
}
_NUMBERS = ("/data/a", "/data/d", "/data/g/x", "/data/g/y", "number(/data/b)", "string-length(/data/e)")
_WHOLE_NUMBERS = ("/data/a", "/data/g/x", "count(/data/g)", "string-length(/data/c)", "count-selected(/data/many)")
_TEXTS = ("''", "'x'", "'x y'", "'c1'", "'été'", "'12'", "/data/c", "/data/blank", "/data/e", "/data/k", "/data/many")
_DAYS = ("/data/day", "/data/later", "date('2026-03-01')", "date('2024-02-29')", "date('1969-12-31')")
_PATTERNS = ("^[a-z]+$", "^x.*$", "^\\d+$", "^(c1|c2)$", "^[^ ]* [^ ]*$", "^.{0,3}$", "^\\w+\\s\\w+$")
_LAYOUTS = ("%Y-%m-%d", "%e/%n/%y", "%d.%m.%Y", "%Y%m%d", "100%% %Y")
_COMPARE = ("=", "!=", "<", "<=", ">", ">=")


@dataclass
class Writer:
    rng: Random
    engine: Engine
    place: str = "/data"
    depth: int = 3
    _kinds: dict[str, Part] = field(init=False)

    def __post_init__(self) -> None:
        self._kinds = {"number": self.number, "text": self.text, "truth": self.truth}
        if self.engine.whole:
            self._kinds["day"] = self.day

    def formula(self) -> str:
        return self.pick(list(self._kinds.values()))(self.depth)

    def pick(self, offered: Sequence[T]) -> T:
        return offered[self.rng.randrange(len(offered))]

    def one_of(self, depth: int, leaf: Part, inner: Sequence[Part]) -> str:
        """A leaf when the depth is used up (and now and then before), else one of the ways of building more."""
        if depth <= 0 or self.rng.random() < 0.15:
            return leaf(depth)
        return self.pick(inner)(depth - 1)

    # -- numbers

    def number(self, depth: int) -> str:
        inner = [self._sum, self._sum, self._scaled, self._length, self._rows_number, self._either_number]
        return self.one_of(depth, self._number, [*inner, self._far_number] if self.engine.whole else inner)

    def _number(self, _: int) -> str:
        own = PLACES[self.place][0]
        if own and self.rng.random() < 0.4:
            return self.pick(own)
        return self.pick([*_NUMBERS, str(self.rng.randrange(60)), "0.5", "2.25"])

    def _sum(self, depth: int) -> str:
        """The rest of a division of fractions may be next to nothing, which the phone takes for false: a row of
        docs/dialect.md. Of whole numbers it is whole.
        """
        operator = self.pick(("+", "-", "*", "div", "mod"))
        left, right = self.number(depth), self.number(depth)
        return f"(int({left}) mod int({right}))" if operator == "mod" else f"({left} {operator} {right})"

    def _scaled(self, depth: int) -> str:
        inner = self.number(depth)
        places = self.rng.randrange(3)
        return self.pick([f"-({inner})", f"int({inner})", f"abs({inner})", f"round(abs({inner}), {places})"])

    def _length(self, depth: int) -> str:
        name = self.pick(("string-length", "count-selected"))
        return f"{name}({self.text(depth)})"

    def _rows_number(self, depth: int) -> str:
        """rxeval says of nothing that it is worth less than nothing (-0): added to 0 it is 0 again."""
        added = f"sum({self.rows(depth)})"
        return self.pick([f"count({self.rows(depth, True)})", added if self.engine.whole else f"(0 + {added})"])

    def _either_number(self, depth: int) -> str:
        return f"if({self.truth(depth)}, {self.number(depth)}, {self.number(depth)})"

    def _far_number(self, depth: int) -> str:
        ways = [self._days_between, self._functions, self._extreme, self._indexed]
        return self.pick(ways)(depth)

    def _days_between(self, depth: int) -> str:
        return f"({self.day(depth)} - {self.day(depth)})"

    def _functions(self, depth: int) -> str:
        inner = self.number(depth)
        names = ("sqrt", "exp", "sin", "cos", "tan", "atan", "log10", "log", "exp10")
        return self.pick([f"{self.pick(names)}({inner})", f"pow({inner}, 2)", f"atan2({inner}, 3)"])

    def _extreme(self, depth: int) -> str:
        return f"{self.pick(('min', 'max'))}({self.rows(depth)})"

    def _indexed(self, _: int) -> str:
        row, inner = self.rng.randrange(1, 4), self.rng.randrange(1, 4)
        return self.pick(
            [
                f"number(indexed-repeat(/data/r/p, /data/r, {row}))",
                f"number(indexed-repeat(/data/r/s/t, /data/r, {row}, /data/r/s, {inner}))",
            ]
        )

    # -- lists of answers to numeric questions

    def rows(self, depth: int, counted: bool = False) -> str:
        """Blank answers only where the engine passes over them."""
        blanks = self.engine.whole or counted
        outer = self._filter(depth, "p", "" if blanks else "p > 0")
        if self.rng.random() < 0.5:
            return f"/data/r{outer}/p"
        inner = self._filter(depth, "t", "" if blanks else "t > 0")
        if outer and "/s[" in self.place:
            inner = inner or "[position() > 0]"
        return f"/data/r{outer}/s{inner}/t"

    def _filter(self, depth: int, name: str, always: str) -> str:
        if depth <= 0 or self.rng.random() < 0.4:
            return f"[{always}]" if always else ""
        written = self._row_truth(depth, name)
        return f"[{always} and {written}]" if always else f"[{written}]"

    def _row_truth(self, depth: int, name: str) -> str:
        """What is said of a row from inside a filter."""
        operator, figure = self.pick(_COMPARE), self.rng.randrange(35)
        offered = [f"{name} {operator} {figure}", f"position() {operator} {self.rng.randrange(1, 4)}", f"{name} != ''"]
        offered.append(f"../a {operator} {figure}" if name == "p" else f"../p {operator} {figure % 4}")
        offered.append(f"q {self.pick(('=', '!='))} 'u'" if name == "p" else f"../q {self.pick(('=', '!='))} 'v'")
        if depth > 1:
            offered.append(f"({self._row_truth(depth - 1, name)} or {self._row_truth(depth - 1, name)})")
            offered.append(f"not({self._row_truth(depth - 1, name)})")
        return self.pick(offered)

    # -- texts

    def text(self, depth: int) -> str:
        inner = [self._put_together, self._cut, self._changed, self._either_text, self._first_text, self._figure]
        return self.one_of(depth, self._text, [*inner, self._far_text] if self.engine.whole else inner)

    def _text(self, _: int) -> str:
        own = PLACES[self.place][1]
        return self.pick(own) if own and self.rng.random() < 0.4 else self.pick(_TEXTS)

    def _put_together(self, depth: int) -> str:
        return self.pick([f"concat({self.text(depth)}, {self.text(depth)})", f"join('-', {self.rows(depth, True)})"])

    def _cut(self, depth: int) -> str:
        inner, first, last = self.text(depth), self.rng.randrange(-2, 4), self.rng.randrange(-2, 5)
        mark = self.pick(("'x'", "' '", "'é'", self.text(0)))
        return self.pick(
            [
                f"substr({inner}, {first})",
                f"substr({inner}, {first}, {last})",
                f"substring-before({inner}, {mark})",
                f"substring-after({inner}, {mark})",
                f"selected-at({inner}, {abs(first)})",
            ]
        )

    def _changed(self, depth: int) -> str:
        inner = self.text(depth)
        return self.pick([f"translate({inner}, 'xyé ', 'ab')", f"normalize-space({inner})", f"string({inner})"])

    def _either_text(self, depth: int) -> str:
        return f"if({self.truth(depth)}, {self.text(depth)}, {self.text(depth)})"

    def _first_text(self, depth: int) -> str:
        return f"coalesce({self.text(depth)}, {self.text(depth)})"

    def _figure(self, _: int) -> str:
        return f"string({self.pick(_WHOLE_NUMBERS)})"

    def _far_text(self, depth: int) -> str:
        seed = self.rng.randrange(-9, 10**9)
        name = self.pick(("name", "label"))
        return self.pick(
            [
                f"format-date({self.day(depth)}, '{self.pick(_LAYOUTS)}')",
                f"string({self.day(depth)})",
                f"jr:choice-name({self.text(depth)}, '/data/k')",
                f"join(',', randomize({self.rows(depth)}, {seed}))",
                f"join('', instance('l')/root/item[selected({self.pick(_TEXTS)}, name) or size > 4]/{name})",
                f"string(instance('l')/root/item[name = {self.pick(_TEXTS)}]/label)",
            ]
        )

    # -- truths

    def truth(self, depth: int) -> str:
        inner = [self._both, self._compared, self._same_text, self._told, self._not, self._listed]
        return self.one_of(depth, self._truth, [*inner, self._far_truth] if self.engine.whole else inner)

    def _truth(self, _: int) -> str:
        return self.pick(("true()", "false()", "/data/a > 3", "/data/yes = 'true'", "string-length(/data/blank) = 0"))

    def _both(self, depth: int) -> str:
        return f"({self.truth(depth)} {self.pick(('and', 'or', '=', '!='))} {self.truth(depth)})"

    def _compared(self, depth: int) -> str:
        return f"({self.number(depth)} {self.pick(_COMPARE)} {self.number(depth)})"

    def _same_text(self, depth: int) -> str:
        return f"({self.text(depth)} {self.pick(('=', '!='))} {self.text(depth)})"

    def _told(self, depth: int) -> str:
        name = self.pick(("contains", "starts-with", "ends-with"))
        return f"{name}({self.text(depth)}, {self.text(depth)})"

    def _not(self, depth: int) -> str:
        number = f"boolean({self.number(depth)} + 0)"
        return self.pick([f"not({self.truth(depth)})", f"boolean(string({self.text(depth)}))", number])

    def _listed(self, depth: int) -> str:
        choice, pattern = self.pick(("'c1'", "'x'", "'c3'")), self.pick(_PATTERNS)
        inner = self.text(depth)
        return self.pick(
            [f"selected({inner}, {choice})", f"regex({inner}, '{pattern}')", f"boolean-from-string({inner})"]
        )

    def _far_truth(self, depth: int) -> str:
        low, high = self.rng.randrange(-1, 3), self.rng.randrange(-1, 4)
        checks = ", ".join(self.truth(depth - 1) for _ in range(3))
        return self.pick(
            [
                f"({self.day(depth)} {self.pick(_COMPARE)} {self.day(depth)})",
                f"checklist({low}, {high}, {checks})",
                f"weighted-checklist({low}, {high}, {self.truth(depth - 1)}, 2, {self.truth(depth - 1)}, 1)",
                f"boolean({self.pick(('/data/blank', '/data/a', '/data/c', '/data/b', '/data/day'))})",
                f"(/data/r[p = {high}]/q {self.pick(('=', '!='))} {self.pick(('/data/c', self.text(0)))})",
            ]
        )

    # -- days

    def day(self, depth: int) -> str:
        return self.one_of(depth, self._day, [self._moved, self._either_day, self._day])

    def _day(self, _: int) -> str:
        return self.pick(_DAYS)

    def _moved(self, depth: int) -> str:
        return f"date({self.day(depth)} + {self.rng.randrange(400)})"

    def _either_day(self, depth: int) -> str:
        return f"if({self.truth(depth)}, {self.day(depth)}, {self.day(depth)})"
