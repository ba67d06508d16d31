"""A list is shown page by page; one page never grows without bound, the workbook always holds everything."""

from io import BytesIO

import pytest
from flask import Flask, g
from openpyxl import load_workbook

from tests import factories
from tests.cast import NADIA
from workflow.db import EVERYTHING, enter_scope
from workflow.web import listed


def shown(app: Flask, address: str, count: int) -> str | bytes:
    rows = [f"ligne {number}" for number in range(count)]
    columns = [listed.Column("Nom", lambda row: row)]
    nothing = listed.Empty("Rien", "Rien encore.")
    identity = factories.identity(NADIA)
    with app.test_request_context(address):
        app.preprocess_request()
        enter_scope(EVERYTHING)
        g.identity = identity
        answer = listed.show(listed.Listed("Essai", "", columns, rows, count, nothing))
        return answer if isinstance(answer, str) else answer.data


@pytest.mark.parametrize(("count", "all_of_them"), [(60, True), (1500, False)])
def test_everything_on_one_page_is_offered_only_when_it_fits(app: Flask, count: int, all_of_them: bool) -> None:
    first = shown(app, "/organisations", count)
    assert first.count("ligne ") == listed.PAGE
    assert ("all=1" in first) is all_of_them
    assert shown(app, "/organisations?all=1", count).count("ligne ") == (count if all_of_them else listed.PAGE)


def test_the_workbook_holds_every_line(app: Flask) -> None:
    book = load_workbook(BytesIO(shown(app, "/organisations?format=xlsx", 1500)))
    assert sum(str(row[0].value).startswith("ligne ") for row in book.active.iter_rows()) == 1500
