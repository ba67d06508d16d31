"""The one data structure every part of the engine shares: a tree of named texts.

The answers of a form and its secondary instances (lists of choices) are both such trees.
"""

from __future__ import annotations

from collections.abc import Iterator


class Node:
    """One element of an instance.

    `text` is the canonical answer of a leaf; `children` maps a name to its elements in order (several for the rows of
    a repeat). `relevant` is the effective relevance: false as soon as one ancestor is not relevant. `kind` is the bind
    type (`int`, `decimal`, `date`, `dateTime`…) that gives a leaf its typed value, `path` the form path without row
    numbers, `within_row` tells that some ancestor (or the node itself) is a row of a repeat. `wanted` is what the own
    rule of relevance says, `surplus` marks a row beyond the count of its repeat. `found` remembers what `having` has
    found.
    """

    __slots__ = (
        "children",
        "found",
        "kind",
        "name",
        "parent",
        "path",
        "relevant",
        "surplus",
        "text",
        "wanted",
        "within_row",
    )

    def __init__(self, name: str, parent: Node | None, path: str, kind: str = "", text: str = "") -> None:
        self.name = name
        self.parent = parent
        self.path = path
        self.kind = kind
        self.text = text
        self.children: dict[str, list[Node]] = {}
        self.relevant = True
        self.wanted = True
        self.surplus = False
        self.within_row = False
        self.found: dict[tuple[str, str], dict[str, list[Node]]] | None = None

    def append(self, child: Node) -> Node:
        self.children.setdefault(child.name, []).append(child)
        return child

    def __iter__(self) -> Iterator[Node]:
        for rows in self.children.values():
            yield from rows

    def descendants(self) -> Iterator[Node]:
        """The node itself, then everything below it, in document order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            for rows in reversed(node.children.values()):
                waiting.extend(reversed(rows))

    def refresh(self) -> bool:
        """Set the effective relevance of this branch from `wanted` and `surplus`; whether it changed."""
        above = self.parent is None or self.parent.relevant
        relevant = above and self.wanted and not self.surplus
        if relevant == self.relevant:
            return False
        self.relevant = relevant
        for child in self:
            child.refresh()
        return True

    def string(self) -> str:
        """The XPath string value: own text, or the texts of all leaves below one after the other."""
        if not self.children:
            return self.text
        return "".join(leaf.text for leaf in self.descendants() if not leaf.children)

    def having(self, name: str, column: str, text: str) -> list[Node]:
        """The children of that name with a child `column` that says `text`, in order. Not to be changed.

        Only for lists, which never change: what was found once is remembered.
        """
        known = self.found = self.found or {}
        if (name, column) not in known:
            index: dict[str, list[Node]] = {}
            for item in self.children.get(name, ()):
                for said in dict.fromkeys(cell.text for cell in item.children.get(column, ())):
                    index.setdefault(said, []).append(item)
            known[name, column] = index
        return known[name, column].get(text, [])

    def position(self) -> int:
        """Place among the elements of the same name, counted from 1."""
        if self.parent is None:
            return 1
        return self.parent.children[self.name].index(self) + 1

    def ancestors(self) -> list[Node]:
        """From the root down to the node itself."""
        chain = [self]
        while chain[-1].parent is not None:
            chain.append(chain[-1].parent)
        return chain[::-1]
