"""Hold every word of a workbook against the vocabulary, before anything is compiled: nothing is dropped unsaid."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from forms.findings import Finding, shortened
from forms.headers import columns, told
from forms.languages import languages
from forms.places import Rows, column_of
from forms.vocabulary import (
    FRENCH_TYPES,
    SHEETS,
    TYPES,
    Word,
    nearest,
    snake,
)

MOST_TOLD = 100  # rows with an unknown type, after which nobody reads on
_SELECT = re.compile(r"((?:select|rank|begin|end|osm|cascading|add)\b[^$]*?)(?:\s+(?:over\s+)?\S+)?\Z")
_LAST_SAVED = re.compile(r"\$\{\s*last-saved#")
# What means nothing on a row that begins a group, a repeat or a loop: pyxform drops it, or nothing reads it.
_NOT_ON_GROUPS = frozenset(
    {"required", "required_message", "constraint", "constraint_message", "calculation", "default", "read_only"}
    | {"trigger", "choice_filter", "parameters", "hint", "guidance_hint"}
)
_SEARCH = re.compile(r"(?:^|\s)search\s*\(")


def screened(sheets: Mapping[str, Any]) -> Iterator[Finding]:
    """What the sheets hold that is not run; sheets: as `forms.sheets.tables_of` gives them."""
    for kind, word in SHEETS.items():
        if word.verdict != "run" and any(sheets.get(kind) or ()):
            yield told(word, "sheet", kind, (kind, None, ""))
    yield from columns(sheets)
    yield from languages(sheets)
    headers = {column_of("survey", header) for header in (sheets.get("survey_header") or [{}])[0]}
    if "type" in headers:
        yield from _rows(sheets.get("survey") or ())
    else:
        message = "This sheet lacks the column %(value)s."
        hint = "Write the names of the columns into the first row, in English: type, name, label."
        yield Finding("refused", "no_column", "survey", 1, "", message, {"value": "type"}, hint)


# -- rows of the survey -------------------------------------------------------------------------------------------


def _rows(rows: Rows) -> Iterator[Finding]:
    unknown = 0
    for number, row in enumerate(rows, 2):
        if not row:
            continue
        cells = {column_of("survey", header): (header, text) for header, text in row.items()}
        header, kind = cells.get("type", ("type", ""))
        yield from _row(number, cells, kind)
        yield from _name(number, cells)
        yield from _group(number, cells, snake(kind))
        told = list(_type(number, header, kind)) if kind else []
        unknown += len(told)
        yield from told
        if unknown > MOST_TOLD:
            return


def _row(number: int, cells: Mapping[str, tuple[str, str]], kind: str) -> Iterator[Finding]:
    if not kind:
        filled = next(iter(cells.values()))[0]
        if cells.keys() & {"name", "label"}:
            hint = "Fill the type column, or empty the row."
            yield Finding("refused", "no_type", "survey", number, "type", "This row has no type.", {}, hint)
        else:
            message = "This row has neither type nor name: it is not read."
            yield Finding("warning", "row_ignored", "survey", number, filled, message)
    for header, text in cells.values():
        if "last-saved#" in text and _LAST_SAVED.search(text):
            message = "Answers of an earlier form (last-saved) cannot be read here."
            hint = "Answers are carried over by Relais itself when a household is seen again."
            yield Finding("refused", "last_saved", "survey", number, header, message, {}, hint)
    header, text = cells.get("appearance", ("", ""))
    if "search" in text and _SEARCH.search(text):
        message = "search() is not run here."
        hint = "Use select_one_from_file, or a choice_filter."
        yield Finding("refused", "search", "survey", number, header, message, {}, hint)


def _name(number: int, cells: Mapping[str, tuple[str, str]]) -> Iterator[Finding]:
    header, name = cells.get("name", ("", ""))
    if ":" in name:
        hint = "Begin with a letter; go on with letters, digits, hyphens and underscores, without spaces."
        yield Finding("refused", "invalid_name", "survey", number, header, "This name cannot be used.", {}, hint)


def _group(number: int, cells: Mapping[str, tuple[str, str]], kind: str) -> Iterator[Finding]:
    if not kind.startswith("begin_"):
        return
    for column, (header, _) in cells.items():
        if column in _NOT_ON_GROUPS or (column == "repeat_count" and kind != "begin_repeat"):
            message = "%(name)s has no effect on a group or a repeat."
            hint = "Write it in the rows of the questions inside, or empty this cell."
            yield Finding("warning", "ignored_on_group", "survey", number, header, message, {"name": header}, hint)


def _type(number: int, header: str, kind: str) -> Iterator[Finding]:
    word = _known_type(kind)
    if word is not None and word.verdict != "run":
        yield told(word, "type", kind, ("survey", number, header))
    elif word is None:
        meant = nearest(kind.partition(" ")[0][:MOST_TOLD], TYPES, FRENCH_TYPES)
        message = "There is no question type %(value)s."
        hint = "Choose a type of the XLSForm standard, for example text, integer, date or select_one."
        params = {"value": shortened(kind), "meant": meant}
        hint = "Did you mean %(meant)s?" if meant else hint
        yield Finding("refused", "unknown_type", "survey", number, header, message, params, hint)


def _known_type(kind: str) -> Word | None:
    """The word behind a cell of the type column: without the name of its list, "or_other" and "over"."""
    words = kind.split()
    whole = " ".join(words)
    if whole in TYPES or snake(whole) in TYPES:
        return TYPES.get(whole) or TYPES.get(snake(whole))
    for end in range(len(words) - 1, 0, -1):
        begin = " ".join(words[:end])
        found = TYPES.get(begin) or TYPES.get(snake(begin))
        if found is not None and _takes_a_list(begin):
            return found
    settings = {"form_title", "form_id", "set_form_title", "set_form_id", "prefix"}
    return Word("run") if whole in settings else None


def _takes_a_list(kind: str) -> bool:
    return snake(kind).startswith(("select", "rank", "begin_loop", "osm", "cascading", "add_select"))
