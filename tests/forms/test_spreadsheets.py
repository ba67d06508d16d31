"""Workbooks as French offices make them: what is mended, what is refused, where; and nothing is read otherwise than by
the readers of pyxform.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from pyxform.xls2json_backends import get_xlsform

from forms.definition import load
from forms.findings import Finding, FormRefused
from forms.sheets import tables_of
from forms.workbook import read_book
from forms.workbook.moments import shows_a_moment
from forms.xlsform import compile_xlsform
from tests.forms.broken_workbooks import OFFICE, SURVEY, cell, packed, parts, row, sheet, table, xlsx
from tests.forms.old_workbook import old_workbook

HEADERS = ["type", "name", "label", "bind::relais:level"]
Rows = Sequence[Sequence[Any]]
Shape = Callable[[xlsxwriter.Workbook, Any], None]


def workbook(rows: Rows, shape: Shape | None = None, **others: Rows) -> bytes:
    """An .xlsx of a sheet called survey, and others by name; `shape` may change the first sheet."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"default_date_format": "dd/mm/yyyy"})
    for name, lines in {"survey": rows, **others}.items():
        page = book.add_worksheet(name)
        for number, line in enumerate(lines):
            page.write_row(number, 0, line)
    if shape:
        shape(book, book.worksheets()[0])
    book.close()
    return target.getvalue()


def findings(source: bytes, filename: str = "form.xlsx") -> list[Finding]:
    try:
        return list(compile_xlsform(source, filename).findings)
    except FormRefused as refused:
        return list(refused.findings)


def told(source: bytes, filename: str = "form.xlsx") -> list[tuple]:
    return [(one.code, one.sheet, one.row, one.column) for one in findings(source, filename)]


# -- cells --------------------------------------------------------------------------------------------------------


def test_an_office_workbook_compiles_without_a_remark() -> None:
    rows = [HEADERS, ["integer", "age", "Âge", "V1"], ["select_one ouinon", "garde", "Garde ?", "V1"]]
    choices = [["list_name", "name", "label"], ["ouinon", 1, "Oui"], ["ouinon", 2.0, "Non"]]
    compiled = compile_xlsform(workbook(rows, choices=choices), "Enquête.xlsx")
    assert compiled.findings == ()
    form = load(compiled.xml)
    assert [choice.value for choice in form.questions["/data/garde"].choices] == ["1", "2"]
    assert form.form_id == "Enquête"


def test_no_break_spaces_stay_in_texts() -> None:
    form = load(compile_xlsform(workbook([HEADERS, ["text", "q", "Quel âge\u00a0?", "V1"]]), "form.xlsx").xml)
    assert form.questions["/data/q"].label["default"] == "Quel âge\u00a0?"


def test_true_and_false_of_a_spreadsheet_are_understood() -> None:
    source = workbook([[*HEADERS, "required"], ["text", "q", "Q", "V1", True], ["text", "r", "R", "V1", False]])
    assert findings(source) == []
    form = load(compile_xlsform(source, "form.xlsx").xml)
    assert [question.required.text for question in form.questions.values()] == ["true()", "false()"]


def test_a_date_typed_as_default_stays_a_day() -> None:
    source = workbook([[*HEADERS, "default"], ["date", "q", "Q", "V1", date(2026, 3, 2)]])
    assert load(compile_xlsform(source, "form.xlsx").xml).questions["/data/q"].default == "2026-03-02"
    assert findings(source) == []


def test_a_name_that_became_a_date_is_refused() -> None:
    rows = [HEADERS, ["select_one etage", "q", "Q", "V1"]]
    choices = [["list_name", "name", "label"], ["etage", date(2026, 2, 1), "1 à 2"], ["etage", "b", date(2026, 4, 3)]]
    assert told(workbook(rows, choices=choices)) == [
        ("date_cell", "choices", 2, "name"),
        ("date_text", "choices", 3, "label"),
    ]


@pytest.mark.parametrize("error", ["#REF!", "#NAME?", "#DIV/0!", "#N/A"])
def test_an_error_of_the_spreadsheet_is_refused(error: str) -> None:
    def shape(_: Any, page: Any) -> None:
        page.write_formula(1, 2, "=1/0", None, error)

    found = findings(workbook([HEADERS, ["text", "q", "", "V1"]], shape))
    assert [(one.code, one.row, one.column, one.params) for one in found] == [
        ("cell_error", 2, "label", {"value": error})
    ]


def test_a_formula_of_the_spreadsheet_gives_its_last_value() -> None:
    def shape(_: Any, page: Any) -> None:
        page.write_formula(1, 2, '="Na"&"me"', None, "Name")

    source = workbook([HEADERS, ["text", "q", "", "V1"]], shape)
    assert load(compile_xlsform(source, "form.xlsx").xml).questions["/data/q"].label["default"] == "Name"


def test_a_formula_that_was_never_calculated_is_refused() -> None:
    empty = '<row r="2"><c r="A2" t="inlineStr"><is><t>text</t></is></c><c r="B2"><f>A1</f></c></row>'
    assert told(xlsx(row(1, ("type", "name", "label")) + empty))[0] == ("uncalculated", "survey", 2, "name")


def test_headers_may_have_capitals_and_spaces() -> None:
    headers = ["Type", "NAME", " Label ", "Constraint Message", "Bind::Relais:Level"]
    question = load(compile_xlsform(workbook([headers, ["text", "q", "Q", "Non", "V3"]]), "form.xlsx").xml).questions
    assert question["/data/q"].label["default"] == "Q"
    assert question["/data/q"].constraint_message["default"] == "Non"


def test_a_language_after_a_single_colon_is_understood() -> None:
    rows = [["type", "name", "label:fr", "hint::fr", "bind::relais:level"], ["text", "q", "Q", "H", "V1"]]
    form = load(compile_xlsform(workbook(rows), "form.xlsx").xml)
    assert form.questions["/data/q"].label["fr"] == "Q"


# -- layout -------------------------------------------------------------------------------------------------------

QUESTION = ["text", "q", "Q", "V1"]


def test_a_row_below_a_long_gap_is_read_and_told() -> None:
    source = workbook([HEADERS, QUESTION, *[[]] * 80, ["text", "r", "R", "V1"]])
    assert told(source) == [("gap", "survey", 83, "")]
    assert set(load(compile_xlsform(source, "form.xlsx").xml).questions) == {"/data/q", "/data/r"}


def test_what_stands_under_no_header_is_told() -> None:
    assert told(workbook([HEADERS, [*QUESTION, "", "note"]])) == [("no_header", "survey", 2, "F")]


def test_a_first_row_without_names_is_refused() -> None:
    assert told(workbook([[], HEADERS, QUESTION]))[0] == ("no_headers", "survey", 1, "")


def test_two_columns_of_one_name_are_refused() -> None:
    assert told(workbook([[*HEADERS, "label"], [*QUESTION, "Q"]]))[0] == ("duplicate_column", "survey", 1, "label")


def test_merged_cells_are_told() -> None:
    def shape(_: Any, page: Any) -> None:
        page.merge_range(1, 2, 2, 2, "Q")

    source = workbook([HEADERS, QUESTION, ["integer", "r", "", "V1"]], shape)
    assert ("merged_cells", "survey", 2, "") in told(source)


def test_hidden_sheets_and_rows_are_told() -> None:
    def shape(book: Any, page: Any) -> None:
        page.set_row(1, None, None, {"hidden": True})
        book.worksheets()[1].hide()

    choices = [["list_name", "name", "label"], ["l", "a", "A"]]
    source = workbook([HEADERS, ["select_one l", "q", "Q", "V1"]], shape, choices=choices)
    assert told(source) == [("hidden_row", "survey", 2, ""), ("hidden_sheet", "choices", None, "")]


def test_comments_change_nothing() -> None:
    source = workbook([HEADERS, QUESTION], lambda _, page: page.write_comment(1, 1, "à revoir"))
    assert findings(source) == []


def test_the_only_sheet_is_the_survey_whatever_its_name() -> None:
    source = packed(parts({"Feuil1": sheet(SURVEY)}))
    assert set(load(compile_xlsform(source, "form.xlsx").xml).questions) == {"/data/q"}


def test_the_settings_may_stand_below_a_blank_row() -> None:
    source = workbook([HEADERS, QUESTION], settings=[["form_id"], [], ["visite"]])
    assert load(compile_xlsform(source, "form.xlsx").xml).form_id == "visite"


# -- other kinds of files -----------------------------------------------------------------------------------------


def test_an_old_workbook_is_read_like_a_new_one() -> None:
    rows = [[*HEADERS, "required", "default"], ["integer", "q", "Âge", "V1", True, 1.0]]
    old, new = old_workbook({"survey": rows}), workbook(rows)
    assert compile_xlsform(old, "form.xls").xml == compile_xlsform(new, "form.xlsx").xml


def test_a_csv_of_all_sheets_is_read_with_commas_or_semicolons() -> None:
    for mark in ",;":
        lines = ["survey", ",type,name,label", ',text,q,"Q, et plus"', "settings", ",form_id", ",visite"]
        source = "\n".join(line.replace(",", mark) for line in lines).replace(f"Q{mark}", "Q,").encode()
        form = load(compile_xlsform(source, "form.csv").xml)
        assert (form.form_id, form.questions["/data/q"].label["default"]) == ("visite", "Q, et plus")


def test_a_csv_of_one_sheet_is_refused_with_what_to_do() -> None:
    found = findings(b"type,name,label\ntext,q,Q\n", "form.csv")
    assert [(one.code, one.hint) for one in found] == [("no_survey", "Save the whole workbook as .xlsx.")]


def test_parts_may_have_prefixes_and_cells_no_addresses() -> None:
    """As some programs write them."""
    inside = "".join(f"<x:row>{cells}</x:row>" for cells in map(bare, (("type", "name", "label"), ("text", "q", "Q"))))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    page = f'<x:worksheet xmlns:x="{main}"><x:sheetData>{inside}</x:sheetData></x:worksheet>'
    source = packed(parts({"survey": page.encode()}))
    assert set(load(compile_xlsform(source, "form.xlsx").xml).questions) == {"/data/q"}


def bare(texts: Sequence[str]) -> str:
    return "".join(f'<x:c t="inlineStr"><x:is><x:t>{text}</x:t></x:is></x:c>' for text in texts)


def test_rich_text_is_joined_and_its_pronunciation_left_out() -> None:
    runs = "<si><r><t>No</t></r><r><t>m</t></r><rPh><t>x</t></rPh></si>"
    texts = f'<sst xmlns="{OFFICE}">{runs}</sst>'.encode()
    question = cell("A2", "text") + cell("B2", "q") + '<c r="C2" t="s"><v>0</v></c>'
    page = sheet(row(1, ("type", "name", "label")) + f'<row r="2">{question}</row>')
    source = packed(parts({"survey": page}) | {"xl/sharedStrings.xml": texts})
    assert load(compile_xlsform(source, "form.xlsx").xml).questions["/data/q"].label["default"] == "Nom"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("dd/mm/yyyy", "date"), ("jj/mm/aaaa", "date"), ("mmm-yy", "date"), ("hh:mm", "time"), ("[h]:mm:ss", "time"),
        ("dd/mm/yyyy hh:mm", "datetime"), ("General", ""), ("Standard", ""), ("0.00", ""), ("[Red]0", ""),
        ('0" jours"', ""), ("@", ""), ("# ##0\\ \u20ac", ""),
    ],
)  # fmt: skip
def test_a_number_is_a_moment_when_its_format_shows_one(code: str, kind: str) -> None:
    assert shows_a_moment(code) == kind


# -- a second opinion ---------------------------------------------------------------------------------------------

TEXT = st.text(st.characters(categories=("Lu", "Ll", "Nd", "Po", "Zs")), min_size=1, max_size=8)
FIRST, LAST = datetime.fromisoformat("1950-01-01"), datetime.fromisoformat("2100-01-01")
VALUE = st.one_of(
    TEXT,
    st.integers(-(10**9), 10**9),
    st.floats(-1e6, 1e6).map(lambda number: round(number, 3)),
    st.booleans(),
    st.datetimes(FIRST, LAST).map(lambda moment: moment.replace(microsecond=0)),
    st.none(),
)
GRID = st.lists(st.lists(VALUE, min_size=3, max_size=3), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None)
@given(GRID)
def test_cells_are_read_as_pyxform_reads_them(values: Rows) -> None:
    """But for what is told: moments stand as ISO writes them, no-break spaces stay in texts."""
    source = workbook([["note", "label", "hint"], *values])
    ours = read_book(source, "form.xlsx").sheets[0]
    theirs = get_xlsform(source, ".xlsx").survey
    for number, line in enumerate(theirs, 2):
        mine = ours.rows.get(number, {})
        read = {name: plain(mine[at]) for at, name in enumerate(("note", "label", "hint")) if at in mine}
        assert {name: text for name, text in read.items() if text} == {name: plain(text) for name, text in line.items()}


def plain(text: str) -> str:
    """The blanks aside, and a moment as a day and an hour."""
    spaces = " ".join(text.replace("\u00a0", " ").split(" ")).strip()
    try:
        return datetime.fromisoformat(spaces).isoformat()
    except ValueError:
        return spaces


WORDS = [
    "text",
    "integer",
    "select_one l",
    "note",
    "calculate",
    "begin group",
    "end group",
    "begin repeat",
    "end repeat",
]
NAMES = ["q", "r", "s", "", "1x", "é", "meta", "a b"]
CELLS = [
    "",
    "",
    "",
    "A",
    "${q}",
    "${q} > 1",
    "count(${r})",
    "yes",
    "oui",
    "‘a’",
    "0,5",
    "(",
    "%(x)s",
    "<b>",
    "]]>",
    "${",
]
COLUMNS = ["label", "label::fr", "relevant", "calculation", "default", "required", "choice_filter", "repeat_count"]
COLUMNS += ["trigger", "parameters", "appearance", "bind::relais:level", "media::image", "hint::x::y", "media", "bind"]
LINE = st.tuples(st.sampled_from(WORDS), st.sampled_from(NAMES), *[st.sampled_from(CELLS)] * 3)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(COLUMNS), min_size=3, max_size=3), st.lists(LINE, min_size=1, max_size=6))
def test_whatever_is_typed_a_form_or_sentences_come_out(columns: list[str], lines: list[tuple]) -> None:
    source = table(("type", "name", *columns), *lines) + table(("list_name", "name"), ("l", "a"), sheet_name="choices")
    for one in findings(source.encode(), "form.md"):
        assert one.message % one.params
        assert one.code in {"compiler", "remark"} or one.sheet


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_an_altered_workbook_is_read_or_refused(data: st.DataObject) -> None:
    name, whole = data.draw(st.sampled_from(SAMPLES))
    altered = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 4))
        altered[at : at + 4] = data.draw(st.sampled_from([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\x7f", b"<a>", b""]))
    try:
        assert tables_of(read_book(bytes(altered), name))
    except FormRefused as refused:
        assert str(refused)


def inner(name: str) -> bytes:
    """A workbook stored without compression, so that what is altered is the XML itself."""
    return packed(parts() | {name: b"<a/>"}, 0)


SAMPLES = [
    ("form.xls", old_workbook({"survey": [HEADERS, ["integer", "q", "Q", 1.0]], "choices": [["name"], ["a"]]})),
    ("form.xlsx", inner("xl/styles.xml")),
    ("form.xlsx", workbook([HEADERS, ["date", "q", date(2026, 3, 2), time(10, 30)]])),
]
