"""All that an expression may look at while it is evaluated: it is handed in, never looked up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from forms.tree import Node


@dataclass(frozen=True, slots=True)
class Now:
    """The circumstances of an evaluation. `random` gives numbers in [0, 1), `uuid` a fresh identifier."""

    today: date
    now: datetime
    random: Callable[[], float]
    uuid: Callable[[], str]


def _no_label(_key: str, _place: str = "") -> str:
    return ""


@dataclass(slots=True)
class Context:
    """`node` is what `.` means here, `current` what it meant where the expression began (they differ in predicates).

    `instances` are the secondary instances by id; `choice_label(path, value)` and `wording(id)` answer
    `jr:choice-name` and `jr:itext` in the language of the reader.
    """

    node: Node
    root: Node
    now: Now
    instances: Mapping[str, Node] = field(default_factory=dict)
    current: Node | None = None
    position: int = 1
    size: int = 1
    choice_label: Callable[[str, str], str] = _no_label
    wording: Callable[[str], str] = _no_label

    @property
    def start(self) -> Node:
        return self.current if self.current is not None else self.node

    def at(self, node: Node, position: int, size: int) -> Context:
        """The same circumstances inside a predicate."""
        return replace(self, node=node, current=self.start, position=position, size=size)
