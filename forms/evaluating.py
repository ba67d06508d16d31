"""Evaluate one expression, or a whole set of answers, and say the result in plain data: for programs and the shell."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from lxml import etree

from forms.expressions import Context, Now, compile, parse
from forms.expressions.values import Value, number_to_text, to_text
from forms.growing import address, find, leaves
from forms.instance import Instance
from forms.storing import UnreadableInstance
from forms.structure import Form
from forms.tree import Node
from forms.xform import UnreadableXForm, local, parse_xml


def evaluate(text: str, instance: Instance, path: str | None = None) -> Value:
    """The value of an expression standing at a path of an instance (its root when not given).

    Raises ExpressionError, UnknownPath.
    """
    formula = compile(parse(text))
    node = instance.node(path or instance.form.root.path)
    return formula(instance.at(node))


def evaluate_xml(text: str, xml: str, now: Now, path: str | None = None) -> Value:
    """The value of an expression over an instance whose form is not known: all answers are texts.

    Raises ExpressionError, UnreadableInstance, UnknownPath.
    """
    try:
        element = parse_xml(xml)
    except UnreadableXForm as fault:
        raise UnreadableInstance(str(fault)) from fault
    root = _tree(element, None, f"/{local(element)}")
    node = find(root, path) if path else root
    return compile(parse(text))(Context(node, root, now))


def _tree(element: etree._Element, parent: Node | None, path: str) -> Node:
    node = Node(local(element), parent, path, text="" if len(element) else element.text or "")
    node.within_row = parent is not None and (parent.within_row or _repeated(element))
    for child in element:
        node.append(_tree(child, node, f"{path}/{local(child)}"))
    return node


def _repeated(element: etree._Element) -> bool:
    return any(twin.tag == element.tag for side in (False, True) for twin in element.itersiblings(preceding=side))


def described(value: Value) -> tuple[str, Any]:
    """Type and value as JSON can say them: a list of nodes is the text of its first node, days are ISO texts, NaN and
    Infinity are texts.
    """
    if isinstance(value, list):
        return "nodeset", to_text(value)
    if isinstance(value, bool):
        return "boolean", value
    if isinstance(value, datetime):
        return "dateTime", to_text(value)
    if isinstance(value, date):
        return "date", to_text(value)
    return ("number", plain_number(value)) if isinstance(value, float) else ("string", value)


def plain_number(number: float) -> float | int | str:
    if not math.isfinite(number):
        return number_to_text(number)
    return int(number) if number == int(number) else number


class UnreadableAnswers(ValueError):
    """The text is no set of answers; `message` is a msgid filled from `params`."""

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__(message % params)
        self.message = message
        self.params = params


MAX_BYTES = 20 * 1024 * 1024


def answers_from_json(source: bytes) -> dict[str, Any]:
    """One JSON object in UTF-8; a name that stands twice, NaN and Infinity are refused. Raises UnreadableAnswers."""
    if len(source) > MAX_BYTES:
        raise UnreadableAnswers("This file is larger than %(limit)s MB.", limit=MAX_BYTES // 1024 // 1024)
    try:
        told = json.loads(source.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_constant)
    except UnreadableAnswers:
        raise
    except RecursionError as fault:
        raise UnreadableAnswers("The answers are nested too deeply.") from fault
    except ValueError as fault:
        raise UnreadableAnswers("This is not JSON in UTF-8: %(reason)s.", reason=str(fault)) from fault
    if not isinstance(told, dict):
        raise UnreadableAnswers("The answers must be a JSON object.")
    return told


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise UnreadableAnswers("The name %(name)s stands twice in the same object.", name=twice)
    return found


def _constant(name: str) -> Any:
    raise UnreadableAnswers("%(name)s is no number of JSON.", name=name)


def fill(form: Form, answers: Mapping[str, Any], now: Now, lang: str = "") -> dict[str, Any]:
    """Values, relevance and requirement of every question by path, and the errors (msgids with their parameters;
    `custom` is the author's own sentence in that language, empty when there is none).

    Raises UnknownPath for answers of another shape than the form, RowLimit.
    """
    instance = Instance.from_answers(form, answers, now)
    instance.recompute()
    asked = [(address(node, form), node, question) for node, question in leaves(instance.root, form)]
    return {
        "values": {path: _plain(value) for path, value in instance.values().items()},
        "relevant": {path: node.relevant for path, node, _ in asked},
        "required": {path: instance.required(path) for path, _, _ in asked},
        "errors": [
            {
                "path": error.path,
                "kind": error.kind,
                "message": error.message,
                "params": dict(error.params),
                "custom": instance.text(error.custom, lang or form.default_language, error.path),
            }
            for error in instance.errors()
        ],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return plain_number(value)
    return list(value) if isinstance(value, tuple) else value
