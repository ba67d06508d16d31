"""Checking an XLSForm: what is refused, what is warned of, and where the author finds it."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from forms.definition import load
from forms.xlsform import Compiled, FormRefused, compile_xlsform


def table(rows: list[dict[str, str]], choices: list[dict[str, str]] | None = None) -> str:
    return _sheet("survey", rows) + (_sheet("choices", choices) if choices else "")


def _sheet(name: str, rows: list[dict[str, str]]) -> str:
    headers = list(dict.fromkeys(header for row in rows for header in row))
    lines = ["| | " + " | ".join(headers) + " |"]
    lines += ["| | " + " | ".join(row.get(header, "") for header in headers) + " |" for row in rows]
    return f"| {name} |\n" + "\n".join(lines) + "\n"


def check(rows: list[dict[str, str]], choices: list[dict[str, str]] | None = None) -> Compiled:
    return compile_xlsform(table(rows, choices).encode(), "form.md")


def refusals(rows: list[dict[str, str]], choices: list[dict[str, str]] | None = None) -> list[tuple]:
    with pytest.raises(FormRefused) as caught:
        check(rows, choices)
    return [(f.code, f.sheet, f.row, f.column) for f in caught.value.findings if f.level == "refused"]


X = {"type": "integer", "name": "x", "label": "X"}


def ask(**columns: str) -> dict[str, str]:
    return {"type": "text", "name": "q", "label": "Q"} | columns


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (ask(relevant="${x} >"), ("unfinished", 3, "relevant")),
        (ask(relevant="${x} = ‘oui’"), ("typographic_quotes", 3, "relevant")),
        (ask(constraint=". > 0,5"), ("decimal_comma", 3, "constraint")),
        (ask(constraint="frobnicate(.)"), ("unknown_function", 3, "constraint")),
        (ask(relevant="../nowhere = 1"), ("unknown_path", 3, "relevant")),
        (ask(relevant="${nowhere} = 1"), ("unknown_name", 3, "relevant")),
        (ask(calculation="oui"), ("truth", 3, "calculation")),
        (ask(name="x"), ("duplicate_name", 3, "name")),
        (ask(name="1q"), ("invalid_name", 3, "name")),
        (ask(type="calculate"), ("no_calculation", 3, "calculation")),
        (ask(type="calculate", calculation="${q} + 1"), ("cycle", 3, "calculation")),
        (ask(type="background-audio"), ("unsupported_type", 3, "type")),
        (ask(constraint="regex(., '[')"), ("regex", 3, "constraint")),
        (ask(calculation="pulldata('a', 'b', 'c', 'd')"), ("missing_file", 3, "calculation")),
        (ask(**{"bind::relais:level": "V9"}), ("unknown_level", 3, "bind::relais:level")),
    ],
)
def test_what_cannot_work_is_refused_at_its_row_and_column(row: dict[str, str], expected: tuple) -> None:
    code, number, column = expected
    assert (code, "survey", number, column) in refusals([X, row])


def test_a_cycle_through_two_questions_is_named() -> None:
    rows = [ask(name="a", calculation="${b} + 1"), ask(name="b", calculation="${a} + 1")]
    with pytest.raises(FormRefused) as caught:
        check(rows)
    finding = caught.value.findings[0]
    assert finding.code == "cycle"
    assert "/data/a" in finding.params["paths"]
    assert "/data/b" in finding.params["paths"]


def test_every_circle_is_told_in_the_column_that_closes_it() -> None:
    rows = [
        ask(name="a", calculation="${b} + 1"),
        ask(name="b", calculation="${a} + 1"),
        ask(name="c", relevant="${d} = 1"),
        ask(name="d", relevant="${c} = 1"),
    ]
    told = [(number, column) for code, _, number, column in refusals(rows) if code == "cycle"]
    assert sorted(told) == [(2, "calculation"), (4, "relevant")]


def test_a_list_that_does_not_exist_is_named() -> None:
    choices = [{"list_name": "other", "name": "a", "label": "A"}]
    assert refusals([ask(type="select_one towns")], choices)[0][0] == "missing_list"


def test_an_unknown_type_is_named() -> None:
    assert refusals([ask(type="telepathy")])[0][0] == "unknown_type"


def test_a_group_that_is_never_closed_is_located() -> None:
    assert refusals([X, {"type": "begin group", "name": "g", "label": "G"}, ask()])[0][:3] == (
        "open_group",
        "survey",
        3,
    )


def test_a_question_in_nested_groups_is_still_located() -> None:
    rows = [
        {"type": "begin group", "name": "g", "label": "G"},
        {"type": "begin_repeat", "name": "r", "label": "R"},
        ask(constraint="1 +"),
        {"type": "end_repeat", "name": "", "label": ""},
        {"type": "end group", "name": "", "label": ""},
    ]
    assert refusals(rows) == [("unfinished", "survey", 4, "constraint")]


def warnings(rows: list[dict[str, str]]) -> set[str]:
    return {finding.code for finding in check(rows).findings}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (ask(constraint="regex(., '[0-9]+')"), "unanchored_regex"),
        (ask(type="date", constraint=". > '2026-01-01'"), "date_as_text"),
        (ask(constraint="floor(1) = 1"), "not_portable"),
        (ask(), "missing_level"),
        (ask(calculation="1 + 1", required="yes"), "required_calculation"),
    ],
)
def test_what_may_surprise_is_only_warned_of(row: dict[str, str], code: str) -> None:
    assert code in warnings([X, row])


def test_a_missing_translation_is_warned_of_in_its_column() -> None:
    row = {"type": "text", "name": "q", "label::Français (fr)": "Nom", "label::English (en)": "Name"}
    other = {"type": "text", "name": "p", "label::Français (fr)": "Âge"}
    found = [f for f in check([row, other]).findings if f.code == "missing_translation"]
    assert [(f.row, f.params) for f in found] == [(3, {"lang": "en"})]


def test_a_portable_form_with_levels_gives_no_finding() -> None:
    assert check([ask(constraint="regex(., '^[0-9]+$')", **{"bind::relais:level": "V1"})]).findings == ()


def test_our_namespace_is_added_when_the_author_forgot_it() -> None:
    compiled = check([ask(**{"bind::relais:level": "V3", "bind::relais:purpose": "suivi budget"})])
    question = load(compiled.xml).questions["/data/q"]
    assert (question.level, question.purpose) == ("V3", ("suivi", "budget"))


def test_the_text_that_or_other_adds_is_as_confidential_as_its_question() -> None:
    row = ask(type="select_one l or_other", **{"bind::relais:level": "V4", "bind::relais:purpose": "sante"})
    compiled = check([row], [{"list_name": "l", "name": "a", "label": "A"}])
    added = load(compiled.xml).questions["/data/q_other"]
    assert (added.level, added.purpose) == ("V4", ("sante",))
    assert compiled.findings == ()


def test_our_namespace_joins_those_of_the_author() -> None:
    settings = '| settings |\n| | namespaces |\n| | other="urn:other" |\n'
    compiled = compile_xlsform((table([ask()]) + settings).encode(), "form.md")
    assert "urn:other" in compiled.xml
    assert "urn:relais:xlsform:1" in compiled.xml


def workbook(rows: list[list[str]]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("survey")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return target.getvalue()


def test_a_spreadsheet_compiles_like_a_table_and_blank_rows_keep_the_row_numbers_right() -> None:
    rows = [["type", "name", "label", "constraint"], ["text", "a", "A"], [], ["text", "b", "B", "1 +"]]
    with pytest.raises(FormRefused) as caught:
        compile_xlsform(workbook(rows), "form.xlsx")
    assert caught.value.findings[0].row == 4
    good = compile_xlsform(workbook([*rows[:3], ["text", "b", "B", "1 + 1 = 2"]]), "form.xlsx")
    assert set(load(good.xml).questions) == {"/data/a", "/data/b"}


def archive(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("source", "filename", "code"),
    [
        (b"hello", "form.txt", "file_type"),
        (b"hello", "form", "file_type"),
        (b"hello", "form.xlsx", "unreadable"),
        (b"hello", "form.xls", "unreadable"),
        (b"", "form.md", "no_survey"),
        (b"hello", "form.md", "no_survey"),
        (b"\xff\xfe", "form.md", "encoding"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "form.xlsx", "protected"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "form.xls", "unreadable"),
        (b"x" * (11 * 1024 * 1024), "form.xlsx", "too_large"),
        (archive(other=b"x"), "form.xlsx", "unreadable"),
        (archive(**{"[Content_Types].xml": b"x"}), "form.xlsx", "unreadable"),
        (b"| survey |\n| | type | name | label |\n| | text | a | A | too | many |\n", "form.md", "cells"),
        ("| survey |\n| | type | name | label |\n| | text | a | A\u202e |\n".encode(), "form.md", "characters"),
        (b"| survey |\n| | type | name | label |\n| | text | a | A\x00b |\n", "form.md", "characters"),
    ],
)
def test_a_file_that_is_no_form_is_refused_with_its_reason(source: bytes, filename: str, code: str) -> None:
    with pytest.raises(FormRefused) as caught:
        compile_xlsform(source, filename)
    assert caught.value.findings[0].code == code
    assert str(caught.value)
