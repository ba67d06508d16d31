"""Which row is to blame, where pyxform refuses a workbook, or falls over it, without saying so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from forms.findings import Finding
from forms.vocabulary import snake


def crashed(crash: Exception, sheets: Mapping[str, Any]) -> Finding:
    """pyxform looked for a column that every choice of a list must have, could not hold a list inside a group or a loop
    over a list in several languages, or fell over something nobody foresaw.
    """
    if "ExternalInstance" in str(crash):
        message = "A list in a file cannot be named inside a group."
        hint = "Move this row to the top of the sheet."
        row = _row_of(sheets, lambda kind: kind.endswith("-external"))
        return Finding("refused", "external_in_group", "survey", row, "type", message, {}, hint)
    if "%=" in str(crash):
        message = "In a loop, the questions and the list must speak the same languages."
        row = _row_of(sheets, lambda kind: snake(kind).startswith("begin_loop"))
        return Finding("refused", "loop_languages", "survey", row, "type", message, {}, "Use begin repeat instead.")
    if isinstance(crash, KeyError) and str(crash.args[0]).startswith("${"):
        return _answers_offered(str(crash.args[0]), sheets)
    if isinstance(crash, KeyError) and crash.args[0] in {"label", "name"}:
        message = "This sheet lacks the column %(value)s."
        return Finding("refused", "no_column", "choices", 1, "", message, {"value": crash.args[0]})
    reason = str(crash) or type(crash).__name__
    return Finding("refused", "compiler", "", None, "", "The form cannot be compiled: %(reason)s", {"reason": reason})


def _row_of(sheets: Mapping[str, Any], wanted: Callable[[str], bool]) -> int | None:
    """The first row of the survey with such a type."""
    rows = enumerate(sheets.get("survey") or (), 2)
    return next((number for number, row in rows if wanted(str(row.get("type", "")))), None)


def _answers_offered(reference: str, sheets: Mapping[str, Any]) -> Finding:
    """select_multiple ${name}, which pyxform cannot make, or a name that does not exist."""
    name = reference.strip("${} ")
    names = {row.get("name") for row in sheets.get("survey") or ()}
    row = _row_of(sheets, lambda kind: reference in kind)
    if name in names:
        message = "Answers can be offered as choices by select_one and rank only."
        hint = "Use select_one, or write the choices into the choices sheet."
        return Finding("refused", "answers_offered", "survey", row, "type", message, {}, hint)
    message, hint = "No question is called %(value)s.", "Check the spelling between the braces of ${…}."
    return Finding("refused", "unknown_name", "survey", row, "type", message, {"value": name}, hint)


def with_row(finding: Finding, sheets: Mapping[str, Any]) -> Finding:
    """The finding with the row, and the column, where its author can mend it."""
    if finding.row is not None:
        return finding
    if finding.code in _TYPES:
        return replace(finding, row=_row_of(sheets, _TYPES[finding.code]))
    if finding.code == "language_code":
        return _at_language(finding, str(finding.params.get("value", "")).split(", ")[0], sheets)
    if finding.code == "duplicate_setting":
        return replace(finding, row=1)
    if finding.code == "duplicate_column":
        return replace(finding, row=1, column=finding.params.get("value") or finding.params.get("second") or "")
    value = finding.params.get("value")
    return _at_value(finding, value, sheets) if value else finding


_TYPES: Mapping[str, Callable[[str], bool]] = {
    "or_other": lambda kind: kind.endswith("or_other"),
    "missing_choices": lambda kind: snake(kind).startswith(("select", "rank")),
}


def _at_value(finding: Finding, value: str, sheets: Mapping[str, Any]) -> Finding:
    """Some sentences of pyxform quote a value: its first row in that column, or the first cell that refers to it."""
    rows = list(enumerate(sheets.get(finding.sheet) or (), 2))
    for column in (finding.column, "name"):
        for number, row in rows:
            if str(row.get(column, "")).strip() in {value, f"${{{value}}}"}:
                return replace(finding, row=number)
    for number, row in rows:
        header = next((header for header in row if f"${{{value}}}" in row[header].replace(" ", "")), None)
        if header is not None:
            return replace(finding, row=number, column=header)
    return finding


def _at_language(finding: Finding, language: str, sheets: Mapping[str, Any]) -> Finding:
    """The first header that speaks it."""
    for sheet in ("survey", "choices"):
        for header in (sheets.get(f"{sheet}_header") or [{}])[0]:
            if header.rpartition("::")[2].strip() == language and "::" in header:
                return replace(finding, sheet=sheet, row=1, column=header)
    return finding
