"""Any XLSForm as an .xlsx that compiles to the same form: what one downloads when the source was a text."""

from __future__ import annotations

from forms.sheets import tables_of
from forms.workbook import read_book
from forms.workbook.writing import write_book


def as_xlsx(source: bytes, filename: str) -> tuple[bytes, str]:
    """(bytes, file name). Keep the stem of the name: a form without a title takes it. Raises FormRefused."""
    tables, _ = tables_of(read_book(source, filename))
    return write_book(tables), f"{filename.rpartition('.')[0] or filename}.xlsx"
