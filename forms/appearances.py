"""The column `appearance` of an XLSForm, word by word: what a page of Relais does with it.

One table, read by the page (how a question is drawn) and by the linter (what the author is told):
`equal` gives the same answer in an accessible way, `ignored` is passed over with a remark, `refused` stops the form.
The words are those of the XLSForm documentation (xlsform.org, "Appearance"), of ODK Collect and of Enketo.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

EQUAL, IGNORED, REFUSED = "equal", "ignored", "refused"


@dataclass(frozen=True, slots=True)
class Effect:
    """`note` is an English msgid that says what Relais does; `style` names the drawing, empty for the usual one."""

    verdict: str
    note: str
    style: str = ""


def _equal(note: str, style: str = "") -> Effect:
    return Effect(EQUAL, note, style)


def _ignored(note: str) -> Effect:
    return Effect(IGNORED, note)


def _refused(note: str) -> Effect:
    return Effect(REFUSED, note)


_RADIOS = _equal("The choices stand one under the other, each with its label.")
_COLUMNS = _equal("The choices stand in columns where the screen is wide enough.", "columns")
_ROW = _equal("Neighbouring questions with the same choices make one table.", "matrix")
_LIST = _equal("The choices are offered in a list that unfolds.", "list")
_FILTER = _equal("The choices can be found by typing a part of their label.", "filter")
_CALENDAR = _ignored("Days are asked in the Gregorian calendar, which is also how they are stored.")
_ELSEWHERE = _refused("Another application would have to answer: a page cannot call it.")
_WIDTH = _equal("Questions stand one under the other; the width of a column is left to the screen.")
_MAP = _equal("The place is written as numbers, or taken from the position of the device.")
_TAKEN = _equal("A camera is offered where the device has one; any picture may be sent instead.")
_DRAWN = _equal("A picture is sent: drawn on paper and photographed, or made with a drawing application.")
_FIELD_LIST = _equal("All the questions of a group stand on its page.")

_SELECT: Mapping[str, Effect] = {
    "minimal": _LIST,
    "autocomplete": _FILTER,
    "search": _FILTER,
    "quick": _equal("The page does not turn by itself: choices stay as they are until the page is sent."),
    "compact": _COLUMNS,
    "quickcompact": _COLUMNS,
    "columns": _COLUMNS,
    "columns-pack": _COLUMNS,
    "horizontal": _COLUMNS,
    "horizontal-compact": _COLUMNS,
    "no-buttons": _RADIOS,
    "likert": _COLUMNS,
    "list": _ROW,
    "list-nolabel": _ROW,
    "label": _equal("Its label heads the table of the questions that follow."),
    "image-map": _ignored("The choices are offered as a list instead of areas of a picture."),
    "map": _ignored("The choices are offered as a list instead of points on a map."),
}

APPEARANCES: Mapping[str, Mapping[str, Effect]] = {
    "text": {
        "numbers": _equal("A telephone shows its keys for numbers; anything may be typed.", "numbers"),
        "multiline": _equal("The box has several lines."),
        "url": _equal("The box takes an address; nothing is opened by itself.", "url"),
        "masked": _equal("What is typed is not shown.", "masked"),
        "thousands-sep": _equal("Numbers are read with their thousands apart."),
        "ex": _ELSEWHERE,
        "printer": _ELSEWHERE,
    },
    "number": {
        "thousands-sep": _equal("Numbers are read with their thousands apart."),
        "money": _equal("An amount in euros, read with its cents."),
        "counter": _equal("The number is typed."),
        "bearing": _ignored("The compass of the device is not asked: the number is typed."),
        "ex": _ELSEWHERE,
    },
    "range": {
        "vertical": _equal("The slider lies flat, beside a box for the number."),
        "no-ticks": _equal("The slider has no marks, beside a box for the number."),
        "picker": _equal("The numbers are offered in a list that unfolds.", "list"),
        "rating": _equal("The numbers stand side by side, each a choice.", "scale"),
    },
    "date": {
        "no-calendar": _equal("The day is typed."),
        "month-year": _equal("A month and a year are typed; the first day of the month is stored.", "month"),
        "year": _equal("A year is typed; its first day is stored.", "year"),
        **dict.fromkeys(
            ("ethiopian", "coptic", "islamic", "bikram-sambat", "myanmar", "persian", "buddhist"), _CALENDAR
        ),
    },
    "select": _SELECT,
    "select_multiple": {
        **_SELECT,
        "minimal": _equal("The choices stay in sight, each with its box."),
        "likert": _ignored("A scale is for one answer: the boxes stand one under the other."),
    },
    "image": {
        "new": _TAKEN,
        "new-front": _TAKEN,
        "selfie": _TAKEN,
        "signature": _equal(
            "A signature is drawn with the finger or the mouse, or the name is typed and confirmed.", "signature"
        ),
        "draw": _DRAWN,
        "annotate": _DRAWN,
        "ex": _ELSEWHERE,
    },
    "sound": {"new": _TAKEN, "new-front": _TAKEN, "selfie": _TAKEN, "ex": _ELSEWHERE},
    "file": {"ex": _ELSEWHERE},
    "place": {
        **dict.fromkeys(("maps", "placement-map", "streets", "terrain", "satellite", "hide-input"), _MAP),
    },
    "barcode": {
        "hidden-answer": _ignored("The code is typed, hence seen."),
        "front": _ignored("The code is typed."),
    },
    "acknowledge": {},
    "note": {"label": _SELECT["label"], **_SELECT},
    "calculate": {"money": _equal("An amount in euros, read with its cents.")},
    "group": {
        "field-list": _FIELD_LIST,
        "table-list": _equal("The questions of the group make one table."),
        "compact": _FIELD_LIST,
        "list": _FIELD_LIST,
        "pages": _FIELD_LIST,
        "horizontal": _FIELD_LIST,
    },
}

_FAMILIES: Mapping[str, str] = {
    "multiline": "text",
    "hidden": "text",
    "integer": "number",
    "decimal": "number",
    "time": "date",
    "datetime": "date",
    "select_one": "select",
    "rank": "select",
    "audio": "sound",
    "video": "sound",
    "geopoint": "place",
    "geotrace": "place",
    "geoshape": "place",
}
_COUNTED = re.compile(r"(w|columns-|compact-)\d{1,3}\Z", re.ASCII)
_CALLS = re.compile(r"(\w+)(?:\(|:)")
_SEARCH = _refused("search() is not run: use select_one_from_file, or a choice filter.")
_WORD = re.compile(r"[\w:.-]+\([^)]*\)|\S+")


def words_of(appearance: str) -> list[str]:
    """The words of the column; a call such as `search('…')` is one word."""
    return _WORD.findall(appearance)


def effect_of(kind: str, word: str) -> Effect | None:
    """What Relais does with one word on a question of that kind (or "group"); none when the word is not known."""
    known = APPEARANCES.get(_FAMILIES.get(kind, kind), {})
    counted = _COUNTED.match(word)
    if counted:
        return _WIDTH if counted.group(1) == "w" else known.get(counted.group(1).rstrip("-"))
    call = _CALLS.match(word)
    if call:
        return _SEARCH if call.group(1) == "search" else known.get(call.group(1))
    return known.get(word)


def effects(kind: str, appearance: str) -> Iterator[tuple[str, Effect | None]]:
    """Every word of the column with its effect, for the linter: none is a word that nobody knows."""
    for word in words_of(appearance):
        yield word, effect_of(kind, word)


def style_of(kind: str, appearance: str) -> str:
    """How a question is drawn: the first word that asks for a drawing of its own; empty for the usual one."""
    found = (effect_of(kind, word) for word in words_of(appearance))
    return next((effect.style for effect in found if effect is not None and effect.style), "")
