"""What a person typed means the same, however it was typed."""

from datetime import date, timedelta

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import from_excel, to_excel

from workflow.exchange.rules.importing import cells
from workflow.exchange.rules.importing.cells import Misread
from workflow.exchange.rules.importing.sheet import Flaw, letters, position
from workflow.exchange.rules.importing.xlsx import day_of, is_date_format

DAYS = st.dates(date(1950, 1, 1), date(2068, 12, 31))
FORMS = (
    "dd/MM/yyyy",
    "d/M/yyyy",
    "dd-MM-yyyy",
    "dd.MM.yyyy",
    "d MMMM yyyy",
    "EEEE d MMMM yyyy",
    "d MMM yyyy",
    "yyyy-MM-dd",
)


@given(DAYS, st.sampled_from(FORMS))
@settings(max_examples=200)
def test_a_day_is_read_in_every_way_the_french_write_it(day: date, form: str) -> None:
    assert cells.day(format_date(day, form, locale="fr")) == day
    assert cells.day(format_date(day, form, locale="fr").upper()) == day


@given(st.dates(date(1927, 6, 1), date(2100, 1, 1)))
@settings(max_examples=100)
def test_a_serial_number_of_excel_is_its_day(day: date) -> None:
    assert cells.day(float(to_excel(day))) == day == cells.day(day)


@given(st.integers(61, 100_000), st.booleans())
@settings(max_examples=100)
def test_serial_numbers_agree_with_an_independent_reader(serial: int, since_1904: bool) -> None:
    epoch = date(1904, 1, 1) if since_1904 else date(1899, 12, 30)
    assert day_of(serial, since_1904=since_1904) == epoch + timedelta(days=serial)
    assert since_1904 or day_of(serial) == from_excel(serial).date()


def test_the_first_days_of_excel_follow_its_leap_year_that_never_was() -> None:
    assert [day_of(1), day_of(59), day_of(60), day_of(61)] == [
        date(1900, 1, 1),
        date(1900, 2, 28),
        None,
        date(1900, 3, 1),
    ]


@pytest.mark.parametrize(
    "told", ["31/02/2026", "32/01/2026", "12/13/2026", "mars", "12 brumaire 2026", "hier", "", 3.5, True]
)
def test_what_is_no_day_is_said(told: object) -> None:
    with pytest.raises(Misread) as caught:
        cells.day(told)
    assert caught.value.code == "day"


def test_short_years_and_first_days_are_understood() -> None:
    assert cells.day("1er mars 26") == cells.day("01/03/26") == date(2026, 3, 1)
    assert cells.day("12/03/98") == date(1998, 3, 12)


@given(st.decimals(5, 999, places=2))
@settings(max_examples=200)
def test_a_decimal_is_read_with_comma_point_spaces_and_unit(value: object) -> None:
    told = float(value)
    for written in (f"{told:.2f}", f"{told:.2f}".replace(".", ","), f" {told:.2f} m² ".replace(".", ","), told):
        assert cells.decimal(written, 5, 999) == told


@given(st.decimals(1000, 999_999, places=2))
@settings(max_examples=100)
def test_spaces_and_points_between_thousands_do_not_matter(value: object) -> None:
    told = float(value)
    for written in (format_decimal(told, locale="fr"), format_decimal(told, "#,##0.00", locale="de"), f"{told:,.2f}"):
        assert cells.decimal(written, 0, 1_000_000) == told


@given(st.text(max_size=30))
@settings(max_examples=200)
def test_any_text_at_all_is_read_or_refused_by_name(written: str) -> None:
    for read in (cells.day, cells.phone, cells.email, cells.dwelling_type, lambda told: cells.decimal(told, 0, 9e9)):
        try:
            read(written)
        except Misread as slip:
            assert slip.message % slip.params


@pytest.mark.parametrize(
    ("told", "read"),
    [("T3", "T3"), ("t 3", "T3"), ("F4", "T4"), ("3", "T3"), (3.0, "T3"), ("3 pièces", "T3"), ("Studio", "T1"),
     ("T1 bis", "T1 bis"), ("type 5", "T5")],
)  # fmt: skip
def test_types_of_dwellings_are_one_list(told: object, read: str) -> None:
    assert cells.dwelling_type(told) == read


@pytest.mark.parametrize(
    "told", ["0465710000", "04.65.71.00.00", "+33 4 65 71 00 00", "0033465710000", 465710000.0, 465710000]
)
def test_french_telephone_numbers_are_written_in_pairs(told: object) -> None:
    assert cells.phone(told) == "04 65 71 00 00"


def test_a_number_in_a_text_column_is_written_as_people_write_it() -> None:
    assert [cells.text(value, 40) for value in (204.0, 62.5, 123456789012.0, "  A   12 ")] == [
        "204",
        "62,5",
        "123456789012",
        "A 12",
    ]


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (date(2026, 3, 12), "became_date"),
        (Flaw("formula"), "formula"),
        (Flaw("error", "#N/A"), "error"),
        ("x" * 41, "long"),
        (True, "text"),
    ],
)
def test_what_cannot_be_a_text_says_why(told: object, code: str) -> None:
    with pytest.raises(Misread) as caught:
        cells.text(told, 40)
    assert caught.value.code == code
    assert caught.value.message % caught.value.params


@pytest.mark.parametrize("told", ["=1+1", "@SUM(A1)", "+33", "-5"])
def test_a_text_that_looks_like_a_formula_stays_a_text(told: str) -> None:
    assert cells.text(told, 40) == told


@given(st.integers(0, 16_383), st.integers(1, 1_048_576))
@settings(max_examples=100)
def test_names_of_cells_go_there_and_back(column: int, row: int) -> None:
    assert position(f"{letters(column)}{row}") == (row, column)


@pytest.mark.parametrize(
    ("code", "shows"),
    [("dd/mm/yyyy", True), ("[$-40C]d mmmm yyyy", True), ("General", False), ("0.00", False), ('0" jours"', False),
     ("#,##0 [$€-40C]", False), ("@", False), ("[Red]0.0", False)],
)  # fmt: skip
def test_a_number_is_a_date_by_its_format_only(code: str, shows: bool) -> None:
    assert is_date_format(code) is shows
