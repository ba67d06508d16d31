"""relais form fill and form eval as a program calls them: another process, no installation, whatever it is given."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from workflow.catalogue.cli import form

RELAIS = Path(sys.executable).with_name("relais")
DONE, REFUSED, UNUSABLE = 0, 1, 2
Fill = Callable[[str], tuple[int, dict[str, Any]]]

FORM = """
| survey |
| | type | name | label | calculation | constraint | constraint_message | required | relevant | repeat_count |
| | begin group | g | G | | | | | | |
| | integer | age | Age | | . < 120 | Too old | yes | | |
| | decimal | rent | Rent | | | | | | |
| | text | word | Word | | | | | | |
| | date | day | Day | | | | | | |
| | select_multiple c | many | Many | | | | | | |
| | acknowledge | read | Read | | | | | | |
| | end group | | | | | | | | |
| | calculate | share | | ${rent} div ${age} | | | | | |
| | decimal | shown | Shown | ${rent} div ${age} | | | | ${age} >= 0 | |
| | integer | children | Children | | | | | | |
| | begin repeat | child | Child | | | | | | ${children} |
| | text | name | Name | | | | | | |
| | end repeat | | | | | | | | |
| | begin repeat | car | Car | | | | | | |
| | text | plate | Plate | | | | | | |
| | end repeat | | | | | | | | |
| choices |
| | list_name | name | label |
| | c | a | A |
| | c | b | B |
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(form, [str(one) for one in arguments])


@pytest.fixture
def fill(tmp_path: Path) -> Fill:
    """Fill the form above with some JSON: the exit code and what was said."""
    (tmp_path / "form.md").write_text(FORM, "utf-8")

    def filled(answers: str) -> tuple[int, dict[str, Any]]:
        (tmp_path / "answers.json").write_bytes(answers.encode("utf-8", "surrogatepass"))
        ran = run("fill", tmp_path / "form.md", tmp_path / "answers.json", "--now", "2026-11-23T14:00", "--json")
        assert ran.exception is None or isinstance(ran.exception, SystemExit)
        return ran.exit_code, json.loads(ran.stdout) if ran.exit_code == DONE else {"said": ran.stderr}

    return filled


def test_it_runs_as_a_process_without_any_installation(tmp_path: Path) -> None:
    (tmp_path / "form.md").write_text(FORM, "utf-8")
    (tmp_path / "answers.json").write_text('{"g": {"age": 30, "rent": 600}}', "utf-8")
    (tmp_path / "x.xml").write_text("<data><a>3</a></data>", "utf-8")
    bare = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "ascii"}
    asked = (["fill", "form.md", "answers.json", "--json"], ["eval", "-/data/a - 1", "--instance", "x.xml", "--json"])
    for arguments in asked:
        command = [RELAIS, "form", *arguments]
        ran = subprocess.run(command, cwd=tmp_path, env=bare, capture_output=True, timeout=60, check=False)
        assert (ran.returncode, ran.stderr) == (DONE, b"")
        told = json.loads(ran.stdout)
    assert told == {"type": "number", "value": -4}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answers.json", "form.md", "x.xml"]


def test_values_are_said_by_path_with_relevance_obligation_and_errors(fill: Fill) -> None:
    code, told = fill('{"g": {"age": 30, "rent": 600, "day": "2026-11-23", "many": ["a", "b"], "read": true}}')
    assert (code, set(told)) == (DONE, {"values", "relevant", "required", "errors"})
    values = told["values"]
    assert (values["/data/g/age"], values["/data/g/rent"], values["/data/shown"]) == (30, 600, 20)
    assert (values["/data/g/day"], values["/data/g/many"], values["/data/g/read"]) == ("2026-11-23", ["a", "b"], True)
    assert (told["required"]["/data/g/age"], told["relevant"]["/data/shown"], told["errors"]) == (True, True, [])


@pytest.mark.parametrize("many", ['["a", "b"]', '"a b"'])
def test_several_choices_are_a_list_or_a_text(fill: Fill, many: str) -> None:
    _, told = fill(f'{{"g": {{"age": 1, "many": {many}}}}}')
    assert told["values"]["/data/g/many"] == ["a", "b"]


@pytest.mark.parametrize(
    ("answers", "path", "kind"),
    [
        ('{"g": {"age": "douze"}}', "/data/g/age", "type"),
        ("{}", "/data/g/age", "required"),
        ('{"g": {"age": 130}}', "/data/g/age", "constraint"),
        ('{"g": {"age": 1, "many": "z"}}', "/data/g/many", "choice"),
        ('{"g": {"age": 1e400}}', "/data/g/age", "type"),
        ('{"g": {"age": 123456789012345678901234567890}}', "/data/g/age", "type"),
        ('{"g": {"age": true}}', "/data/g/age", "type"),
    ],
)
def test_errors_have_one_of_four_kinds(fill: Fill, answers: str, path: str, kind: str) -> None:
    code, told = fill(answers)
    assert (code, [(error["path"], error["kind"]) for error in told["errors"]]) == (DONE, [(path, kind)])
    assert set(told["errors"][0]) == {"path", "kind", "message"}


def test_the_author_s_sentence_goes_first(fill: Fill) -> None:
    assert fill('{"g": {"age": 130}}')[1]["errors"][0]["message"] == "Too old"


def test_repeats_are_lists_and_a_count_makes_the_rows_that_are_missing(fill: Fill) -> None:
    _, told = fill('{"g": {"age": 1}, "children": 3, "child": [{"name": "Lina"}], "car": [{"plate": "AA"}, {}]}')
    values = told["values"]
    assert [values[f"/data/child[{row}]/name"] for row in (1, 2, 3)] == ["Lina", None, None]
    assert (values["/data/car[1]/plate"], values["/data/car[2]/plate"]) == ("AA", None)


def test_a_number_that_is_none_is_a_text(fill: Fill) -> None:
    values = fill('{"g": {"age": 0, "rent": 600}}')[1]["values"]
    assert values["/data/shown"] == "Infinity"


@pytest.mark.parametrize(("typed", "stored"), [("1e-7", 1e-7), ("0.1", 0.1), ("1e5", 100000)])
def test_numbers_are_taken_without_exponents(fill: Fill, typed: str, stored: float) -> None:
    _, told = fill(f'{{"g": {{"age": 1, "rent": {typed}}}}}')
    assert (told["errors"], told["values"]["/data/g/rent"]) == ([], stored)


@pytest.mark.parametrize("word", [r"\u0000a", r"\ud800a", "\ud800a", r"\u202ea", "\\u0061"])
def test_characters_that_nothing_can_store_are_left_out(fill: Fill, word: str) -> None:
    code, told = fill(f'{{"g": {{"age": 1, "word": "{word}"}}}}')
    if "\ud800" in word:  # no UTF-8 at all
        assert code == UNUSABLE
    else:
        assert (code, told["values"]["/data/g/word"]) == (DONE, "a")


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ("", UNUSABLE),
        ("{", UNUSABLE),
        ("[]", UNUSABLE),
        ('"x"', UNUSABLE),
        ('{"g": {"age": NaN}}', UNUSABLE),
        ('{"g": {"age": -Infinity}}', UNUSABLE),
        ('{"children": 1, "children": 2}', UNUSABLE),
        ('{"g": {"age": ' + "9" * 5000 + "}}", UNUSABLE),
        ('{"g":' * 3000 + "1" + "}" * 3000, UNUSABLE),
        ('{"nothing": 1}', REFUSED),
        (r'{"\ud800": 1}', REFUSED),
        ('{"g": "x"}', REFUSED),
        ('{"g": {"age": {"x": 1}}}', REFUSED),
        ('{"g": {"age": [1, 2]}}', REFUSED),
        ('{"car": {"plate": "AA"}}', REFUSED),
        ('{"car": ["AA"]}', REFUSED),
        ('{"car": [' + "{}," * 500 + "{}]}", REFUSED),
    ],
)
def test_answers_that_cannot_be_taken_are_refused_with_a_sentence(fill: Fill, answers: str, code: int) -> None:
    found, told = fill(answers)
    assert found == code
    assert len(told["said"].strip()) > 10


def test_as_many_rows_as_the_limit_are_taken(fill: Fill) -> None:
    code, told = fill('{"g": {"age": 1}, "car": [' + "{}," * 499 + '{"plate": "last"}]}')
    assert (code, told["values"]["/data/car[500]/plate"]) == (DONE, "last")


@pytest.mark.parametrize("folder", [".", "media"])
def test_lists_in_other_files_are_found_beside_the_form(tmp_path: Path, folder: str) -> None:
    rows = ["| survey |", "| | type | name | label |", "| | select_one_from_file towns.csv | town | Town |"]
    (tmp_path / "form.md").write_text("\n".join(rows), "utf-8")
    (tmp_path / "answers.json").write_text('{"town": "nowhere"}', "utf-8")
    assert run("fill", tmp_path / "form.md", tmp_path / "answers.json").exit_code == REFUSED
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / "towns.csv").write_text("name,label\ng,Grenoble\n", "utf-8")
    ran = run("fill", tmp_path / "form.md", tmp_path / "answers.json")
    assert (ran.exit_code, json.loads(ran.stdout)["errors"][0]["kind"]) == (DONE, "choice")


@pytest.mark.parametrize("now", ["yesterday", "2026-13-01", ""])
def test_an_instant_that_is_none_is_wrong_usage(tmp_path: Path, now: str) -> None:
    (tmp_path / "x.xml").write_text("<data/>", "utf-8")
    ran = run("eval", "today()", "--instance", tmp_path / "x.xml", "--now", now or "x")
    assert ran.exit_code == UNUSABLE


@pytest.mark.parametrize(
    ("expression", "kind", "value"),
    [
        ("-1", "number", -1),
        ("--1", "number", 1),
        ("- /data/a", "number", -3),
        ("-/data/a = -3", "boolean", True),
        ("--/data/a=3", "boolean", True),
        ("-number('x')", "number", "NaN"),
        ("-1 div 0", "number", "-Infinity"),
        ("date('2026-11-23')", "date", "2026-11-23"),
        ("/data/b", "nodeset", "é"),
        ("/data/r[2]/p", "nodeset", "2"),
        ("/data/none/deeper", "nodeset", ""),
    ],
)
def test_an_expression_may_begin_with_a_minus_sign(tmp_path: Path, expression: str, kind: str, value: Any) -> None:
    file = tmp_path / "x.xml"
    file.write_text("<data><a>3</a><b>é</b><r><p>1</p></r><r><p>2</p></r></data>", "utf-8")
    ran = run("eval", expression, "--instance", file, "--json")
    assert (ran.exit_code, json.loads(ran.stdout)) == (DONE, {"type": kind, "value": value})


@pytest.mark.parametrize(
    ("expression", "xml", "more", "code"),
    [
        ("", "<data/>", [], REFUSED),
        ("(" * 5000, "<data/>", [], REFUSED),
        ("-" * 5000 + "1", "<data/>", [], REFUSED),
        ("1 + 1", "<data/>", ["--context", "/data/none"], REFUSED),
        ("1", "<data", [], UNUSABLE),
        ("1", "", [], UNUSABLE),
        ("1", '<!DOCTYPE d [<!ENTITY e "x">]><data>&e;</data>', [], UNUSABLE),
    ],
)
def test_what_cannot_be_evaluated_says_so(
    tmp_path: Path, expression: str, xml: str, more: list[str], code: int
) -> None:
    (tmp_path / "x.xml").write_text(xml, "utf-8")
    ran = run("eval", "--instance", tmp_path / "x.xml", *more, "--", expression)
    assert (ran.exit_code, bool(ran.stderr.strip())) == (code, True)


def test_a_missing_file_is_wrong_usage(tmp_path: Path) -> None:
    assert run("fill", tmp_path / "none.md", tmp_path / "none.json").exit_code == UNUSABLE
    assert run("eval", "1", "--instance", tmp_path / "none.xml").exit_code == UNUSABLE
    assert run("eval", "1").exit_code == UNUSABLE
