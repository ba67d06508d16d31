"""Plain data of a questionnaire → what the theme draws: every sentence ready, every measure decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from documents.questionnaire.wording import Plain, Words

Data = dict[str, Any]

_WRITTEN = frozenset({"lines", "points", "listed"})
_FORMATS = frozenset({"month", "year", "time", "datetime"})
_CELLS = {"date": "day_cell", "month": "day_cell", "datetime": "day_cell", "time": "time_cell", "file": "file_cell"}
_CHOSEN = frozenset({"one", "several"})


_LONG, _FOLDED = 5, 26


class Laying:
    """`room`: how many choices fit beside each other, by the signs of the longest; `rows_across`: rows of a repeat that
    fit side by side.
    """

    def __init__(self, words: Words, *, large: bool) -> None:
        self.words = words
        self.room = ((3, 13), (2, 23)) if large else ((4, 5), (3, 10), (2, 18))
        self.rows_across = 2 if large else 3

    def section(self, section: Plain, title: str) -> Data:
        """A page of the form; one without a name of its own stands under the title."""
        parts = self.parts(section["parts"], section["label"])
        return {
            "label": section["label"] or title,
            "condition": self.words.condition(section["condition"]),
            "parts": parts,
        }

    def parts(self, parts: Sequence[Plain], above: str = "") -> list[Data]:
        return [laid for part in parts for laid in self.part(part, above)]

    def part(self, part: Plain, above: str) -> list[Data]:
        match part["kind"]:
            case "question":
                return [self.question(part)]
            case "note":
                return [{"kind": "note", "text": part["label"], "condition": self.words.condition(part["condition"])}]
            case "matrix":
                return [self.matrix(part)]
            case "lines":
                return [self.lines(part, above)]
            case "sheets":
                return self.sheets(part, above)
        return [self.block(part, above)]

    def block(self, block: Plain, above: str) -> Data:
        label = block["label"] or (above if block["row"] else "")
        title = self.words("row", label=label, number=block["row"]) if block["row"] else label
        inside = self.parts(block["parts"])
        told = {"kind": "block", "label": title, "condition": self.words.condition(block["condition"])}
        return told | {"parts": inside, "after": self.words("more_rows") if block["more"] else ""}

    # -- questions ------------------------------------------------------------------------------------------------

    def question(self, entry: Plain) -> Data:
        space = entry["space"]
        return {
            **self.head(entry),
            "kind": "question",
            "value": entry["value"],
            "space": self.space(space, entry["number"]),
            "below": space["kind"] in _WRITTEN or space["none"],
        }

    def head(self, entry: Plain) -> Data:
        return {
            "number": entry["number"],
            "label": entry["label"],
            "hint": entry["hint"],
            "condition": self.words.condition(entry["condition"]),
            "required": entry["required"],
        }

    def space(self, space: Plain, number: str) -> Data:
        said = self.said(space)
        options = [dict(one) for one in space["options"]]
        laid = {"kind": space["kind"], "said": said, "options": options, "columns": self.columns(options)}
        laid |= {"count": space["count"], "decimals": space["decimals"], "unit": space["unit"]}
        if space["kind"] in ("file", "tick"):
            laid["options"] = [dict(one) | {"label": self.words(space["kind"])} for one in options]
        if space["kind"] == "file":
            laid["said"] = self.words("file_how", number=number)
        if space["none"]:
            laid["none"] = {"label": self.words("none"), "mark": "x" if space["none_said"] else ""}
        return laid

    def said(self, space: Plain) -> str:
        """What to write, in small letters beside the space."""
        kind = space["kind"]
        if kind == "several":
            return self.words("multiple")
        if kind == "rank":
            return self.words("rank", count=len(space["options"]))
        if space["low"] or space["high"]:
            return self.words("between", low=space["low"], high=space["high"])
        if kind in _FORMATS or kind in ("place", "points", "listed", "signature"):
            return self.words(kind)
        return self.words("day") if kind == "date" else ""

    def columns(self, options: Sequence[Mapping[str, str]]) -> int:
        """How many columns the choices stand in: as many as the longest leaves room for, evenly filled."""
        if not options:
            return 1
        longest = max(len(one["label"]) for one in options)
        most = next((count for count, signs in self.room if longest <= signs), 1)
        if most == 1 and len(options) >= _LONG and longest <= _FOLDED:
            most = 2  # two lines of words cost less room than a long column
        deep = -(-len(options) // min(most, len(options)))
        return -(-len(options) // deep)

    # -- tables ---------------------------------------------------------------------------------------------------

    def matrix(self, matrix: Plain) -> Data:
        several = matrix["several"]
        return {
            "kind": "matrix",
            "label": matrix["label"],
            "hint": matrix["hint"],
            "corner": self.words("question"),
            "several": several,
            "said": self.words("multiple") if several else "",
            "options": [dict(one) for one in matrix["options"]],
            "rows": [
                self.head(one) | {"marks": [option["mark"] for option in one["space"]["options"]]}
                for one in matrix["entries"]
            ],
        }

    def lines(self, repeat: Plain, above: str) -> Data:
        entries = repeat["entries"]
        known = [list(row) for row in repeat["rows"]]
        empty = [[""] * len(entries)] * (repeat["count"] - len(known))
        return {
            **self.repeat(repeat, above),
            "kind": "lines",
            "corner": self.words("line"),
            "columns": [self.column(one) for one in entries],
            "rows": [*known, *empty],
            "after": "" if repeat["fixed"] else self.words("more_rows"),
        }

    def sheets(self, repeat: Plain, above: str) -> list[Data]:
        """As many tables as are needed for all rows, each with some of them side by side."""
        count, across = repeat["count"], self.rows_across
        laid = self.repeat(repeat, above)
        title = laid["label"]
        found = []
        for first in range(0, count, across):
            last = min(first + across, count)
            label = self.words("columns", label=title, first=first + 1, last=last) if title else ""
            over = {"label": label, "kind": "sheets", "corner": self.words("question")}
            heads = [self.words("row", label=title, number=row + 1).strip() for row in range(first, last)]
            rows = [
                self.column(entry) | {"cells": [_cell(repeat["rows"], row, place) for row in range(first, last)]}
                for place, entry in enumerate(repeat["entries"])
            ]
            after = self.words("more_rows") if last == count and not repeat["fixed"] else ""
            found.append(laid | over | {"heads": heads, "rows": rows, "after": after})
        return found

    def repeat(self, repeat: Plain, above: str) -> Data:
        return {"label": repeat["label"] or above, "condition": self.words.condition(repeat["condition"])}

    def column(self, entry: Plain) -> Data:
        """A question of a repeat: its codes stand once, not in every cell."""
        space = entry["space"]
        kind = space["kind"]
        listed = kind in _CHOSEN or kind == "rank"
        codes = [f"{one['code']}\u00a0{one['label']}" for one in space["options"]] if listed else []
        hint = self.words(_CELLS[kind]) if kind in _CELLS else self.words("code_cell") if listed else space["unit"]
        return self.head(entry) | {"codes": codes, "cell": hint, "tall": kind in ("lines", "signature", "points")}


def _cell(rows: Sequence[Sequence[str]], row: int, place: int) -> str:
    return rows[row][place] if row < len(rows) else ""
