"""Answers as they are stored and exchanged: OpenRosa-shaped instance XML, and nested dictionaries for programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

from forms.expressions.values import number_to_text
from forms.growing import RowLimit, UnknownPath, empty_tree, new_row, room
from forms.structure import Form, Group, Question, Repeat
from forms.tree import Node
from forms.xform import JR, UnreadableXForm, local, parse_xml

if TYPE_CHECKING:
    from forms.instance import Instance

# What XML 1.0 cannot hold, and the marks that turn the direction of text around without being seen.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")


_TEMPLATE = f"{JR}template"  # marks what is not a row but the pattern of one


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


def write_xml(form: Form, root: Node, identity: Identity, name: str = "") -> str:
    """`name` is what the author calls this set of answers (`instance_name`)."""
    element = etree.Element(root.name, id=form.form_id, version=form.version)
    _write((rows for name, rows in root.children.items() if name != "meta"), element)
    meta = etree.SubElement(element, "meta")
    etree.SubElement(meta, "instanceID").text = identity.instance_id
    if identity.deprecated_id:
        etree.SubElement(meta, "deprecatedID").text = identity.deprecated_id
    if name:
        etree.SubElement(meta, "instanceName").text = name
    return etree.tostring(element, encoding="unicode")


def _write(children: Iterable[list[Node]], element: etree._Element) -> None:
    for rows in children:
        for child in rows:
            below = etree.SubElement(element, child.name)
            if child.text:
                below.text = child.text
            elif child.children:
                _write(child.children.values(), below)


def read_xml(form: Form, xml: str, row_limit: int | None) -> tuple[Node, Identity]:
    """Elements the form does not know are passed over. No limit: answers that were taken before are taken again.

    Raises UnreadableInstance, RowLimit.
    """
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


def _read(group: Group, element: etree._Element, node: Node, row_limit: int | None) -> None:
    twins: dict[str, list[etree._Element]] = {}
    for child in element:
        tag = child.tag
        if isinstance(tag, str):
            twins.setdefault(tag.rpartition("}")[2], []).append(child)
    for part in group.children:
        found = twins.get(part.name, [])
        if isinstance(part, Repeat):
            _read_rows(part, [one for one in found if one.get(_TEMPLATE) is None], node, row_limit)
        elif found and isinstance(part, Question):
            node.children[part.name][0].text = _text(found[0])
        elif found:
            _read(part, found[0], node.children[part.name][0], row_limit)


def _read_rows(repeat: Repeat, found: list[etree._Element], parent: Node, row_limit: int | None) -> None:
    parent.children[repeat.name] = []
    if row_limit is not None and len(found) > row_limit:
        raise RowLimit(repeat.path, row_limit)
    if row_limit is not None and len(found) > room(parent.ancestors()[0], repeat.path, row_limit):
        raise RowLimit(repeat.path, row_limit, in_all=True)
    for element in found:
        _read(repeat, element, new_row(repeat, parent), row_limit)


def _text(element: etree._Element) -> str:
    text = "".join(element.itertext()) if len(element) else element.text
    return legal(text) if text else ""


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


Given = list[tuple[Node, bool]]


def put_answers(instance: Instance, group: Group, path: str, answers: Mapping[str, Any]) -> Given:
    """Write nested answers below a path: the nodes answered, and whether each reads differently now.

    Raises UnknownPath, RowLimit.
    """
    given: Given = []
    parts = {part.name: part for part in group.children}
    for name, value in answers.items():
        part = parts.get(name)
        below = f"{path}/{name}"
        if part is None:
            raise UnknownPath(below)
        if isinstance(part, Repeat):
            given += _put_rows(instance, part, below, value)
        elif isinstance(part, Group):
            given += put_answers(instance, part, below, _expect(value, Mapping, below))
        else:
            given.append(instance.put(below, text_of(_answer(part, value, below))))
    return given


def _put_rows(instance: Instance, repeat: Repeat, path: str, rows: Any) -> Given:
    rows = _expect(rows, list | tuple, path)
    while instance.raw_rows(path) > len(rows):
        instance.remove_row(path, instance.raw_rows(path))
    while instance.raw_rows(path) < len(rows):
        instance.add_row(path)
    given: Given = []
    for place, row in enumerate(rows, 1):
        given += put_answers(instance, repeat, f"{path}[{place}]", _expect(row, Mapping, f"{path}[{place}]"))
    return given


def _expect(value: Any, kind: Any, path: str) -> Any:
    if not isinstance(value, kind):
        raise UnknownPath(path)
    return value


def _answer(question: Question, value: Any, path: str) -> Any:
    """A value of the shape its question takes: one, or a list where there may be several. Raises UnknownPath."""
    if question.kind == "acknowledge" and isinstance(value, bool):
        return "OK" if value else ""
    told = value if isinstance(value, list | tuple) and question.kind in {"select_multiple", "rank"} else [value]
    if any(isinstance(one, Mapping | list | tuple) for one in told):
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
    return number_to_text(value) if isinstance(value, float) else str(value)


def prune(form: Form, node: Node) -> None:
    """Empty the answers that are not relevant, drop the rows that are not."""
    for name, rows in node.children.items():
        if rows and isinstance(form.groups.get(rows[0].path), Repeat):
            node.children[name] = [row for row in rows if row.relevant]
        for child in node.children[name]:
            if not child.relevant:
                child.text = ""
            prune(form, child)
