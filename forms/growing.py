"""Grow the tree of answers of a form: empty branches, rows of repeats, paths with row numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forms.structure import Form, Group, Question, Repeat
from forms.tree import Node

_STEP = re.compile(r"([^\[\]/]+)(?:\[([0-9]{1,9})\])?\Z")


class UnknownPath(KeyError):
    """The form, or this instance of it, has nothing at that path."""


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
            node.append(branch(child, node))


def branch(part: Group | Question, parent: Node) -> Node:
    """The empty node of a group or a question; not yet among the children of its parent."""
    kind = part.type if isinstance(part, Question) else ""
    node = Node(part.name, parent, part.path, kind)
    node.within_row = parent.within_row or isinstance(part, Repeat)
    node.relevant = parent.relevant
    if isinstance(part, Group):
        _fill(part, node)
    return node


def new_row(repeat: Repeat, parent: Node) -> Node:
    return parent.append(branch(repeat, parent))


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
    steps = []
    for ancestor in node.ancestors():
        repeated = isinstance(form.groups.get(ancestor.path), Repeat)
        steps.append(f"{ancestor.name}[{ancestor.position()}]" if repeated else ancestor.name)
    return "/" + "/".join(steps)


def nodes_at(root: Node, path: str) -> list[Node]:
    """Every node of a form path (without row numbers), in all rows."""
    found = [root]
    for name in path.split("/")[2:]:
        found = [child for node in found for child in node.children.get(name, ())]
    return found


def leaves(root: Node, form: Form) -> Iterator[tuple[Node, Question]]:
    """Every question of the tree, in the order of the form, whether relevant or not."""
    for node in root.descendants():
        question = form.questions.get(node.path)
        if question is not None:
            yield node, question
