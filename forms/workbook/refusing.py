"""Refusals that speak of the file as a whole."""

from __future__ import annotations

from forms.findings import Finding, FormRefused


def refuse(
    code: str, message: str, hint: str = "", sheet: str = "", row: int | None = None, **params: object
) -> FormRefused:
    """A refusal of the whole file; sheet and row where one is to blame."""
    return FormRefused((Finding("refused", code, sheet, row, "", message, params, hint),))


def unreadable() -> FormRefused:
    return refuse("unreadable", "This file cannot be read.", "Open it in your spreadsheet and save it again as .xlsx.")


def too_much() -> FormRefused:
    message = "This workbook becomes too large when it is opened."
    hint = "Copy the rows you filled into a new workbook: empty formatted rows and pictures take room too."
    return refuse("too_large", message, hint)


def too_many_rows(sheet: str, row: int, limit: int) -> FormRefused:
    message = "The sheet %(name)s goes beyond row %(limit)s."
    hint = "Remove what stands below, or put long lists into a .csv file and use select_one_from_file."
    return refuse("too_many_rows", message, hint, sheet, row, name=sheet, limit=limit)


def too_many_columns(sheet: str, limit: int) -> FormRefused:
    message = "The sheet %(name)s has more than %(limit)s columns."
    return refuse("too_many_columns", message, "Remove the columns you do not use.", sheet, 1, name=sheet, limit=limit)
