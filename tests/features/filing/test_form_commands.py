"""relais form check, fill, eval: exit codes and JSON, without any installation."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from workflow.catalogue.cli import form

DIAGNOSIS = Path(__file__).parents[3] / "templates/procedures/diagnostic-social/form.md"
DONE, REFUSED, UNUSABLE = 0, 1, 2


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(form, [str(one) for one in arguments])


def sheet(folder: Path, *rows: str) -> Path:
    file = folder / "form.md"
    lines = ["| survey |", "| | type | name | label | relevant | required |", *rows]
    lines += ["| settings |", "| | form_id | version |", "| | essai | 1 |"]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def test_the_published_form_is_usable() -> None:
    ran = run("check", DIAGNOSIS, "--json")
    assert (ran.exit_code, json.loads(ran.output)["ok"]) == (DONE, True)


def test_a_remark_does_not_refuse_the_form(tmp_path: Path) -> None:
    ran = run("check", sheet(tmp_path, "| | integer | age | Âge | | |"), "--json")
    told = json.loads(ran.output)
    assert (ran.exit_code, told["ok"]) == (DONE, True)
    assert {finding["level"] for finding in told["findings"]} == {"warning"}


def test_a_refusal_says_sheet_row_and_column(tmp_path: Path) -> None:
    file = sheet(tmp_path, "| | integer | age | Âge | | |", "| | text | note | Note | ${nobody} > 3 | |")
    ran = run("check", file, "--json")
    refused = [one for one in json.loads(ran.output)["findings"] if one["level"] == "refused"]
    assert ran.exit_code == REFUSED
    assert (refused[0]["sheet"], refused[0]["row"]) == ("survey", 3)
    assert refused[0]["message"]


@pytest.mark.parametrize("name", ["form.xlsx", "form.xls", "form.pdf"])
def test_a_file_that_is_no_workbook_is_unusable(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"junk")
    assert run("check", tmp_path / name).exit_code == UNUSABLE


def test_filling_says_values_relevance_obligation_and_errors(tmp_path: Path) -> None:
    rows = ("| | integer | age | Âge | | yes |", "| | text | school | École | ${age} < 18 | |")
    (tmp_path / "answers.json").write_text('{"age": "douze"}', "utf-8")
    ran = run("fill", sheet(tmp_path, *rows), tmp_path / "answers.json", "--now", "2026-11-23T14:00")
    told = json.loads(ran.output)
    assert ran.exit_code == DONE
    assert set(told) == {"values", "relevant", "required", "errors"}
    assert told["required"]["/data/age"] is True
    assert [(error["path"], error["kind"]) for error in told["errors"]] == [("/data/age", "type")]
    assert set(told["errors"][0]) == {"path", "kind", "message"}


@pytest.mark.parametrize(("answers", "code"), [("{", UNUSABLE), ("[]", UNUSABLE), ('{"nothing": 1}', REFUSED)])
def test_answers_of_another_shape_are_refused(tmp_path: Path, answers: str, code: int) -> None:
    (tmp_path / "answers.json").write_text(answers, "utf-8")
    file = sheet(tmp_path, "| | integer | age | Âge | | |")
    assert run("fill", file, tmp_path / "answers.json").exit_code == code


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("/data/a + 1", {"type": "number", "value": 4}),
        ("-/data/a", {"type": "number", "value": -3}),
        ("-(1)", {"type": "number", "value": -1}),
        ("0 div 0", {"type": "number", "value": "NaN"}),
        ("/data/none", {"type": "nodeset", "value": ""}),
        ("today()", {"type": "date", "value": "2026-11-23"}),
        ("concat(./b, '!')", {"type": "string", "value": "x!"}),
    ],
)
def test_an_expression_is_worth_a_type_and_a_value(tmp_path: Path, expression: str, told: dict) -> None:
    file = tmp_path / "instance.xml"
    file.write_text("<data><a>3</a><g><b>x</b></g></data>", "utf-8")
    ran = run("eval", expression, "--instance", file, "--context", "/data/g", "--now", "2026-11-23T14:00")
    assert (ran.exit_code, json.loads(ran.output)) == (DONE, told)


@pytest.mark.parametrize(
    ("expression", "xml", "code"), [("1 +", "<data/>", REFUSED), ("nope(1)", "<data/>", REFUSED), ("1", "x", UNUSABLE)]
)
def test_what_cannot_be_evaluated_is_said(tmp_path: Path, expression: str, xml: str, code: int) -> None:
    (tmp_path / "instance.xml").write_text(xml, "utf-8")
    assert run("eval", expression, "--instance", tmp_path / "instance.xml").exit_code == code
