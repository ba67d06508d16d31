"""The list of households as a workbook: same filters, cut to the reader, and nothing in it gives orders."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests import factories
from tests.cast import CLAIRE, FRANCOIS, NADIA
from tests.features.conftest import SignIn
from workflow.db import db
from workflow.dossiers import actions
from workflow.exchange import actions as exchange

ORDERS = ("=1+1", "@SUM(A1)", "+33 6 39 98 50 01", "-2", "http://example.org/", "{=A1}", "007")


def _rows(client: FlaskClient, **asked: object) -> list[tuple[Any, ...]]:
    """Every line of the sheet, the titles first."""
    answer = client.get("/households.xlsx", query_string=asked)
    assert answer.status_code == 200
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True))


def _texts(rows: list[tuple[Any, ...]]) -> set[str]:
    return {str(value) for row in rows for value in row if value is not None}


def test_the_workbook_holds_the_whole_list_not_one_page(app: Flask, sign_in: SignIn) -> None:
    exchange.put_households(factories.MISTRAL, 60)
    db.session.commit()
    assert len(_rows(sign_in(CLAIRE))) == 1 + 60


def test_the_workbook_follows_the_filters_of_the_page(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_household(5)
    reference, name = row.reference, row.name
    db.session.rollback()
    rows = _rows(sign_in(CLAIRE), q=reference)
    assert len(rows) == 2
    assert {reference, name} <= _texts(rows)


def test_who_may_not_read_names_receives_no_such_column(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_dossier_before_the_committee(agreements=("actis", "prefecture-isere"))
    household = row.household
    secret = {household.name, household.dwelling, household.address, household.phone, household.email} - {None, ""}
    known = household.reference
    db.session.rollback()
    named, other = _rows(sign_in(CLAIRE)), _rows(sign_in(FRANCOIS))
    assert secret <= _texts(named)
    assert secret & _texts(other) == set()
    assert len(other) == 2 and known in _texts(other)
    assert len(other[0]) == len(named[0]) - 7


@pytest.mark.parametrize("name", ORDERS)
def test_a_text_stays_a_text_whatever_it_begins_with(app: Flask, sign_in: SignIn, name: str) -> None:
    told = {"reference": "ACT-009999", "name": name, "dwelling": "ZZ-1", "landlord": "actis", "phone": name}
    actions.put_household("mistral", told, NADIA)
    db.session.commit()
    answer = sign_in(CLAIRE).get("/households.xlsx", query_string={"q": "ACT-009999"})
    cells = [cell for row in load_workbook(BytesIO(answer.data)).active.iter_rows(min_row=2) for cell in row]
    ours = [cell for cell in cells if cell.value == name]
    assert len(ours) == 2
    assert {cell.data_type for cell in ours} == {"s"}
    assert [cell.hyperlink for cell in ours if cell.hyperlink] == []


def test_days_are_days_and_numbers_are_numbers(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_submitted_dossier()
    reference, persons = row.household.reference, row.household.persons
    db.session.rollback()
    [_titles, line] = _rows(sign_in(CLAIRE), q=reference)
    days = [value for value in line if isinstance(value, date | datetime)]
    assert len(days) == 2, "since when, and until when"
    assert persons in line
