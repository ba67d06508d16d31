"""Why a file is not taken, in words: English msgids by code."""

from __future__ import annotations

from typing import Any

REFUSALS = {
    "empty": "This file is empty.",
    "kind": "Relais reads .xlsx, .ods and .csv files. Open yours in your spreadsheet and save it as one of these.",
    "not_a_table": "This file is not a table. Open it in your spreadsheet, save it as .xlsx, .ods or .csv, "
    "then bring it again.",
    "unreadable": "This file is damaged, or is not what its name says. Open it in your spreadsheet, save it again "
    "as .xlsx, then bring it again.",
    "protected": "This file is protected by a password. Save it without a password, then bring it again.",
    "macro": "This workbook carries a macro, and Relais takes none in. Save it as .xlsx (a workbook without macros), "
    "then bring it again.",
    "too_large": "Unpacked, this file is far too large. Copy only the rows of households into the template, "
    "then bring that file.",
    "too_many_rows": "This file has more than %(count)s rows. Cut it into several files.",
    "too_wide": "The sheet “%(sheet)s” has something beyond its column %(column)s (row %(row)s). "
    "Keep only the columns of households.",
    "all_hidden": "Everything in this file is on hidden sheets (%(names)s). Show the sheet of households, save, "
    "then bring the file again.",
    "quotes": "From row %(row)s on, a quotation mark is opened and never closed, or closed in the middle of a cell.",
    "merged": "In the sheet “%(sheet)s”, cells are merged (%(ranges)s). Undo the merging and write the value in "
    "each row.",
    "no_rows": "The sheet “%(sheet)s” has titles and no household under them.",
}


class FileRefused(Exception):
    """The file cannot be taken at all. `message` is an English msgid with %(name)s parameters."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = REFUSALS[code]
        self.params = params
