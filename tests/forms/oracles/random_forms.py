"""Random questionnaires with chains of calculations and relevance, and random fillings of them.

A name is read only by what comes after it, so nothing goes round in circles. `whole` forms are for the phone; for
rxeval (which reads hidden answers as they stand, and knows no `position(..)`) these are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from xml.sax.saxutils import quoteattr

_TEXTS = ("x", "y", "x y", "été", "12")
_HEAD = '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
_HEAD += ' xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>Random</h:title><model><instance>'

Step = tuple[Any, ...]


@dataclass
class Pool:
    """What a formula may read from where it stands: relative paths to numbers and to texts, sums over the rows."""

    numbers: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


@dataclass
class Leaf:
    """`kind` is int or string; `calculate` and `relevant` are formulas, empty when there is none."""

    path: str
    kind: str
    calculate: str = ""
    relevant: str = ""

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


class RandomForm:
    """`xml` is the XForm, `leaves` its questions and calculations; `/data/r` is a repeat without rows at first."""

    def __init__(self, rng: Random, whole: bool) -> None:
        self.rng = rng
        self.whole = whole
        self.leaves: list[Leaf] = []
        self.rules: dict[str, str] = {}
        rows = Pool(["number(position(..))"] if whole else [], [])
        top = Pool()
        self._questions("/data", "../", top, 4)
        self._questions("/data/r", "../", rows, 3)
        self._further("/data/r", rows, Pool(rows.numbers + [f"../{path}" for path in top.numbers], rows.texts), 3)
        top.numbers += ["sum(../r/n1)", "count(../r)", "sum(../r[n1 > 2]/n2)"]
        self._group(top)
        self._further("/data", top, top, 7)
        self.xml = self._written()

    # -- parts of the form

    def _questions(self, above: str, up: str, pool: Pool, count: int) -> None:
        for number in range(1, count + 1):
            name, kind = (f"n{number}", "int") if number < count else ("t", "string")
            self.leaves.append(Leaf(f"{above}/{name}", kind))
            (pool.numbers if kind == "int" else pool.texts).append(up + name)

    def _further(self, above: str, own: Pool, readable: Pool, count: int) -> None:
        """Calculations and questions that may be hidden, each reading what came before."""
        for number in range(1, count + 1):
            name, numeric = f"c{number}", self.rng.random() < 0.6
            formula = self.number(readable, 2) if numeric else self.text(readable, 2)
            leaf = Leaf(f"{above}/{name}", "int" if numeric else "string", formula)
            hidden = self.rng.random() < 0.4
            if hidden:
                leaf.relevant = self.truth(readable, 2)
            self.leaves.append(leaf)
            if not hidden or self.whole:
                (own.numbers if numeric else own.texts).append(f"../{name}")
                if own is not readable:
                    (readable.numbers if numeric else readable.texts).append(f"../{name}")

    def _group(self, pool: Pool) -> None:
        """A group that is hidden as a whole."""
        self.rules["/data/g"] = self.truth(pool, 2)
        self.leaves.append(Leaf("/data/g/n9", "int"))
        if self.whole:
            pool.numbers.append("../g/n9")

    # -- formulas: whole numbers, so that every engine writes them alike

    def pick(self, offered: Sequence[str]) -> str:
        return offered[self.rng.randrange(len(offered))]

    def number(self, pool: Pool, depth: int) -> str:
        if depth <= 0 or self.rng.random() < 0.2:
            return self.pick([*pool.numbers, str(self.rng.randrange(9))])
        left, right = self.number(pool, depth - 1), self.number(pool, depth - 1)
        return self.pick(
            [
                f"({left} {self.pick(('+', '-', '*'))} {right})",
                f"if({self.truth(pool, depth - 1)}, {left}, {right})",
                f"string-length({self.text(pool, depth - 1)})",
                f"int({left} div 2)",
            ]
        )

    def text(self, pool: Pool, depth: int) -> str:
        if depth <= 0 or self.rng.random() < 0.2:
            return self.pick([*(f"string({path})" for path in pool.texts), "'x'", "'y z'"])
        left, right = self.text(pool, depth - 1), self.text(pool, depth - 1)
        return self.pick(
            [
                f"concat({left}, {right})",
                f"if({self.truth(pool, depth - 1)}, {left}, {right})",
                f"substr({left}, 0, 2)",
                f"coalesce({left}, {right})",
            ]
        )

    def truth(self, pool: Pool, depth: int) -> str:
        compared = f"{self.number(pool, depth - 1)} {self.pick(('>', '<=', '=', '!='))} {self.number(pool, 0)}"
        if depth <= 0:
            return compared
        return self.pick(
            [
                compared,
                f"selected({self.text(pool, 0)}, 'x')",
                f"({self.truth(pool, depth - 1)} {self.pick(('and', 'or'))} {self.truth(pool, depth - 1)})",
                f"not({self.truth(pool, depth - 1)})",
            ]
        )

    # -- the document

    def _written(self) -> str:
        top = "".join(f"<{leaf.name}/>" for leaf in self.leaves if leaf.path.count("/") == 2)
        row = "".join(f"<{leaf.name}/>" for leaf in self.leaves if leaf.path.startswith("/data/r/"))
        binds = "".join(map(_bind, self.leaves))
        hidden = self.rules.items()
        binds += "".join(f"<bind nodeset={quoteattr(path)} relevant={quoteattr(rule)}/>" for path, rule in hidden)
        body = "".join(_control(leaf) for leaf in self.leaves if leaf.path.count("/") == 2)
        inner = "".join(_control(leaf) for leaf in self.leaves if leaf.path.startswith("/data/r/"))
        return (
            f'{_HEAD}<data id="random">{top}<g><n9/></g><r jr:template="">{row}</r></data></instance>{binds}</model>'
            f'</h:head><h:body>{body}<group ref="/data/g"><input ref="/data/g/n9"/></group><group ref="/data/r">'
            f'<label>r</label><repeat nodeset="/data/r">{inner}</repeat></group></h:body></h:html>'
        )

    def filled(self, answers: str) -> str:
        """The XForm with answers (`<data>…</data>`) already in its first instance."""
        before, _, rest = self.xml.partition("<data ")
        blank, _, after = rest.partition("</data>")
        template = blank[blank.index("<r ") :]
        given = answers[answers.index("<data") : answers.index("</data>")]
        first = given.find("<r>") if "<r>" in given else len(given)
        return f"{before}{given[:first]}{template}{given[first:]}</data>{after}"

    # -- a filling

    def turns(self, count: int) -> Iterator[list[Step]]:
        """Steps that belong together: ("set", path, text), ("add", repeat, row), ("remove", repeat, row).

        After each turn every number is answered.
        """
        asked = [leaf for leaf in self.leaves if not leaf.calculate]
        inside = [leaf for leaf in asked if leaf.path.startswith("/data/r/")]
        yield [self._set(leaf, 0) for leaf in asked if leaf not in inside]
        rows = 0
        for _ in range(count):
            if rows < 3 and self.rng.random() < 0.4:
                rows += 1
                yield [("add", "/data/r", rows), *(self._set(leaf, rows) for leaf in inside)]
            elif rows and self.rng.random() < 0.2:
                yield [("remove", "/data/r", self.rng.randrange(1, rows + 1))]
                rows -= 1
            elif leaves := asked if rows else [leaf for leaf in asked if leaf not in inside]:
                yield [self._set(leaves[self.rng.randrange(len(leaves))], self.rng.randrange(1, max(rows, 1) + 1))]

    def _set(self, leaf: Leaf, row: int) -> Step:
        value = str(self.rng.randrange(9)) if leaf.kind == "int" else self.pick(_TEXTS)
        return "set", leaf.path.replace("/data/r/", f"/data/r[{row}]/"), value


def _bind(leaf: Leaf) -> str:
    rules = (("calculate", leaf.calculate), ("relevant", leaf.relevant))
    written = "".join(f" {name}={quoteattr(rule)}" for name, rule in rules if rule)
    return f'<bind nodeset="{leaf.path}" type="{leaf.kind}"{written}/>'


def _control(leaf: Leaf) -> str:
    return "" if leaf.calculate else f'<input ref="{leaf.path}"><label>{leaf.name}</label></input>'
