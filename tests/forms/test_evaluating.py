"""Results as programs and the shell read them."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone

import pytest

from forms.definition import Form
from forms.evaluating import described, evaluate, evaluate_xml, fill
from forms.expressions import ExpressionError
from forms.instance import Instance, Now, UnknownPath
from forms.storing import UnreadableInstance

XML = "<data><a>5</a><row><p>1</p></row><row><p>2</p></row></data>"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("-1 + 3", ("number", 2)),
        ("1 div 4", ("number", 0.25)),
        ("1 div 0", ("number", "Infinity")),
        ("number('x')", ("number", "NaN")),
        ("/data/a", ("nodeset", "5")),
        ("/data/missing", ("nodeset", "")),
        ("/data/a > 3", ("boolean", True)),
        ("today()", ("date", "2026-03-15")),
        ("now()", ("dateTime", "2026-03-15T10:00:00.000+00:00")),
        ("concat('a', /data/a)", ("string", "a5")),
    ],
)
def test_a_value_is_said_with_its_type(expression: str, expected: tuple, now: Now) -> None:
    assert described(evaluate_xml(expression, XML, now)) == expected


def test_an_expression_may_stand_in_a_row(now: Now) -> None:
    assert described(evaluate_xml("/data/row/p", XML, now, "/data/row[2]/p")) == ("nodeset", "2")


def test_what_cannot_be_evaluated_says_why(now: Now) -> None:
    with pytest.raises(ExpressionError):
        evaluate_xml("1 +", XML, now)
    with pytest.raises(UnreadableInstance):
        evaluate_xml("1", "no xml", now)
    with pytest.raises(UnknownPath):
        evaluate_xml("1", XML, now, "/data/row[9]")


def test_an_expression_over_an_instance_knows_the_types_of_its_form(household: Instance) -> None:
    assert described(evaluate("/data/A/A5 < today()", household)) == ("boolean", True)
    assert described(evaluate("../C1", household, "/data/C/person[2]/age")) == ("nodeset", "Sami Belkacem")


def test_a_filled_form_is_one_json_document(household_form: Form, now: Now) -> None:
    answers = {"A": {"A13": "oui", "A5": "2026-03-02"}, "E": {"rent": 500, "areas": ["mistral"], "city": "e"}}
    found = json.loads(json.dumps(fill(household_form, answers, now)))
    assert found["values"]["/data/A/A5"] == "2026-03-02"
    assert found["values"]["/data/E/rent"] == 500
    assert found["relevant"]["/data/E/effort"] is False
    assert found["required"]["/data/E/rent"] is True
    assert {(error["path"], error["kind"]) for error in found["errors"]} == {
        ("/data/C/person[1]/C1", "required"),
        ("/data/E/areas", "choice"),
    }


@pytest.mark.parametrize(
    "expression",
    [
        "now() >= today()",
        "date(now()) = today()",
        "int(decimal-date-time(now())) = number(today())",
        "round(decimal-date-time(now()) - decimal-date-time(today()), 9) = round(decimal-time(now()), 9)",
        "date-time('2026-11-22T23:50') < now()",
        "date-time(today()) < now()",
        "date-time(decimal-date-time(now())) = now()",
        "date-time('2026-11-23T00:10') < now()",
        "date-time('2026-11-23T00:40') > now()",
        "date-time('2026-11-22T23:10:00Z') < now()",
        "date-time('2026-11-22T23:40:00Z') > now()",
    ],
)
def test_an_instant_is_on_the_day_its_clock_says(expression: str) -> None:
    paris = timezone(timedelta(hours=1))
    past_midnight = Now(date(2026, 11, 23), datetime(2026, 11, 23, 0, 30, tzinfo=paris), lambda: 0.5, lambda: "a")
    assert described(evaluate_xml(expression, XML, past_midnight)) == ("boolean", True)
