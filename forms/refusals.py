"""The sentences of pyxform, turned into findings that say sheet, row, column and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass

from forms.findings import Finding

_ROW = re.compile(r"\[row ?: ?(\d+)\]")
_SHEET = re.compile(r"(?:On|in) the '(survey|choices|settings|entities|external_choices)' sheet")
_COLUMN = re.compile(r"the '([^']+)' value")


@dataclass(frozen=True, slots=True)
class _Known:
    pattern: re.Pattern[str]
    code: str
    column: str
    message: str
    hint: str


def _known(pattern: str, code: str, column: str, message: str, hint: str) -> _Known:
    return _Known(re.compile(pattern, re.DOTALL), code, column, message, hint)


_KNOWN = (
    _known(
        r"Missing calculation",
        "no_calculation",
        "calculation",
        "This question is calculated, but it has no formula.",
        "Fill the calculation column, or change the type.",
    ),
    _known(
        r"'name' value '(?P<value>[^']*)' is (?:invalid|problematic).*(?:unique|must not be the same)",
        "duplicate_name",
        "name",
        "The name %(value)s is already taken.",
        "Give every question, group and repeat its own name.",
    ),
    _known(
        r"Choice names must be unique",
        "duplicate_choice",
        "name",
        "Two choices of the same list have the same name.",
        "Give every choice of a list its own name.",
    ),
    _known(
        r"Could not find the name '(?P<value>[^']*)'",
        "unknown_name",
        "",
        "No question is called %(value)s.",
        "Check the spelling between the braces of ${…}.",
    ),
    _known(
        r"multiple survey elements named '(?P<value>[^']*)'",
        "ambiguous_name",
        "",
        "Several questions are called %(value)s: a reference cannot tell them apart.",
        "Give the question that formulas mention a name of its own.",
    ),
    _known(
        r"Names must begin with a letter",
        "invalid_name",
        "name",
        "This name cannot be used.",
        "Begin with a letter; go on with letters, digits, hyphens and underscores, without spaces.",
    ),
    _known(
        r"Unknown question type '(?P<value>[^']*)'",
        "unknown_type",
        "type",
        "There is no question type %(value)s.",
        "Choose a type of the XLSForm standard, for example text, integer, date or select_one.",
    ),
    _known(
        r"List name not in choices sheet: (?P<value>\S+)",
        "missing_list",
        "type",
        "The choices sheet has no list %(value)s.",
        "Add the list to the choices sheet, or correct its name.",
    ),
    _known(
        r"should be a choices sheet",
        "missing_choices",
        "type",
        "The form asks to choose from a list, but the workbook has no choices sheet.",
        "Add a choices sheet with the columns list_name, name and label.",
    ),
    _known(
        r"Unmatched 'begin_(?P<value>\w+)'",
        "open_group",
        "type",
        "This group or repeat is never closed.",
        "Add a row of type end group or end repeat.",
    ),
    _known(
        r"Unmatched 'end_(?P<value>\w+)'",
        "unopened_group",
        "type",
        "This row closes a group or repeat that was never opened.",
        "Remove the row, or add the missing begin row above.",
    ),
    _known(
        r"with no name",
        "no_name",
        "name",
        "This row has no name.",
        "Fill the name column.",
    ),
    _known(
        r"element named '(?P<value>[^']*)' has no label",
        "no_label",
        "label",
        "The question %(value)s has no label.",
        "Fill the label column.",
    ),
    _known(
        r"not recognized as a supported type|must have a survey sheet|missing the required `?survey`? sheet",
        "no_survey",
        "",
        "No survey sheet was found in this file.",
        "An XLSForm has a sheet called survey with the columns type, name and label.",
    ),
)


def finding_of(sentence: str) -> Finding:
    """One finding from what pyxform says; an unknown sentence is passed on as the reason."""
    row, sheet, column = _ROW.search(sentence), _SHEET.search(sentence), _COLUMN.search(sentence)
    where = sheet.group(1) if sheet else "survey"
    number = int(row.group(1)) if row else None
    for known in _KNOWN:
        found = known.pattern.search(sentence)
        if found:
            header = known.column or (column.group(1) if column else "")
            return Finding("refused", known.code, where, number, header, known.message, found.groupdict(), known.hint)
    reason = _ROW.sub("", sentence).strip()
    header = column.group(1) if column else ""
    message = "The form cannot be compiled: %(reason)s"
    return Finding("refused", "compiler", where if row else "", number, header, message, {"reason": reason})
