"""Workbooks made to hurt, or broken on their way: each with what the check must say of it."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Iterable

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
HEADERS = ("type", "name", "label")
QUESTION = ("text", "q", "Question")

Parts = dict[str, bytes]


def cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def row(number: int, cells: Iterable[str]) -> str:
    inside = "".join(cell(f"{letters(column)}{number}", text) for column, text in enumerate(cells))
    return f'<row r="{number}">{inside}</row>'


def letters(column: int) -> str:
    found = ""
    while column >= 0:
        found = chr(ord("A") + column % 26) + found
        column = column // 26 - 1
    return found


def sheet(rows: str, before: str = "", after: str = "", prolog: str = "") -> bytes:
    return f'{prolog}<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'.encode()


SURVEY = row(1, HEADERS) + row(2, QUESTION)


def parts(sheets: dict[str, bytes] | None = None, names: Iterable[str] = (), **more: bytes) -> Parts:
    """The members of an .xlsx; sheets: {name: worksheet part}, the survey alone when none are given."""
    sheets = {"survey": sheet(SURVEY)} if sheets is None else sheets
    called = list(names) or list(sheets)
    listed = "".join(f'<sheet name="{name}" sheetId="{at}" r:id="s{at}"/>' for at, name in enumerate(called, 1))
    links = "".join(
        f'<Relationship Id="s{at}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    links += f'<Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    found = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="w" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'.encode(),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>'.encode(),
    }
    found |= {f"xl/worksheets/sheet{at}.xml": content for at, content in enumerate(sheets.values(), 1)}
    return found | {name.replace("__", "/"): content for name, content in more.items()}


def packed(members: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method, compresslevel=6 if method == zipfile.ZIP_DEFLATED else None) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return target.getvalue()


def xlsx(rows: str = SURVEY, **places: str) -> bytes:
    return packed(parts({"survey": sheet(rows, **places)}))


def table(*rows: Iterable[str], sheet_name: str = "survey") -> str:
    return f"| {sheet_name} |\n" + "".join("| | " + " | ".join(cells) + " |\n" for cells in rows)


def markdown(*rows: Iterable[str]) -> bytes:
    return table(HEADERS, *rows).encode()


# -- files that are no workbook -----------------------------------------------------------------------------------


def truncated() -> bytes:
    return xlsx()[:-40]


def altered() -> bytes:
    """The bytes of one member no longer agree with their checksum."""
    whole = bytearray(packed(parts(), zipfile.ZIP_STORED))
    place = whole.find(b"Question")
    whole[place] ^= 0xFF
    return bytes(whole)


def with_password() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 480


def old_garbage() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 40


def letter() -> bytes:
    """A .docx under the name of a workbook."""
    return packed(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="w" Type="{OFFICE}/officeDocument" '
            'Target="word/document.xml"/></Relationships>'.encode(),
            "word/document.xml": b"<document/>",
        }
    )


def open_document() -> bytes:
    return packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<office/>"})


# -- bombs --------------------------------------------------------------------------------------------------------


def zip_bomb() -> bytes:
    return packed(parts() | {"xl/media/picture.png": b"\0" * 90_000_000})


def zip_bomb_that_lies() -> bytes:
    """The directory says 1,000 bytes, the sheet unpacks to 90 million."""
    whole = packed(parts({"survey": sheet(SURVEY, after=" " * 90_000_000)}))
    told = len(sheet(SURVEY, after=" " * 90_000_000)).to_bytes(4, "little")
    return whole.replace(told, (1_000).to_bytes(4, "little"))


def nested_bomb() -> bytes:
    inner = packed({f"{number}.xlsx": packed({"a": b"\0" * 5_000_000}) for number in range(16)})
    return packed({f"{number}.zip": inner for number in range(30)})


def many_members() -> bytes:
    return packed(parts() | {f"xl/{number}.xml": b"" for number in range(60_000)}, zipfile.ZIP_STORED)


def wide_dimension() -> bytes:
    return xlsx(before='<dimension ref="A1:XFD1048576"/>')


def far_cell() -> bytes:
    return xlsx(SURVEY + row(1_048_576, QUESTION))


def empty_formatted_rows() -> bytes:
    """What formatting whole columns leaves behind; everything that was filled stands above."""
    empty = "".join(f'<row r="{at}"><c r="A{at}" s="1"/><c r="B{at}" s="1"/></row>' for at in range(3, 200_003))
    return xlsx(SURVEY + empty)


def shared_texts_bomb() -> bytes:
    texts = f'<sst xmlns="{MAIN}">' + "<si><t>a</t></si>" * 1_000_000 + "</sst>"
    return packed(parts() | {"xl/sharedStrings.xml": texts.encode()})


def one_long_shared_text() -> bytes:
    """One text of 32,000 characters that 2,000 cells point to."""
    text = f'<sst xmlns="{MAIN}"><si><t>{"a" * 32_000}</t></si></sst>'
    rows = "".join(f'<row r="{at}"><c r="C{at}" t="s"><v>0</v></c></row>' for at in range(3, 2_003))
    return packed(parts({"survey": sheet(SURVEY + rows)}) | {"xl/sharedStrings.xml": text.encode()})


def entity_bomb() -> bytes:
    entities = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    entities += "".join(
        f'<!ENTITY {chr(at + 1)} "{"&" + chr(at) + ";"}{("&" + chr(at) + ";") * 9}">' for at in range(97, 106)
    )
    return xlsx(row(1, HEADERS) + row(2, ("text", "q", "&j;")), prolog=f"{entities}]>")


def foreign_entity() -> bytes:
    prolog = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    return xlsx(row(1, HEADERS) + row(2, ("text", "q", "&a;")), prolog=prolog)


def deep_xml() -> bytes:
    return xlsx(SURVEY, after="<a>" * 500_000 + "</a>" * 500_000)


def unclosed_tag() -> bytes:
    return packed(parts({"survey": b"<worksheet " + b"a" * 20_000_000}))


def long_text() -> bytes:
    return b"# " + b"x" * (10 * 1024 * 1024 - 10)


def long_row() -> bytes:
    return table(HEADERS, ("text", "q", "x" * 9_000_000)).encode()


def many_bars() -> bytes:
    return b"| survey |\n|" + b" |" * 5_000_000


def many_rows() -> bytes:
    return xlsx(row(1, HEADERS) + "".join(row(at, ("text", f"q{at}", "Q")) for at in range(2, 100_002)))


def many_rows_in_text() -> bytes:
    return markdown(*(("text", f"q{at}", "Q") for at in range(100_000)))


def many_columns() -> bytes:
    return xlsx(row(1, (*HEADERS, *(f"note{at}" for at in range(5_000)))) + row(2, QUESTION))


def many_groups() -> bytes:
    begun = [("begin group", f"g{at}", "G") for at in range(1_000)]
    return markdown(*begun, QUESTION, *(("end group", "", "") for _ in begun))


def many_brackets() -> bytes:
    rows = (("type", "name", "label", "relevant"), ("text", "q", "Q", "(" * 30_000 + ")" * 30_000))
    return table(*rows).encode()


def many_references() -> bytes:
    chain = " or ".join("${q} = 1" for _ in range(750))
    rows = [(*("text", f"p{at}", "P"), chain) for at in range(200)]
    return table(("type", "name", "label", "relevant"), (*QUESTION, ""), *rows).encode()


def many_references_in_labels() -> bytes:
    return markdown(QUESTION, *(("text", f"p{at}", "${q} " * 350) for at in range(2_900)))


def long_formula() -> bytes:
    return table(("type", "name", "label", "relevant"), (*QUESTION, "1 + " * 4_000 + "1")).encode()


def long_names() -> bytes:
    begun = [("begin group", f"g{'g' * 3_000}{at}", "G") for at in range(10)]
    ended = [("end group", "", "") for _ in begun]
    return markdown(*begun, *(("text", f"q{at}", "Q") for at in range(2_900)), *ended)


def many_languages() -> bytes:
    languages = [f"label::Language {at}" for at in range(200)]
    return table((*HEADERS, *languages), *((*QUESTION, *("Question",) * 200) for _ in range(5))).encode()


def many_choices() -> bytes:
    questions = markdown(*(("select_one l", f"q{at}", "Q") for at in range(200)))
    rows = (("l", f"c{at}", "C") for at in range(19_000))
    choices = table(("list_name", "name", "label"), *rows, sheet_name="choices")
    return questions + choices.encode()


def foreign_column() -> bytes:
    return table((*HEADERS, "bind::other:thing"), (*QUESTION, "x")).encode()


def many_unknown_types() -> bytes:
    return markdown(*((f"selekt_wun {'a ' * 300}", f"q{at}", "Q") for at in range(2_900)))


# -- characters ---------------------------------------------------------------------------------------------------


def in_label(character: str) -> Callable[[], bytes]:
    return lambda: markdown(("text", "q", f"Que{character}stion"))


def in_name(character: str) -> Callable[[], bytes]:
    return lambda: markdown(("text", f"q{character}r", "Question"))


def in_formula(character: str) -> Callable[[], bytes]:
    return lambda: table(("type", "name", "label", "relevant"), ("text", "q", "Q", f"1{character} = 1")).encode()


def escaped_in_workbook(code: str) -> Callable[[], bytes]:
    """The way a workbook writes what XML cannot hold."""
    return lambda: xlsx(row(1, HEADERS) + row(2, ("text", "q", f"Que_x{code}_stion")))


def numeric_entity() -> bytes:
    return xlsx(row(1, HEADERS) + row(2, ("text", "q", "&#xD800;")))


# -- forms that cannot be -----------------------------------------------------------------------------------------


def two_surveys() -> bytes:
    return packed(parts({"survey": sheet(SURVEY), "Survey ": sheet(SURVEY)}))


def two_surveys_in_text() -> bytes:
    return (table(HEADERS, QUESTION) * 2).encode()


def two_members_of_one_name() -> bytes:
    target = io.BytesIO(packed(parts()))
    with zipfile.ZipFile(target, "a") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file.writestr("xl/worksheets/sheet1.xml", sheet(SURVEY))
    return target.getvalue()


def crossed_groups() -> bytes:
    return markdown(
        ("begin group", "a", "A"), ("begin repeat", "b", "B"), QUESTION, ("end group", "", ""), ("end repeat", "", "")
    )


def group_inside_itself() -> bytes:
    rows = [("begin group", "a", "A", "${b} = 1"), ("text", "q", "Q", ""), ("end group", "", "", "")]
    rows += [("begin group", "g", "G", "${q} = 1"), ("integer", "b", "B", ""), ("end group", "", "", "")]
    return table(("type", "name", "label", "relevant"), *rows).encode()


def missing_list() -> bytes:
    return markdown(("select_one nowhere", "q", "Q"))


def with_macros() -> bytes:
    return packed(parts() | {"xl/vbaProject.bin": b"\0" * 100})


Case = tuple[str, Callable[[], bytes], str, int]
"""(file name, what makes it, code of the first refusal or of a warning, exit code)."""

CASES: dict[str, Case] = {
    "nothing": ("form.xlsx", lambda: b"", "unreadable", 2),
    "no text": ("form.md", lambda: b"", "no_survey", 1),
    "words": ("form.xlsx", lambda: b"Bonjour", "unreadable", 2),
    "cut": ("form.xlsx", truncated, "unreadable", 2),
    "altered": ("form.xlsx", altered, "unreadable", 2),
    "password": ("form.xlsx", with_password, "protected", 2),
    "password, old": ("form.xls", with_password, "protected", 2),
    "old garbage": ("form.xls", old_garbage, "unreadable", 2),
    "a letter": ("form.xlsx", letter, "file_type", 2),
    "a letter by name": ("form.docx", letter, "file_type", 2),
    "LibreOffice": ("form.ods", open_document, "file_type", 2),
    "LibreOffice renamed": ("form.xlsx", open_document, "file_type", 2),
    "zip bomb": ("form.xlsx", zip_bomb, "too_large", 2),
    "zip bomb that lies": ("form.xlsx", zip_bomb_that_lies, "unreadable", 2),
    "nested zip bomb": ("form.xlsx", nested_bomb, "unreadable", 2),
    "60,000 members": ("form.xlsx", many_members, "too_large", 2),
    "wide dimension": ("form.xlsx", wide_dimension, "missing_level", 0),
    "a cell in the last row": ("form.xlsx", far_cell, "too_many_rows", 1),
    "200,000 empty rows": ("form.xlsx", empty_formatted_rows, "missing_level", 0),
    "a million texts": ("form.xlsx", shared_texts_bomb, "too_large", 2),
    "one long text": ("form.xlsx", one_long_shared_text, "too_large", 2),
    "entities": ("form.xlsx", entity_bomb, "unreadable", 2),
    "a file as entity": ("form.xlsx", foreign_entity, "unreadable", 2),
    "deep XML": ("form.xlsx", deep_xml, "unreadable", 2),
    "a tag without end": ("form.xlsx", unclosed_tag, "too_large", 2),
    "10 MB of text": ("form.md", long_text, "too_large", 2),
    "a cell of 9 MB": ("form.md", long_row, "too_large", 2),
    "5 million bars": ("form.md", many_bars, "too_large", 2),
    "100,000 rows": ("form.xlsx", many_rows, "too_many_rows", 1),
    "100,000 rows of text": ("form.md", many_rows_in_text, "too_many_rows", 1),
    "5,000 columns": ("form.xlsx", many_columns, "too_many_columns", 1),
    "1,000 groups in groups": ("form.md", many_groups, "too_deep", 1),
    "30,000 brackets": ("form.md", many_brackets, "too_large", 2),
    "150,000 references": ("form.md", many_references, "formulas_too_long", 1),
    "a million references in labels": ("form.md", many_references_in_labels, "formulas_too_long", 1),
    "a long formula": ("form.md", long_formula, "formula_too_long", 1),
    "long names": ("form.md", long_names, "long_name", 1),
    "200 languages": ("form.md", many_languages, "too_many_languages", 1),
    "200 questions of 20,000 choices": ("form.md", many_choices, "too_many_choices", 1),
    "a column nobody declared": ("form.md", foreign_column, "unknown_namespace", 1),
    "2,900 unknown types": ("form.md", many_unknown_types, "unknown_type", 1),
    "NUL in a label": ("form.md", in_label("\0"), "characters", 1),
    "NUL in a name": ("form.md", in_name("\0"), "characters", 1),
    "NUL in a formula": ("form.md", in_formula("\0"), "characters", 1),
    "a bell": ("form.md", in_label("\a"), "characters", 1),
    "bidi override": ("form.md", in_label("\u202e"), "characters", 1),
    "bidi override in a formula": ("form.md", in_formula("\u2066"), "characters", 1),
    "a lone surrogate": ("form.md", lambda: b"| survey |\n| | type |\n| | \xed\xa0\x80 |\n", "encoding", 2),
    "a lone surrogate, escaped": ("form.xlsx", escaped_in_workbook("D800"), "characters", 1),
    "NUL, escaped": ("form.xlsx", escaped_in_workbook("0000"), "characters", 1),
    "a surrogate as entity": ("form.xlsx", numeric_entity, "unreadable", 2),
    "UTF-16": ("form.md", lambda: "| survey |".encode("utf-16"), "encoding", 2),
    "two surveys": ("form.xlsx", two_surveys, "duplicate_sheet", 1),
    "two surveys in a text": ("form.md", two_surveys_in_text, "duplicate_sheet", 1),
    "two members of one name": ("form.xlsx", two_members_of_one_name, "unreadable", 2),
    "crossed groups": ("form.md", crossed_groups, "unopened_group", 1),
    "groups that wait for each other": ("form.md", group_inside_itself, "cycle", 1),
    "a missing list": ("form.md", missing_list, "missing_choices", 1),
    "macros": ("form.xlsm", with_macros, "macros", 0),
}
