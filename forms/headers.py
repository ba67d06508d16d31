"""The columns and settings of a workbook, one by one: run, passed over with a remark, or refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from forms.findings import Finding
from forms.places import Rows, column_of
from forms.vocabulary import BINDS, COLUMNS, FRENCH_COLUMNS, IGNORED, INNER, REFUSED, RUN, Word, nearest, snake

At = tuple[str, int | None, str]
"""Sheet, row, column."""

_SENTENCES = {
    "sheet": ("The sheet %(name)s is not read.", "The sheet %(name)s cannot be used here."),
    "column": ("The column %(name)s is not read.", "The column %(name)s cannot be used here."),
    "setting": ("The setting %(name)s has no effect here.", "The setting %(name)s cannot be used here."),
    "type": ("Questions of type %(name)s stay empty here.", "Questions of type %(name)s cannot be asked here."),
}
_PREFIXES = frozenset({"jr", "odk", "orx", "xsd", "ev", "h", "entities", "relais"})
_NAMESPACES = re.compile(r"(?:\s*[A-Za-z_][\w.-]*=\"[\w:/.#?&=%~-]+\")+\s*\Z")
_MEDIA = frozenset({"image", "big-image", "audio", "video"})
SPOKEN = frozenset({"label", "hint", "guidance_hint", "constraint_message", "required_message", *_MEDIA})
SPOKEN |= {"noapperrorstring", "no_app_error_string"}
_LETTERS = "Begin with a letter; go on with letters, digits, hyphens and underscores, without spaces."
_LEGAL = re.compile(r"[^\W\d][\w.-]*\Z")
_COMPOSED = frozenset({"bind", "media", "body", "control", "instance", "attribute"})


def columns(sheets: Mapping[str, Any]) -> Iterator[Finding]:
    """Findings on the headers of survey, choices and settings that have something below them."""
    row, settings = next(((at, row) for at, row in enumerate(sheets.get("settings") or (), 2) if row), (2, {}))
    declared = str(settings.get("namespaces", ""))
    if declared and not _NAMESPACES.match(declared):
        message = "These namespaces cannot be read."
        hint = 'Write them like other="urn:other", separated by spaces.'
        yield Finding("refused", "namespaces", "settings", row, "namespaces", message, {}, hint)
    if ":" in settings.get("name", ""):
        yield Finding("refused", "invalid_name", "settings", row, "name", "This name cannot be used.", {}, _LETTERS)
    yield from _further_settings(sheets.get("settings") or (), row)
    for kind in COLUMNS:
        headers = (sheets.get(f"{kind}_header") or [{}])[0]
        rows = sheets.get(kind) or ()
        for header in headers:
            if any(row.get(header) for row in rows):
                yield from _column(kind, header, _first(rows, header), declared)


def _further_settings(rows: Rows, first: int) -> Iterator[Finding]:
    further = next((number for number, row in enumerate(rows, 2) if row and number > first), None)
    if further is not None:
        message = "Only the first row of settings is read."
        yield Finding("warning", "further_settings", "settings", further, "", message, {}, "Remove this row.")


def without_inner(sheets: Mapping[str, Any]) -> dict[str, Any]:
    """The sheets without what pyxform would take for fields of its own, and without columns that nobody reads."""
    kept = dict(sheets)
    for kind in COLUMNS:
        headers = (sheets.get(f"{kind}_header") or [{}])[0]
        dropped = {header for header in headers if _is_inner(kind, header)}
        if dropped:
            rows = sheets.get(kind) or ()
            kept[kind] = [{name: text for name, text in row.items() if name not in dropped} for row in rows]
            kept[f"{kind}_header"] = [{name: None for name in headers if name not in dropped}]
    return kept


def _is_inner(kind: str, header: str) -> bool:
    word = word_of(kind, header)
    if word is None:
        return kind != "choices" or header.startswith("__") or "::" in header
    return word.verdict == IGNORED and word.why in INNER


def word_of(kind: str, header: str) -> Word | None:
    first = snake(header.partition("::")[0])
    name = column_of(kind, header).partition("::")[0]
    known = COLUMNS[kind]
    return known.get(snake(header)) or known.get(first) or known.get(name)


def told(word: Word, what: str, name: str, at: At) -> Finding:
    """A word of the standard that is not run. what: sheet, column, setting, type."""
    passed_over, stopped = _SENTENCES[what]
    if word.verdict == REFUSED:
        return Finding("refused", f"unsupported_{what}", *at, stopped, {"name": name}, word.why)
    return Finding("warning", f"ignored_{what}", *at, passed_over, {"name": name}, word.why)


def _first(rows: Rows, header: str) -> int:
    return next(number for number, row in enumerate(rows, 2) if row.get(header))


def _column(kind: str, header: str, row: int, declared: str) -> Iterator[Finding]:
    words = [snake(word) for word in header.split("::")]
    if words[0] == "bind" and len(words) > 1:
        yield from _bind(kind, header, words[1], declared)
        return
    word = word_of(kind, header)
    if word is None:
        yield from _unknown(kind, header)
    elif word.verdict == RUN and not _well_parted(kind, header, words):
        message = "The name of the column %(name)s cannot be understood."
        hint = "Only texts take a language, after two colons: label::Français (fr)."
        yield Finding("refused", "header", kind, 1, header, message, {"name": header}, hint)
    elif word.verdict != "run":
        what, place = ("setting", 2) if kind == "settings" else ("column", 1)
        yield told(word, what, header, (kind, place if word.verdict == IGNORED else row, header))


def _well_parted(kind: str, header: str, words: list[str]) -> bool:
    """Whether the parts of a header agree with its first: texts take a language, media a medium before it."""
    if words[0] == "media":
        return 2 <= len(words) <= 3 and words[1] in _MEDIA
    if words[0] in _COMPOSED:
        return len(words) > 1
    return len(words) <= (2 if column_of(kind, header) in SPOKEN else 1)


def _bind(kind: str, header: str, name: str, declared: str) -> Iterator[Finding]:
    word, prefix = BINDS.get(name), name.partition(":")[0]
    if word is not None and word.verdict != "run":
        yield told(word, "column", header, (kind, 1, header))
    elif word is None and ":" in name and prefix not in _PREFIXES and f"{prefix}=" not in declared:
        message = "The column %(name)s belongs to a namespace that the form does not declare."
        hint = "Declare it in the column namespaces of the settings sheet, or remove the column."
        yield Finding("refused", "unknown_namespace", kind, 1, header, message, {"name": header}, hint)
    elif word is None:
        yield _unread(kind, header, nearest(name, BINDS, {}), "bind::")


def _unknown(kind: str, header: str) -> Iterator[Finding]:
    """A further column of choices serves filters; it is doubtful only when it nearly is a column of the standard."""
    french = {name: meant for name, meant in FRENCH_COLUMNS.items() if kind == "survey" or "::" not in meant}
    if kind == "settings":
        french = {"titre": "form_title", "langue": "default_language"}
    meant = nearest(header.partition("::")[0], COLUMNS[kind], french)
    if snake(header) in BINDS:
        meant = f"bind::{snake(header)}"
    if kind != "choices":
        yield _unread(kind, header, meant)
    elif " " in header:
        message = "The column %(name)s is not read: its name holds a space."
        hint = "Write it with an underscore."
        yield Finding("warning", "unknown_column", kind, 1, header, message, {"name": header}, hint)
    elif "::" in header:
        yield _unread(kind, header, "")
    elif not _LEGAL.match(header):
        message = "The name of the column %(name)s cannot be understood."
        yield Finding("refused", "header", kind, 1, header, message, {"name": header}, _LETTERS)
    elif meant and meant not in {"image", "audio", "video"}:
        message = "The column %(name)s only serves filters of choices."
        params = {"name": header, "meant": meant}
        yield Finding("warning", "doubtful_column", kind, 1, header, message, params, "Did you mean %(meant)s?")


def _unread(kind: str, header: str, meant: str, prefix: str = "") -> Finding:
    message = "The column %(name)s is not read."
    hint = "Did you mean %(meant)s?" if meant else "If it holds notes, they stay in your workbook."
    params = {"name": header, "meant": prefix + meant}
    return Finding("warning", "unknown_column", kind, 1, header, message, params, hint)
