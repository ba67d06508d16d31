"""Every kind of file people send is read in full, or refused with a sentence."""

import io
import re
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import load_workbook

from tests.features.exchange import files
from tests.features.exchange.files import TITLES, home, ods, ods_row, part, repacked, xlsx
from workflow.exchange.rules.importing.book import read_book
from workflow.exchange.rules.importing.columns import FIELDS, best_sheet, guessed, header_of
from workflow.exchange.rules.importing.refusals import REFUSALS, FileRefused
from workflow.exchange.rules.importing.sheet import Flaw, packed, unpacked
from workflow.exchange.rules.importing.template import Template, as_csv, as_ods, as_xlsx
from workflow.exchange.rules.importing.understanding import refuse_unusable

ROWS = [TITLES, home(1), home(2)]


def refusal(name: str, data: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        book = read_book(name, data)
        sheet = best_sheet(book.sheets)
        refuse_unusable(sheet, header_of(sheet))
    assert REFUSALS[caught.value.code] % caught.value.params
    return caught.value


def cells(name: str, data: bytes) -> dict[int, list[object]]:
    sheet = best_sheet(read_book(name, data).sheets)
    return {number: list(row.values()) for number, row in sheet.rows.items()}


# -- text files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_csv_is_read_whatever_its_encoding_and_its_delimiter(sign: str, encoding: str) -> None:
    rows = [("Nom du ménage", "Bâtiment", "Logement"), ("Mme Forêt", "Drac A", "Z-1"), ("M. Noël", "Drac B", "Z-2")]
    assert list(cells("liste.csv", files.csv(rows, sign, encoding)).values()) == [list(row) for row in rows]


def test_a_decimal_comma_does_not_pass_for_a_delimiter() -> None:
    rows = [("Nom", "Logement", "Surface"), ("A", "1", "62,5"), ("B", "2", "71,25")]
    assert cells("liste.csv", files.csv(rows))[2] == ["A", "1", "62,5"]


def test_the_line_excel_puts_first_says_the_delimiter() -> None:
    assert cells("liste.csv", b"sep=|\r\nNom|Logement\r\nA;B|1\r\n") == {2: ["Nom", "Logement"], 3: ["A;B", "1"]}


def test_a_quoted_cell_may_hold_delimiters_and_new_lines() -> None:
    assert cells("liste.csv", b'Nom;Logement\n"A;\nB";1\n')[2] == ["A;\nB", "1"]


def test_a_quotation_mark_never_closed_is_named_by_its_row() -> None:
    found = refusal("liste.csv", b'Nom;Logement\nA;1\n"B;2\nC;3\n')
    assert (found.code, found.params) == ("quotes", {"row": 3})


# -- workbooks ----------------------------------------------------------------------------------------------------


def test_a_workbook_reads_the_same_as_an_independent_reader_reads_it() -> None:
    rows = [("Nom", "Logement", "Surface", "Depuis le", "Vrai"), ("Été", 204, 62.5, date(2026, 3, 12), True)]
    data = xlsx(rows)
    theirs = [
        [cell for cell in row if cell != ""]
        for row in load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    ]
    assert [cells("liste.xlsx", data)[1], cells("liste.xlsx", data)[2]] == theirs


@pytest.mark.parametrize(("kind", "write"), [("xlsx", as_xlsx), ("ods", as_ods), ("csv", as_csv)])
def test_each_column_of_the_template_is_known_again(kind: str, write: object) -> None:
    titles = [field.title for field in FIELDS]
    data = write(Template("Ménages", titles, "Explications", [("Colonne", "Sens", "Exemple")], {2: ["Drac A"]}))
    sheet = best_sheet(read_book(f"modele.{kind}", data).sheets)
    assert list(guessed(header_of(sheet)).values()) == [field.name for field in FIELDS]
    assert refusal(f"modele.{kind}", data).code == "no_rows"


def test_a_template_in_opendocument_opens_in_an_independent_reader() -> None:
    data = as_ods(Template("Ménages", ["Nom & prénom", "Logement"], "Explications", [("a", "b")], {}))
    assert load_workbook(io.BytesIO(data)).get_sheet_by_name("Ménages").to_python() == [["Nom & prénom", "Logement"]]


def test_hidden_sheets_are_left_alone_and_named_while_hidden_rows_and_columns_are_read() -> None:
    def hide(book: Workbook, sheet: Worksheet) -> None:
        book.create_sheet("Secret").sheet_state = "hidden"
        book["Secret"].append(["Nom du ménage", "Logement"])
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["C"].hidden = True

    book = read_book("liste.xlsx", xlsx(ROWS, hide))
    assert [sheet.name for sheet in book.sheets] == ["Ménages"]
    assert book.hidden == ["Secret"]
    assert (book.sheets[0].hidden_rows, book.sheets[0].hidden_columns) == (1, [2])
    assert len(book.sheets[0].rows) == 3


def test_a_workbook_with_nothing_but_hidden_sheets_names_them() -> None:
    def hide(book: Workbook, sheet: Worksheet) -> None:
        sheet.sheet_state = "hidden"
        book.create_sheet("Vide")

    found = refusal("liste.xlsx", xlsx(ROWS, hide))
    assert (found.code, found.params["names"]) == ("all_hidden", "Ménages")


def test_merged_cells_among_the_rows_are_refused_and_named() -> None:
    found = refusal("liste.xlsx", xlsx(ROWS, lambda _book, sheet: sheet.merge_cells("B2:B3")))
    assert (found.code, found.params) == ("merged", {"sheet": "Ménages", "ranges": "B2:B3"})


def test_a_merged_heading_above_the_titles_does_no_harm() -> None:
    rows = [("Liste des ménages du quartier",), (), *ROWS]
    book = read_book("liste.xlsx", xlsx(rows, lambda _book, sheet: sheet.merge_cells("A1:G1")))
    header = header_of(book.sheets[0])
    refuse_unusable(book.sheets[0], header)
    assert (header.row, len(guessed(header))) == (3, len(TITLES))


def test_a_formula_gives_its_last_result_and_one_without_is_a_flaw() -> None:
    data = xlsx([("Nom", "Logement"), ("A", "=1+1"), ("B", "=2+2")])
    told = re.sub(rb"<f>1\+1</f><v[^<]*?(/>|></v>)", b"<f>1+1</f><v>2</v>", part(data, "xl/worksheets/sheet1.xml"))
    read = cells("liste.xlsx", repacked(data, {"xl/worksheets/sheet1.xml": told}))
    assert (read[2], read[3]) == (["A", 2.0], ["B", Flaw("formula")])


def test_a_calculation_error_is_a_flaw_that_says_which() -> None:
    data = xlsx([("Nom", "Logement"), ("A", "#REF!")])
    assert cells("liste.xlsx", data)[2] == ["A", Flaw("error", "#REF!")]


def test_two_hundred_thousand_empty_rows_are_skipped() -> None:
    data = xlsx(ROWS, lambda _book, sheet: None)
    empty = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (row, row) for row in range(4, 200_004))
    last = b'<row r="300000"><c r="A300000" t="inlineStr"><is><t>fin</t></is></c></row></sheetData>'
    told = part(data, "xl/worksheets/sheet1.xml").replace(b"</sheetData>", empty + last)
    sheet = read_book("liste.xlsx", repacked(data, {"xl/worksheets/sheet1.xml": told})).sheets[0]
    assert sorted(sheet.rows) == [1, 2, 3, 300_000]


def test_a_filled_cell_at_the_far_end_of_a_sheet_costs_no_memory_and_is_named() -> None:
    found = refusal("liste.xlsx", xlsx(ROWS, lambda _book, sheet: sheet.cell(1_048_576, 16_384, "x")))
    assert (found.code, found.params["row"]) == ("too_wide", 1_048_576)


def test_coloured_empty_cells_are_nothing() -> None:
    def colour(_book: Workbook, sheet: Worksheet) -> None:
        for row in range(4, 50):
            sheet.cell(row, 1).fill = PatternFill("solid", fgColor="EEEEEE")

    assert len(cells("liste.xlsx", xlsx(ROWS, colour))) == 3


def test_more_rows_than_an_operation_has_households_are_refused() -> None:
    rows = [("Nom", "Logement"), *((f"A{number}", number) for number in range(20_001))]
    assert refusal("liste.csv", files.csv(rows)).code == "too_many_rows"


def test_a_workbook_with_a_macro_is_refused_whatever_its_name() -> None:
    data = repacked(xlsx(ROWS), {"xl/vbaProject.bin": b"macro"})
    assert refusal("liste.xlsx", data).code == refusal("liste.xlsm", xlsx(ROWS)).code == "macro"
    assert refusal("liste.ods", ods("", more={"Basic/Standard/Module1.xml": b"<x/>"})).code == "macro"


def test_a_protected_workbook_says_so() -> None:
    wrapped = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le")
    assert refusal("liste.xlsx", wrapped).code == "protected"
    manifest = {"META-INF/manifest.xml": b"<manifest:encryption-data/>"}
    assert refusal("liste.ods", ods("", more=manifest)).code == "protected"


def test_what_unpacks_to_far_too_much_is_refused_before_it_is_unpacked() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "spreadsheetml")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _time in range(310):
                sheet.write(b" " * 1_000_000)
    assert len(target.getvalue()) < 1_000_000
    assert refusal("liste.xlsx", target.getvalue()).code == "too_large"


def test_entities_of_the_xml_are_not_followed() -> None:
    data = xlsx(ROWS)
    evil = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    told = part(data, "xl/worksheets/sheet1.xml").replace(b"Drac A", b"&a;")
    head, _, rest = told.partition(b"<worksheet")
    read = repacked(data, {"xl/worksheets/sheet1.xml": head + evil + b"<worksheet" + rest})
    assert "root:" not in str(cells("liste.xlsx", read))


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("liste.xlsx", b"", "empty"),
        ("liste.csv", b" \r\n ", "empty"),
        ("liste.xlsx", b"Nom;Logement\nA;1\n", "unreadable"),
        ("liste.xlsx", b"PK\x03\x04 cut short", "unreadable"),
        ("liste.csv", b"%PDF-1.7\n1 0 obj", "not_a_table"),
        ("liste.csv", b"<html><table><tr><td>Nom</td></tr></table></html>", "not_a_table"),
        ("liste.csv", bytes(range(256)), "not_a_table"),
        ("liste.pdf", b"%PDF-1.7", "kind"),
        ("liste", b"Nom;Logement\nA;1\n", "kind"),
        ("liste.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook", "kind"),
        ("liste.csv", b"Nom;Logement;B\xe2timent\n", "no_rows"),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(name: str, data: bytes, code: str) -> None:
    assert refusal(name, data).code == code


@pytest.mark.parametrize("at", range(0, 4000, 97))
def test_a_workbook_cut_or_altered_anywhere_is_read_or_refused_and_nothing_else(at: int) -> None:
    data = xlsx(ROWS)
    for altered in (data[:at], data[:at] + b"\xff\x00\xff" + data[at + 3 :]):
        try:
            read_book("liste.xlsx", altered)
        except FileRefused as refused:
            assert refused.code in REFUSALS


# -- OpenDocument -------------------------------------------------------------------------------------------------


def test_an_opendocument_sheet_is_read_with_its_types() -> None:
    day = (
        '<table:table-cell office:value-type="date" office:date-value="2026-03-12T00:00:00">'
        "<text:p>12/03/26</text:p></table:table-cell>"
    )
    noted = (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation>'
        "<text:p>A<text:s text:c='2'/>B</text:p></table:table-cell>"
    )
    row = f"<table:table-row>{noted}{day}</table:table-row>"
    tables = f'<table:table table:name="L">{ods_row("Nom", "Depuis le", 62.5)}{row}</table:table>'
    assert cells("liste.ods", ods(tables)) == {1: ["Nom", "Depuis le", 62.5], 2: ["A  B", date(2026, 3, 12)]}


def test_opendocument_rows_repeated_a_million_times_are_skipped_when_they_are_empty() -> None:
    empty = (
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    tables = f'<table:table table:name="L">{ods_row("Nom")}{empty}{ods_row("A")}</table:table>'
    assert cells("liste.ods", ods(tables)) == {1: ["Nom"], 1_048_572: ["A"]}


def test_an_opendocument_row_repeated_a_million_times_with_words_in_it_is_refused() -> None:
    row = ods_row("Nom", attributes='table:number-rows-repeated="1048570"')
    tables = f'<table:table table:name="L">{row}</table:table>'
    assert refusal("liste.ods", ods(tables)).code == "too_many_rows"


def test_opendocument_says_what_is_hidden_merged_and_not_calculated() -> None:
    style = (
        '<style:style style:name="gone" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    formula = '<table:table-row><table:table-cell table:formula="of:=1+1"/></table:table-row>'
    merged = (
        '<table:table-row><table:table-cell table:number-rows-spanned="2" office:value-type="string">'
        "<text:p>A</text:p></table:table-cell></table:table-row>"
    )
    hidden = ods_row("B", attributes='table:visibility="collapse"')
    tables = f'<table:table table:name="S" table:style-name="gone">{ods_row("x")}</table:table>'
    tables += f'<table:table table:name="L">{ods_row("Nom")}{formula}{merged}{hidden}</table:table>'
    book = read_book("liste.ods", ods(tables, style))
    assert (book.hidden, [sheet.name for sheet in book.sheets]) == (["S"], ["L"])
    sheet = book.sheets[0]
    assert sheet.rows[2] == {0: Flaw("formula")}
    assert (sheet.merged, sheet.hidden_rows) == ([(3, 0, 4, 0)], 1)


# -- between two pages --------------------------------------------------------------------------------------------


def test_what_was_read_is_the_same_after_it_was_kept() -> None:
    def more(_book: Workbook, sheet: Worksheet) -> None:
        sheet.append(["É", date(2026, 3, 12), True, "#REF!", "=1+1", 62.5])
        sheet.merge_cells("A9:B9")

    book = read_book("liste.xlsx", xlsx(ROWS, more))
    assert unpacked(packed(book)) == book
