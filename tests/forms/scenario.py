"""Play one small form step by step, with our engine and with JavaRosa, and compare every answer after each step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from pyxform.xls2xform import convert

from forms.definition import Form, load
from forms.growing import address, leaves
from forms.instance import Instance, Now
from tests.forms.oracles.javarosa import JavaRosa

NOW = Now(date(2026, 3, 15), datetime(2026, 3, 15, 10, tzinfo=UTC), lambda: 0.5, lambda: "a-b-c")

Seen = dict[str, tuple[str, bool, bool, bool]]
"""Path → (answer, relevant, required, allowed by its constraint); the last two only say something of what is asked."""


def xform(table: str) -> str:
    """The XForm of a questionnaire written as a table, as pyxform writes it."""
    return convert(table, form_name="data").xform


def form_of(table: str, media: Mapping[str, bytes] | None = None) -> Form:
    return load(xform(table), media or {})


class Scenario:
    """`set`, `add` and `remove` act on both engines; with no second opinion, on ours alone."""

    def __init__(self, table: str, second: JavaRosa | None = None) -> None:
        xml = self.xml = xform(table)
        self.instance = Instance.new(load(xml), NOW)
        self.second = second
        if second is not None:
            second.load(xml)
        self.compare()

    def set(self, path: str, text: Any) -> Scenario:
        self.instance.set(f"/data/{path}", str(text))
        return self.also("set", f"/data/{path}", str(text))

    def add(self, path: str) -> Scenario:
        self.instance.add_row(f"/data/{path}")
        return self.also("add", f"/data/{path}")

    def remove(self, path: str, row: int) -> Scenario:
        self.instance.remove_row(f"/data/{path}", row)
        return self.also("remove", f"/data/{path}", row)

    def also(self, *step: Any) -> Scenario:
        if self.second is not None:
            self.second.act([step])
        self.compare()
        return self

    def compare(self) -> None:
        if self.second is not None:
            assert ours(self.instance) == theirs(self.second)

    def read_by(self, engine: JavaRosa) -> Scenario:
        """Compare with JavaRosa reading the same answers afresh. After a change it leaves other rows as they were until
        they are touched themselves; when it reads a whole set of answers it calculates everything.
        """
        start, end = self.xml.index("<instance>") + len("<instance>"), self.xml.index("</instance>")
        answers = self.instance.to_xml().replace("<data ", '<data xmlns="" ', 1)
        engine.load(self.xml[:start] + answers + self.xml[end:])
        assert ours(self.instance) == theirs(engine)
        return self

    def __getitem__(self, path: str) -> str:
        """The answer, or the sign of a question that is not asked."""
        node = self.instance.node(f"/data/{path}")
        return node.text if node.relevant else "(not asked)"

    def column(self, repeat: str, name: str) -> list[str]:
        self.instance.recompute()
        rows = range(1, self.instance.raw_rows(f"/data/{repeat}") + 1)
        return [self[f"{repeat}[{row}]/{name}"] for row in rows]

    def kinds(self) -> list[tuple[str, str]]:
        return [(error.path.removeprefix("/data/"), error.kind) for error in self.instance.errors()]

    def offered(self, path: str) -> list[str]:
        return [choice.value for choice in self.instance.choices(f"/data/{path}")]


def ours(instance: Instance) -> Seen:
    refused = {error.path for error in instance.errors() if error.kind == "constraint"}
    found: Seen = {}
    for node, _ in leaves(instance.root, instance.form):
        path = address(node, instance.form)
        asked = node.relevant
        found[path] = (_plain(node.text), asked, asked and instance.required(path), asked and path not in refused)
    return found


def theirs(engine: JavaRosa) -> Seen:
    return {
        path: (
            _plain(told["value"]),
            told["relevant"],
            told["relevant"] and told["required"],
            told["relevant"] and told["allowed"],
        )
        for path, told in engine.dump().items()
    }


def _plain(text: str) -> str:
    """Numbers are compared as numbers: 6 and 6.0 are the same answer."""
    try:
        return repr(float(text))
    except ValueError:
        return text
