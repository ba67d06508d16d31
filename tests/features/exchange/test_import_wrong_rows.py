"""Rows that are wrong are named, and stop the file until they are left out on purpose."""

import io

from flask import Flask
from lxml import html
from openpyxl import load_workbook

from tests.features.exchange.bringing import BEGIN, Bringing, households, the_run
from tests.features.exchange.files import TITLES, home, xlsx
from workflow import outbox


def test_each_wrong_row_is_named_with_its_sheet_row_and_column(app: Flask, bringing: Bringing) -> None:
    rows = [TITLES, home(1), home(2, building="Nulle part"), home(3, surface="grand"), home(4, name="")]
    bringing.send(xlsx(rows)).press("/columns")
    for told in ("Ménages", "Nulle part", "grand", "Drac A"):
        assert told in bringing.text
    wrong = html.fromstring(bringing.last.text).xpath("//section[@aria-labelledby='wrong']//li")
    assert len(wrong) == 3


def test_wrong_rows_stop_everything_until_they_are_left_out_on_purpose(app: Flask, bringing: Bringing) -> None:
    count = len(households())
    rows = [TITLES, home(1), home(2, surface="grand")]
    bringing.send(xlsx(rows)).press("/columns").press("/start")
    outbox.drain()
    assert bringing.last.status_code == 422
    assert (len(households()), the_run().state) == (count, "checked")
    bringing.press("/start", leave_out="1")
    outbox.drain()
    run = the_run()
    assert (len(households()), run.state, run.counts["wrong"]) == (count + 1, "done", 1)
    assert run.findings == [{"row": 3, "column": "E", "field": "surface", "code": "number"}]
    assert "grand" not in str(run.findings)


def test_the_wrong_rows_are_given_back_as_they_were_with_what_to_mend(app: Flask, bringing: Bringing) -> None:
    rows = [TITLES, home(1), home(2, name="=HYPERLINK(1)", surface="grand")]
    data = xlsx(rows, lambda _book, sheet: setattr(sheet["A3"], "data_type", "s"))
    bringing.send(data).press("/columns")
    answer = bringing.client.get(f"{BEGIN}/{the_run().id}/a-corriger.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    told = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(told) == 2
    assert told[1][:3] == [3, "=HYPERLINK(1)", "Drac A"]
    assert sheet["B2"].data_type == "s"
    assert "E" in told[1][-1] and "grand" in told[1][-1]


def test_two_rows_for_the_same_household_are_found(app: Flask, bringing: Bringing) -> None:
    rows = [TITLES, home(1), home(2, tenant="E-00001"), home(1, tenant=""), home(3)]
    bringing.send(xlsx(rows)).press("/columns")
    wrong = html.fromstring(bringing.last.text).xpath("//section[@aria-labelledby='wrong']//li")
    assert len(wrong) == 2
    assert all(" 2" in one.text_content() for one in wrong)


def test_a_file_that_is_refused_leaves_nothing_behind(app: Flask, bringing: Bringing) -> None:
    bringing.send(xlsx([TITLES, home(1)], lambda _book, sheet: sheet.merge_cells("A2:A3")))
    assert bringing.last.status_code == 422
    assert "A2:A3" in bringing.text
    assert the_run() is None


def test_sending_no_file_is_said(app: Flask, bringing: Bringing) -> None:
    answer = bringing.client.post(BEGIN, data={})
    assert answer.status_code == 422
