"""Grow the tree of answers of a form: empty branches, rows of repeats, paths with row numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forms.structure import Form, Group, Question, Repeat
from forms.tree import Node

_STEP = re.compile(r"([^\[\]/]+)(?:\[([0-9]{1,9})\])?\Z")


class UnknownPath(KeyError):
    """The form, or this instance of it, has nothing at that path."""


FULL = "The list %(path)s can hold %(limit)s lines at most."
FULL_IN_ALL = "The lists %(path)s can hold %(limit)s lines at most, all together."


IN_ALL = 10
"""A repeat inside others may have this many times the limit of rows in all."""


class RowLimit(Exception):
    """A repeat cannot take that many rows, or all the rows of a repeat inside others together cannot be that many.

    `message` is an English msgid filled from `params`.
    """

    def __init__(self, path: str, limit: int, in_all: bool = False) -> None:
        super().__init__(path)
        self.path = path
        self.message = FULL_IN_ALL if in_all else FULL
        told = re.sub(r"\[\d+\]", "", path) if in_all else path
        self.params = {"path": told, "limit": limit * IN_ALL if in_all else limit}

    def __str__(self) -> str:
        return self.message % self.params


def room(root: Node, path: str, row_limit: int) -> int:
    """How many more rows a repeat may have in all; `path` is that of the repeat in the form."""
    above, _, name = path.rpartition("/")
    return row_limit * IN_ALL - sum(len(parent.children.get(name, ())) for parent in nodes_at(root, above))


def empty_tree(form: Form) -> Node:
    """All groups and questions without any answer; every repeat with the rows it has at first."""
    root = Node(form.root.name, None, form.root.path)
    _fill(form.root, root)
    return root


def _fill(group: Group, node: Node) -> None:
    for child in group.children:
        if isinstance(child, Repeat):
            node.children[child.name] = []
            for _ in range(child.rows):
                new_row(child, node)
        else:
            node.children[child.name] = [branch(child, node)]


def branch(part: Group | Question, parent: Node) -> Node:
    """The empty node of a group or a question; not yet among the children of its parent."""
    question = isinstance(part, Question)
    node = Node(part.name, parent, part.path, part.type if question else "")
    node.within_row = parent.within_row or (not question and isinstance(part, Repeat))
    node.relevant = parent.relevant
    if not question:
        _fill(part, node)
    return node


def standing(repeat: Repeat, parent: Node) -> Node:
    """Where the expressions of a repeat itself stand: its first row, or the place where that would be."""
    rows = parent.children.get(repeat.name)
    if rows:
        return rows[0]
    place = Node(repeat.name, parent, repeat.path)
    place.within_row = True
    place.relevant = parent.relevant
    return place


def new_row(repeat: Repeat, parent: Node) -> Node:
    return parent.append(branch(repeat, parent))


def put_defaults(row: Node, form: Form) -> None:
    """The defaults that need no working out, in a fresh branch."""
    for node in row.descendants():
        question = form.questions.get(node.path)
        if question is not None:
            node.text = question.default


def put_meta(root: Node, instance_id: str, deprecated_id: str | None) -> None:
    """The block `meta`, which expressions may read; what the author calls the answers is calculated into it."""
    block = Node("meta", root, f"{root.path}/meta")
    named = {"instanceID": instance_id, "instanceName": "", "deprecatedID": deprecated_id}
    for name, text in named.items():
        if text is not None:
            block.append(Node(name, block, f"{block.path}/{name}", text=text))
    root.children["meta"] = [block]


def meta(root: Node, name: str) -> str:
    """One answer of the block `meta`."""
    return find(root, f"{root.path}/meta/{name}").text


def find(root: Node, path: str) -> Node:
    """The node at a path with row numbers (`/data/person[2]/age`; the first row when none is given).

    Raises UnknownPath.
    """
    steps = path.split("/")
    if len(steps) < 2 or steps[0] or steps[1] != root.name:
        raise UnknownPath(path)
    node = root
    for step in steps[2:]:
        node = _below(node, step, path)
    return node


def _below(node: Node, step: str, path: str) -> Node:
    if "[" not in step and node.children.get(step):
        return node.children[step][0]
    found = _STEP.match(step)
    rows = node.children.get(found.group(1), []) if found else []
    place = int(found.group(2) or 1) if found else 1
    if not 1 <= place <= len(rows):
        raise UnknownPath(path)
    return rows[place - 1]


def rows_at(root: Node, path: str) -> tuple[Node, list[Node]]:
    """The parent of a repeat and the rows it holds now. Raises UnknownPath."""
    above, _, name = path.rpartition("/")
    parent = find(root, above)
    return parent, parent.children.get(name, [])


def address(node: Node, form: Form) -> str:
    """The path of a node with its row numbers."""
    if not node.within_row:
        return node.path
    steps = []
    for ancestor in node.ancestors():
        repeated = isinstance(form.groups.get(ancestor.path), Repeat)
        steps.append(f"{ancestor.name}[{ancestor.position()}]" if repeated else ancestor.name)
    return "/" + "/".join(steps)


def addressed(root: Node, form: Form) -> list[tuple[str, Node, Question]]:
    """`leaves` with the `address` of each, made on the way down."""
    found: list[tuple[str, Node, Question]] = []

    def walk(parent: Node, above: str) -> None:
        for rows in parent.children.values():
            for place, node in enumerate(rows, 1):
                path = f"{above}/{node.name}" if node.within_row else node.path
                question = form.questions.get(node.path)
                if question is not None:
                    found.append((path, node, question))
                elif node.children:
                    walk(node, f"{path}[{place}]" if isinstance(form.groups.get(node.path), Repeat) else path)

    walk(root, root.path)
    return found


def nodes_at(root: Node, path: str) -> list[Node]:
    """Every node of a form path (without row numbers), in all rows."""
    found = [root]
    for name in path.split("/")[2:]:
        found = [child for node in found for child in node.children.get(name, ())]
    return found


def below(node: Node, path: str) -> list[Node]:
    """Every node of a form path at or below a node."""
    found = [node]
    for name in path[len(node.path) + 1 :].split("/") if path != node.path else ():
        found = [child for parent in found for child in parent.children.get(name, ())]
    return found


def leaves(root: Node, form: Form) -> Iterator[tuple[Node, Question]]:
    """Every question of the tree, in the order of the form, whether relevant or not."""
    questions, waiting = form.questions, [root]
    while waiting:  # the walk of Node.descendants, without a generator inside another: pages walk often
        node = waiting.pop()
        question = questions.get(node.path)
        if question is not None:
            yield node, question
        elif node.children:
            for rows in reversed(node.children.values()):
                waiting.extend(reversed(rows))
