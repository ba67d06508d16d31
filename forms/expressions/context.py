"""All that an expression may look at while it is evaluated: it is handed in, never looked up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
    `jr:choice-name` and `jr:itext` in the language of the reader. `places` remembers where the nodes of a form path
    are: whoever adds or removes rows empties it. `language` is that of the form (`fr`), for the names of days and
    months.
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
    places: dict[str, list[Node]] = field(default_factory=dict)
    language: str = ""

    @property
    def start(self) -> Node:
        return self.current if self.current is not None else self.node

    @property
    def own(self) -> Node:
        """Whose row is meant by "my own row": inside a filter over rows, that of the row being looked at."""
        node = self.node
        return node if node.within_row or self.current is None else self.current

    def nodes(self, path: str) -> list[Node]:
        """Every node of a form path (without row numbers), in all rows, relevant or not. Not to be changed."""
        found = self.places.get(path)
        if found is None:
            if not self.places:
                self._note_places()
            found = self.places.setdefault(path, [])
        return found

    def _note_places(self) -> None:
        """One walk through the tree for all paths: the rules of a form read most of them."""
        places = self.places
        for node in self.root.descendants():
            known = places.get(node.path)
            if known is None:
                places[node.path] = [node]
            else:
                known.append(node)

    def inside(self) -> Context:
        """The same circumstances inside a predicate; `node`, `position` and `size` are for the filter to set."""
        return Context(
            self.node,
            self.root,
            self.now,
            self.instances,
            self.start,
            1,
            1,
            self.choice_label,
            self.wording,
            self.places,
            self.language,
        )
