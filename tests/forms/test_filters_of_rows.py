"""In the filter of a repeat a question is that of the row looked at: the author who wants all rows is told."""

from __future__ import annotations

import pytest

from forms.xlsform import compile_xlsform

ROWS = """
| survey |
| | type | name | label | calculation | bind::relais:level |
| | begin repeat | person | P | | |
| | integer | age | A | | V1 |
| | begin repeat | meal | M | | |
| | integer | price | P | | V1 |
| | end repeat | | | | |
| | end repeat | | | | |
| | integer | limit | L | | V1 |
"""


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("count(${person}[age = max(${age})])", [{"call": "max", "name": "age"}]),
        ("count(${age}[. = max(${age})])", [{"call": "max", "name": "age"}]),
        ("count(${person}[age > 1 and age < sum(${age})])", [{"call": "sum", "name": "age"}]),
        ("count(${person}[${age} > 17])", []),
        ("count(${person}[age = max(${limit})])", []),
        ("count(${person}[sum(${price}) > 10])", []),
        ("count(${meal}[price = max(${price})])", [{"call": "max", "name": "price"}]),
        ("max(${age})", []),
    ],
)
def test_a_function_of_all_rows_that_sees_one_is_told(formula: str, told: list[dict[str, str]]) -> None:
    source = f"{ROWS}| | calculate | c | | {formula} | V1 |\n"
    found = compile_xlsform(source.encode(), "form.md").findings
    assert [one.params for one in found if one.code == "filter_row"] == told
