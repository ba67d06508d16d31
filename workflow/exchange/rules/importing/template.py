"""The empty file to fill, as .xlsx, .ods and .csv: a sheet of titles, and one that explains them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from xlsxwriter import Workbook

from workflow.exchange.rules.importing.sheet import letters

Table = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Template:
    """households, explained: names of the two sheets. titles: the first row. lines: the second sheet, row by row, its
    first row in bold. lists: {column from 0: values to choose from}, offered by the .xlsx only."""

    households: str
    titles: Sequence[str]
    explained: str
    lines: Table
    lists: dict[int, Sequence[str]]


ROWS = 2_000  # in which the spreadsheet offers the lists


def as_xlsx(template: Template) -> bytes:
    """Cells are texts: a spreadsheet then leaves "3-12" and "0042" as they are typed."""
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(2024, 1, 1)})  # noqa: DTZ001  the same file whenever it is asked for
    bold = book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
    typed, wrapped = book.add_format({"num_format": "@"}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet, told = book.add_worksheet(template.households), book.add_worksheet(template.explained)
    for column, title in enumerate(template.titles):
        sheet.set_column(column, column, max(12, len(title) + 3), typed)
        sheet.write_string(0, column, title, bold)
    sheet.freeze_panes(1, 1)
    told.set_column(0, 20, 30, wrapped)
    told.set_column(1, 1, 70, wrapped)
    for number, line in enumerate(template.lines):
        for column, words in enumerate(line):
            told.write_string(number, column, words, bold if number == 0 else wrapped)
    for beside, (column, values) in enumerate(template.lists.items(), start=max(map(len, template.lines)) + 1):
        told.write_string(0, beside, template.titles[column], bold)
        told.write_column(1, beside, values, wrapped)
        area = f"='{template.explained}'!${letters(beside)}$2:${letters(beside)}${len(values) + 1}"
        offered = {"validate": "list", "source": area, "error_type": "warning"}
        sheet.data_validation(1, column, ROWS, column, offered)
    book.close()
    return target.getvalue()


def as_csv(template: Template) -> bytes:
    """UTF-8 with its mark and semicolons: what a French spreadsheet opens without a question."""
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=";").writerow(template.titles)
    return target.getvalue().encode("utf-8-sig")


def as_ods(template: Template) -> bytes:
    """The three parts a reader of OpenDocument 1.3 asks for; `mimetype` first and not compressed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry("mimetype"), ODS, zipfile.ZIP_STORED)
        archive.writestr(_entry("META-INF/manifest.xml"), MANIFEST)
        archive.writestr(_entry("content.xml"), _content(template))
    return target.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    found = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
    found.compress_type = zipfile.ZIP_DEFLATED
    return found


ODS = "application/vnd.oasis.opendocument.spreadsheet"
_URN = "urn:oasis:names:tc:opendocument:xmlns"
MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    f'<manifest:manifest xmlns:manifest="{_URN}:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{ODS}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
_STYLES = (
    '<number:text-style style:name="N1"><number:text-content/></number:text-style>'
    '<style:style style:name="text" style:family="table-cell" style:data-style-name="N1"/>'
    '<style:style style:name="bold" style:family="table-cell" style:data-style-name="N1">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="wide" style:family="table-column">'
    '<style:table-column-properties style:column-width="4.5cm"/></style:style>'
)


def _content(template: Template) -> str:
    names = " ".join(
        f'xmlns:{short}="{_URN}:{full}:1.0"'
        for short, full in (
            ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("number", "datastyle"),
            ("fo", "xsl-fo-compatible"),
        )
    )  # fmt: skip
    sheets = _sheet(template.households, [template.titles]) + _sheet(template.explained, template.lines)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names} office:version="1.3">'
        f"<office:automatic-styles>{_STYLES}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body></office:document-content>"
    )


def _sheet(name: str, lines: Table) -> str:
    width = max(len(line) for line in lines)
    columns = (
        f'<table:table-column table:style-name="wide" table:default-cell-style-name="text" '
        f'table:number-columns-repeated="{width}"/>'
    )
    rows = "".join(
        "<table:table-row>" + "".join(_cell(words, bold=number == 0) for words in line) + "</table:table-row>"
        for number, line in enumerate(lines)
    )
    return f"<table:table table:name={quoteattr(name)}>{columns}{rows}</table:table>"


def _cell(words: str, *, bold: bool) -> str:
    style = ' table:style-name="bold"' if bold else ""
    return f'<table:table-cell office:value-type="string"{style}><text:p>{escape(words)}</text:p></table:table-cell>'
