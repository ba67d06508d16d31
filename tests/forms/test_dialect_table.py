"""docs/dialect.md cannot lie: every row of its table is put before our evaluator, JavaRosa and rxeval again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import rxeval

from forms.expressions import ExpressionError, compile, parse
from forms.expressions.lint import Remark, remarks
from tests.forms.oracles.javarosa import JavaRosa
from tests.forms.oracles.questionnaire import ANSWERS, FORM, TODAY, our_answer, our_instance, same

DIALECT = Path(__file__).parents[2] / "docs" / "dialect.md"
_ROW = re.compile(r"\| `(?P<expression>.+?)`(?: at `(?P<at>[^`]+)`)? \| (?P<cells>(?:`.*?`|[^|`]*) \|.*)\|\Z")
_DAYS = frozenset({"/data/day", "/data/later", "/data/noday"})


@dataclass(frozen=True)
class Row:
    """A line of the table; cells are `value`, blank, error, refused or a dash."""

    expression: str
    at: str
    ours: str
    phone: str
    web: str
    rxeval: str
    verdict: str

    @property
    def codes(self) -> list[str]:
        return re.findall(r"\(`(\w+)`\)", self.verdict)


def table() -> list[Row]:
    found = []
    for line in DIALECT.read_text().splitlines():
        matched = _ROW.match(line.replace(r"\|", "\0"))
        if matched:
            cells = [cell.strip() for cell in matched["cells"].split(" | ")]
            found.append(Row(matched["expression"].replace("\0", "|"), matched["at"] or "/data", *cells))
    return found


ROWS = table()


def cell(written: str) -> str:
    return "" if written == "blank" else written.strip("`")


def fits(written: str, answer: tuple[str, object]) -> bool:
    """Whether a cell says what an engine answered; (\"error\", sentence) is an error."""
    if answer[0] == "error":
        return written == "error"
    return written != "error" and same(cell(written), answer[1])


def said(row: Row) -> list[Remark]:
    base = re.sub(r"\[\d+\]", "", row.at)
    found = remarks(parse(row.expression), base, _DAYS.__contains__, {"l"}, {"/data/r", "/data/r/s"})
    return list(found)


def test_the_table_is_read() -> None:
    assert len(ROWS) > 80
    assert all(row.verdict.startswith(("Refused by the linter", "Warned of", "Chosen because")) for row in ROWS)


@pytest.mark.parametrize("row", [row for row in ROWS if row.ours == "refused"], ids=lambda row: row.expression)
def test_what_the_table_calls_refused_is_refused_for_that_reason(row: Row) -> None:
    try:
        compile(parse(row.expression))
        codes = [remark.code for remark in said(row) if remark.level == "refused"]
    except ExpressionError as error:
        codes = [error.code]
    assert codes == row.codes


def test_our_column_is_what_our_evaluator_says() -> None:
    instance = our_instance()
    computed = [row for row in ROWS if row.ours != "refused"]
    answers = [(row, our_answer(instance, row.expression, row.at)) for row in computed]
    assert [row.expression for row, answer in answers if not fits(row.ours, answer)] == []


def test_what_the_table_says_about_warnings_is_what_the_linter_says() -> None:
    for row in ROWS:
        if row.ours != "refused":
            codes = [remark.code for remark in said(row)]
            assert codes[:1] == row.codes[:1], row.expression
            assert all(remark.level == "warning" for remark in said(row)), row.expression


def test_the_column_of_the_phone_is_what_javarosa_says(javarosa: JavaRosa) -> None:
    javarosa.load(FORM)
    answers = javarosa.evaluate([(row.expression, row.at) for row in ROWS])
    wrong = [(row.expression, found) for row, found in zip(ROWS, answers, strict=True) if not fits(row.phone, found)]
    assert wrong == []


def rxeval_answer(row: Row) -> tuple[str, object]:
    try:
        return "", rxeval.eval_expression(row.expression, ANSWERS, today=TODAY, now=f"{TODAY}T10:30:00")
    except (RuntimeError, ValueError) as refusal:
        return "error", str(refusal)


def test_the_last_column_is_what_rxeval_says() -> None:
    asked = [row for row in ROWS if row.rxeval != "–"]
    assert [row.expression for row in asked if not fits(row.rxeval, rxeval_answer(row))] == []


def test_a_row_without_a_difference_has_no_place_in_the_table() -> None:
    assert [row.expression for row in ROWS if {row.phone, row.web, row.rxeval} <= {row.ours, "–"}] == []
