"""Answers as they are stored and exchanged: OpenRosa-shaped instance XML, and nested dictionaries for programs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

from forms.growing import UnknownPath, empty_tree, new_row
from forms.structure import Form, Group, Question, Repeat
from forms.tree import Node
from forms.xform import JR, UnreadableXForm, local, parse_xml

if TYPE_CHECKING:
    from forms.instance import Instance

# What XML 1.0 cannot hold, and the marks that turn the direction of text around without being seen.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")


class UnreadableInstance(Exception):
    """The text is not an instance of this form."""


@dataclass(frozen=True, slots=True)
class Identity:
    """`meta/instanceID` and, after a revision, the one it replaces."""

    instance_id: str
    deprecated_id: str | None = None


def legal(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return _ILLEGAL.sub("", text)


def write_xml(form: Form, root: Node, identity: Identity) -> str:
    element = etree.Element(root.name, id=form.form_id, version=form.version)
    _write(root, element)
    meta = etree.SubElement(element, "meta")
    etree.SubElement(meta, "instanceID").text = identity.instance_id
    if identity.deprecated_id:
        etree.SubElement(meta, "deprecatedID").text = identity.deprecated_id
    return etree.tostring(element, encoding="unicode")


def _write(node: Node, element: etree._Element) -> None:
    for child in node:
        below = etree.SubElement(element, child.name)
        if child.text:
            below.text = child.text
        _write(child, below)


def read_xml(form: Form, xml: str, row_limit: int) -> tuple[Node, Identity]:
    """Elements the form does not know are passed over. Raises UnreadableInstance."""
    try:
        element = parse_xml(xml)
    except UnreadableXForm as fault:
        raise UnreadableInstance(str(fault)) from fault
    if local(element) != form.root.name:
        raise UnreadableInstance(f"root element {local(element)}")
    root = empty_tree(form)
    _read(form.root, element, root, row_limit)
    return root, _identity(element)


def _identity(element: etree._Element) -> Identity:
    found = {local(part): (part.text or "").strip() for meta in element if local(meta) == "meta" for part in meta}
    return Identity(found.get("instanceID", ""), found.get("deprecatedID") or None)


def _read(group: Group, element: etree._Element, node: Node, row_limit: int) -> None:
    twins: dict[str, list[etree._Element]] = {}
    for child in element:
        if isinstance(child.tag, str) and child.get(f"{JR}template") is None:
            twins.setdefault(local(child), []).append(child)
    for part in group.children:
        found = twins.get(part.name, [])
        if isinstance(part, Repeat):
            _read_rows(part, found, node, row_limit)
        elif found:
            _read_part(part, found[0], node.children[part.name][0], row_limit)


def _read_rows(repeat: Repeat, found: list[etree._Element], parent: Node, row_limit: int) -> None:
    if len(found) > row_limit:
        raise UnreadableInstance(f"{len(found)} rows in {repeat.path}")
    parent.children[repeat.name] = []
    for element in found:
        _read(repeat, element, new_row(repeat, parent), row_limit)


def _read_part(part: Group | Question, element: etree._Element, node: Node, row_limit: int) -> None:
    if isinstance(part, Question):
        node.text = legal("".join(element.itertext()))
    else:
        _read(part, element, node, row_limit)


def answers_of(group: Group, node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in group.children:
        rows = node.children.get(part.name, [])
        if isinstance(part, Repeat):
            found[part.name] = [answers_of(part, row) for row in rows if not row.surplus]
        elif isinstance(part, Group) and rows:
            found[part.name] = answers_of(part, rows[0])
        elif isinstance(part, Question) and rows and part.kind != "note":
            found[part.name] = rows[0].text.split() if part.kind in {"select_multiple", "rank"} else rows[0].text
    return found


def put_answers(instance: Instance, group: Group, path: str, answers: Mapping[str, Any]) -> None:
    """Write nested answers below a path. Raises UnknownPath, RowLimit."""
    parts = {part.name: part for part in group.children}
    for name, value in answers.items():
        part = parts.get(name)
        below = f"{path}/{name}"
        if part is None:
            raise UnknownPath(below)
        if isinstance(part, Repeat):
            _put_rows(instance, part, below, value)
        elif isinstance(part, Group):
            put_answers(instance, part, below, _expect(value, Mapping, below))
        else:
            instance.set(below, text_of(value))


def _put_rows(instance: Instance, repeat: Repeat, path: str, rows: Any) -> None:
    rows = _expect(rows, list | tuple, path)
    while instance.raw_rows(path) > len(rows):
        instance.remove_row(path, instance.raw_rows(path))
    while instance.raw_rows(path) < len(rows):
        instance.add_row(path)
    for place, row in enumerate(rows, 1):
        put_answers(instance, repeat, f"{path}[{place}]", _expect(row, Mapping, f"{path}[{place}]"))


def _expect(value: Any, kind: Any, path: str) -> Any:
    if not isinstance(value, kind):
        raise UnknownPath(path)
    return value


def text_of(value: Any) -> str:
    """A value of JSON as canonical text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return " ".join(text_of(one) for one in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def prune(form: Form, node: Node) -> None:
    """Empty the answers that are not relevant, drop the rows that are not."""
    for name, rows in node.children.items():
        if rows and isinstance(form.groups.get(rows[0].path), Repeat):
            node.children[name] = [row for row in rows if row.relevant]
        for child in node.children[name]:
            if not child.relevant:
                child.text = ""
            prune(form, child)
