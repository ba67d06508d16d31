"""Is a form of a size that people can fill, and that can be compiled in a moment? Otherwise its author is told why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from forms.findings import Finding
from forms.places import Rows, column_of
from forms.tidying import FORMULAS
from forms.vocabulary import snake

MAX_DEPTH = 12  # groups in groups
MAX_NAME = 128  # characters
MAX_LANGUAGES = 20
MAX_FORMULA = 10_000  # characters of one formula
MAX_FORMULAS = 1_000_000  # characters of all formulas
MAX_REFERENCES = 50_000
MAX_OFFERED = 2_000_000  # choices, counted once for each question that offers them
MAX_WRITTEN_OUT = 20_000_000  # characters, once ${name} is written as a path


def oversized(sheets: Mapping[str, Any]) -> Iterator[Finding]:
    """Refusals; sheets: as `forms.sheets.tables_of` gives them."""
    yield from _languages(sheets)
    ruler = _Ruler()
    for number, row in enumerate(sheets.get("survey") or (), 2):
        yield from ruler.measure(number, row)
    yield from ruler.total(sheets.get("choices") or ())
    yield from _offered(sheets)


def _languages(sheets: Mapping[str, Any]) -> Iterator[Finding]:
    for sheet in ("survey", "choices"):
        headers = (sheets.get(f"{sheet}_header") or [{}])[0]
        spoken = {header.rpartition("::")[2] for header in headers if snake(header).startswith(("label::", "hint::"))}
        if len(spoken) > MAX_LANGUAGES:
            message = "This form speaks more than %(limit)s languages."
            yield Finding("refused", "too_many_languages", sheet, 1, "", message, {"limit": MAX_LANGUAGES})


def _offered(sheets: Mapping[str, Any]) -> Iterator[Finding]:
    sizes = Counter(row.get("list_name") or row.get("list name") for row in sheets.get("choices") or ())
    kinds = (word for row in sheets.get("survey") or () for word in set(str(row.get("type", "")).split()))
    if sum(sizes.get(word, 0) for word in kinds) > MAX_OFFERED:
        message = "The questions of this form offer too many choices altogether."
        hint = "Put the long lists into a .csv file and use select_one_from_file."
        yield Finding("refused", "too_many_choices", "choices", None, "", message, {}, hint)


class _Ruler:
    """Walks down the survey sheet."""

    def __init__(self) -> None:
        self.columns: dict[str, str] = {}
        self.path = self.longest = self.references = self.formulas = 0
        self.above: list[int] = []

    def measure(self, number: int, row: Mapping[str, str]) -> Iterator[Finding]:
        for header in row:
            self.columns.setdefault(header, column_of("survey", header))
        cells = {self.columns[header]: (header, text) for header, text in row.items()}
        header, name = cells.get("name", ("name", ""))
        if len(name) > MAX_NAME:
            message = "This name is longer than %(limit)s characters."
            yield Finding("refused", "long_name", "survey", number, header, message, {"limit": MAX_NAME})
        self.longest = max(self.longest, self.path + len(name) + 1)
        for column, (header, text) in cells.items():
            self.references += text.count("${")
            if column in FORMULAS:
                self.formulas += len(text)
                if len(text) > MAX_FORMULA:
                    yield _long_formula(number, header)
        yield from self.level(number, cells.get("type", ("type", "")), len(name))

    def level(self, number: int, kind: tuple[str, str], length: int) -> Iterator[Finding]:
        header, word = kind[0], snake(kind[1])
        if word.startswith("begin_"):
            self.above.append(length + 1)
            self.path += length + 1
            if len(self.above) == MAX_DEPTH + 1:
                message = "Groups stand in groups more than %(limit)s deep."
                yield Finding("refused", "too_deep", "survey", number, header, message, {"limit": MAX_DEPTH})
        elif word.startswith("end_") and self.above:
            self.path -= self.above.pop()

    def total(self, choices: Rows) -> Iterator[Finding]:
        references = self.references + sum(text.count("${") for row in choices for text in row.values())
        if self.formulas > MAX_FORMULAS or references > MAX_REFERENCES or references * self.longest > MAX_WRITTEN_OUT:
            message = "The formulas of this form are too long altogether."
            hint = "Cut the form in two, or calculate what is repeated once and read the result."
            yield Finding("refused", "formulas_too_long", "survey", None, "", message, {}, hint)


def _long_formula(number: int, header: str) -> Finding:
    message = "This formula is longer than %(limit)s characters."
    hint = "Calculate a part of it in a question of type calculate."
    return Finding("refused", "formula_too_long", "survey", number, header, message, {"limit": MAX_FORMULA}, hint)
