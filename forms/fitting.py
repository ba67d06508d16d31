"""Fit a form to one operation: some of its lists get the operation's own choices, before it is compiled and frozen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from forms.storing import legal

Choice = Mapping[str, Any]
"""{"name": "actis", "label": {"fr": "ACTIS", "en": "ACTIS"}}; without a label, the form's own choice of that name."""

_NAME = re.compile(r"[^A-Za-z0-9_.-]+")


def with_choices(sheets: Mapping[str, Any], lists: Mapping[str, Sequence[Choice]]) -> dict[str, Any]:
    """The workbook with the rows of those lists replaced; the other lists and sheets stay as they are.

    sheets: {"choices": [{column header: text}]} as pyxform reads a workbook. A list the form does not have is left
    out, one that would be left without any choice stays as it is. The new rows stand where the old ones stood; a
    language without a label takes the French one, a choice without any label its name.
    """
    rows = list(sheets.get("choices") or ())
    headers = _headers(rows)
    found: list[dict[str, Any]] = []
    done: set[str] = set()
    for row in rows:
        name = _list(row)
        if name not in lists:
            found.append(dict(row))
        elif name not in done:
            done.add(name)
            own = {str(other.get("name")): other for other in rows if _list(other) == name}
            found += list(_fitted(lists[name], own, row, headers)) or own.values()
    return {**sheets, "choices": found}


def _list(row: Mapping[str, Any]) -> str:
    return str(row.get("list_name", row.get("list name", "")))


def _fitted(
    choices: Sequence[Choice], own: Mapping[str, Mapping[str, Any]], like: Mapping[str, Any], headers: Sequence[str]
) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    for choice in choices:
        name = choice_name(str(choice["name"]))
        if name in seen:
            continue
        seen.add(name)
        if "label" in choice:
            yield _row(like, name, choice["label"], headers)
        elif name in own:
            yield dict(own[name])


def choice_name(text: str) -> str:
    """A name a choice may have: no space, which would cut a list of selected names in two."""
    return _NAME.sub("-", text).strip("-") or "autre"


def _headers(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Columns of a label, whatever their language."""
    return list(dict.fromkeys(key for row in rows for key in row if key == "label" or key.startswith("label:")))


def _row(like: Mapping[str, Any], name: str, labels: Mapping[str, str], headers: Sequence[str]) -> dict[str, Any]:
    key = "list_name" if "list_name" in like else "list name"
    told = {language: _words(label) for language, label in labels.items()}
    spare = told.get("fr") or next(filter(None, told.values()), name)
    return {key: like[key], "name": name, **{header: _in_language(told, header) or spare for header in headers}}


def _words(label: str) -> str:
    """One line that a form can show: "${" would call a question, and a lone dash is how a form says "no label"."""
    words = " ".join(legal(label).split()).replace("${", "$ {")
    return "" if words == "-" else words


def _in_language(labels: Mapping[str, str], header: str) -> str | None:
    code = re.search(r"\((\w+)\)\s*$", header)
    return labels.get(code.group(1) if code else header.rpartition(":")[2].strip())
