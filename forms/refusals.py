"""The sentences of pyxform, turned into findings that say sheet, row, column and what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass

from forms.findings import Finding

_ROW = re.compile(r"\[row ?: ?(\d+)\]")
_SHEET = re.compile(r"(?:On|in) the '(survey|choices|settings|entities|external_choices)' sheet")
_OF_SHEET = re.compile(r"for sheet: '(survey|choices|settings|entities|external_choices|osm)'")
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
        r"(?:multiple survey elements named|variables names must be unique.*The name) '(?P<value>[^']*)'",
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
        r"Question with no type",
        "no_type",
        "type",
        "This row has no type.",
        "Fill the type column, or empty the row.",
    ),
    _known(
        r"headers that are different names for the same column were found: '(?P<other>[^']*)', '(?P<value>[^']*)'"
        r"|Headers that are different names for the same column were found: '(?P<first>[^']*)', '(?P<second>[^']*)'",
        "duplicate_column",
        "",
        "Two columns of this sheet are two names of the same column.",
        "Remove one of them.",
    ),
    _known(
        r"required column headers were not found: (?P<value>.+?)\. ",
        "no_column",
        "",
        "This sheet lacks the column %(value)s.",
        "Write the names of the columns into the first row, in English: type, name, label.",
    ),
    _known(
        r"Audits must always be named",
        "invalid_name",
        "name",
        "This name cannot be used.",
        "Leave the name of a question of type audit empty.",
    ),
    _known(
        r"The name 'meta' is reserved",
        "invalid_name",
        "name",
        "This name cannot be used.",
        "The name meta is kept for what the form says about itself.",
    ),
    _known(
        r"List name not in columns sheet: (?P<value>\S+)",
        "missing_list",
        "type",
        "The choices sheet has no list %(value)s.",
        "Add the list to the choices sheet, or correct its name.",
    ),
    _known(
        r"problem trying to replace \$\{(?P<value>[^}]*)\} with the XPath",
        "unknown_name",
        "",
        "No question is called %(value)s.",
        "Check the spelling between the braces of ${…}.",
    ),
    _known(
        r"same instance id will be generated for different external instance source URIs",
        "duplicate_file",
        "type",
        "Two files beside the form have the same name but for their ending.",
        "Give every file a name of its own.",
    ),
    _known(
        r"The question \$\{(?P<value>[^}]*)\} is not user-visible",
        "unseen_trigger",
        "trigger",
        "The question %(value)s is not asked: it cannot set off a calculation.",
        "Name a question that is asked, or leave the column trigger empty.",
    ),
    _known(
        r"Choices must have a name",
        "no_choice_name",
        "name",
        "This choice has no name.",
        "Fill the name column.",
    ),
    _known(
        r"Choice names with spaces .*See \[(?P<value>[^\]]*)\] in \[(?P<list>[^\]]*)\]",
        "choice_space",
        "name",
        "The choice %(value)s has a space in its name: several choices are stored apart by spaces.",
        "Write the name in one word; the label may have spaces.",
    ),
    _known(
        r"parameters' value is invalid",
        "parameters",
        "parameters",
        "These parameters cannot be read, or do not fit this question.",
        "Write them like start=0 end=10 step=0.5, separated by spaces.",
    ),
    _known(
        r"(?:randomize|seed|max-pixels|rows|quality|[Pp]arameter)\b.*(?:must|invalid)",
        "parameters",
        "parameters",
        "These parameters cannot be read, or do not fit this question.",
        "Write them like start=0 end=10 step=0.5, separated by spaces.",
    ),
    _known(
        r"Reference variables? (?:must start|lists must)|must have a comma between each variable",
        "reference",
        "",
        "A reference to a question is not closed, or holds a space.",
        "Write ${name}, without spaces inside the braces.",
    ),
    _known(
        r"[Cc]hoice filter not supported",
        "filter",
        "choice_filter",
        "A choice_filter cannot be used with or_other or with the appearance table-list.",
        "Add a choice called other and a text question instead.",
    ),
    _known(
        r"File extension|file extension|should be .*'?\.(?:csv|xml|geojson)",
        "file_extension",
        "type",
        "A list in a file must end in .csv, .xml or .geojson.",
        "Write for example select_one_from_file towns.csv.",
    ),
    _known(
        r"list names don't match: (?P<value>.+)",
        "table_list",
        "type",
        "All the questions of a table-list group must use the same list.",
        "Use one list, or remove the appearance table-list.",
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
    row, column = _ROW.search(sentence), _COLUMN.search(sentence)
    sheet = _SHEET.search(sentence) or _OF_SHEET.search(sentence)
    where = sheet.group(1) if sheet else "choices" if sentence.startswith("Choice names") else "survey"
    number = int(row.group(1)) if row else None
    for known in _KNOWN:
        found = known.pattern.search(sentence)
        if found:
            header = known.column or (column.group(1) if column else "")
            params = {name: value.strip("'") for name, value in found.groupdict().items() if value is not None}
            return Finding("refused", known.code, where, number, header, known.message, params, known.hint)
    header = column.group(1) if column else ""
    message = "The form cannot be compiled: %(reason)s"
    return Finding("refused", "compiler", where if row else "", number, header, message, {"reason": _bare(sentence)})


# -- remarks ------------------------------------------------------------------------------------------------------

# What our own check says better, in its own place, or what only concerns telephones.
_SAID_ELSEWHERE = re.compile(
    r"is missing the|max-pixels|is being skipped|Repeat has no label|similar names were found|'choices' sheet, the '.*"
    r"Column headers must not|no longer supported on most devices",
    re.DOTALL,
)
_REMARKS = (
    _known(
        r"'name' value '(?P<value>[^']*)' is problematic",
        "similar_name",
        "name",
        "The name %(value)s differs from another one only by its capitals.",
        "Give it a name of its own: some programs cannot tell them apart.",
    ),
    _known(
        r"The 'disabled' column",
        "disabled",
        "disabled",
        "The column disabled is not part of the standard any more.",
        "Use relevant with false(), or delete the row.",
    ),
    _known(
        r"Choices should have a label",
        "no_choice_label",
        "label",
        "This choice has no label: its name is shown.",
        "Fill the label column.",
    ),
    _known(
        r"or_other and translations",
        "or_other",
        "type",
        "The words added for or_other are in French and English here, in other languages and programs in English only.",
        "Add a choice called other and a text question in your languages instead.",
    ),
    _known(
        r"language declarations do not contain valid machine-readable codes: (?P<value>.+?)\. Learn",
        "language_code",
        "",
        "These languages have no code: %(value)s.",
        "Write for example label::Français (fr).",
    ),
    _known(
        r"form_id and id_string",
        "duplicate_setting",
        "form_id",
        "The settings sheet has form_id and id_string, which are the same.",
        "Keep form_id.",
    ),
)


def remark_of(sentence: str) -> Finding | None:
    """A warning of pyxform as a finding; none when our own check says it in its place."""
    if _SAID_ELSEWHERE.search(sentence):
        return None
    row, sheet = _ROW.search(sentence), _SHEET.search(sentence)
    number = int(row.group(1)) if row else None
    for known in _REMARKS:
        found = known.pattern.search(sentence)
        if found:
            where = "settings" if known.code == "duplicate_setting" else sheet.group(1) if sheet else "survey"
            return Finding(
                "warning", known.code, where, number, known.column, known.message, found.groupdict(), known.hint
            )
    message = "A remark of the compiler: %(reason)s"
    return Finding("warning", "remark", "survey" if row else "", number, "", message, {"reason": _bare(sentence)})


def _bare(sentence: str) -> str:
    return _ROW.sub("", sentence).strip()
