"""relais circuit check and simulate: sentences with their place, the course as a table, what they end with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from workflow.catalogue.cli import circuit

LIBRARY = Path(__file__).parents[3] / "templates" / "procedures"
DIAGNOSIS = LIBRARY / "diagnostic-social"
TEXT = """circuit: visite
label: {fr: "Visite", en: "Visit"}
stages:
  - id: remplir
    label: {fr: "Remplir", en: "Fill in"}
    steps:
      - {id: saisie, label: {fr: "Remplir", en: "Fill in"}, kind: fill, who: {role: cesf}}
  - id: valider
    label: {fr: "Valider", en: "Validate"}
    condition: "/data/A/grave = 'oui'"
    steps:
      - {id: accord, label: {fr: "Valider", en: "Validate"}, kind: approval, who: {role: chef_de_projet}}
"""
SCENARIO = """answers: {A: {grave: %s}}
people:
  claire: {role: cesf, organisation: grenoble}
  odile: {role: chef_de_projet, organisation: grenoble}
steps:
  - {at: "2026-03-02T09:00", by: claire, do: submit}
  - {at: "2026-03-03T09:00", by: odile, do: approve}
expect: {phase: approved, open: []}
"""


def relais(*words: object) -> Result:
    return CliRunner().invoke(circuit, list(map(str, words)))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "circuit.yaml"
    path.write_text(TEXT, "utf-8")
    return path


def changed(file: Path, before: str, after: str) -> Path:
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")
    return file


@pytest.mark.parametrize("path", sorted(LIBRARY.glob("*/circuit.yaml")), ids=lambda path: path.parent.name)
def test_a_shipped_circuit_fits_the_form_beside_it(path: Path) -> None:
    told = relais("check", path, "--json")
    assert [one for one in json.loads(told.output)["findings"] if one["level"] == "error"] == []
    assert told.exit_code == 0


def test_a_mistake_is_said_with_its_line_and_column(file: Path) -> None:
    told = relais("check", changed(file, "kind: approval", "kind: aproval"), "--lang", "en")
    assert told.exit_code == 1
    assert "refused – line 12, column 68: “kind” must be one of" in told.output


def test_a_condition_that_is_no_expression_is_refused_where_it_stands(file: Path) -> None:
    told = relais("check", changed(file, "= 'oui'", "= oui)"), "--json")
    (found,) = [one for one in json.loads(told.output)["findings"] if one["level"] == "error"]
    assert (told.exit_code, found["code"], found["line"], found["column"]) == (1, "condition", 10, 16)


def test_what_the_form_and_the_house_lack_is_refused(file: Path) -> None:
    changed(file, "role: cesf", "role: pompier")
    told = relais("check", file, "--json", "--form", LIBRARY / "fiche-relais" / "form.md")
    assert {one["code"] for one in json.loads(told.output)["findings"]} >= {"unknown_path", "unknown_role"}


def test_bodies_and_organisations_are_compared_with_an_operation_and_what_is_not_compared_is_said(file: Path) -> None:
    changed(file, "who: {role: chef_de_projet}", "who: {body: comission, organisation: [acti]}, sees: autor")
    alone = relais("check", file, "--lang", "en")
    assert "line 12, column 130: There is no view “autor” of the answers; the nearest is “author”" in alone.output
    assert "--operation FILE names their operation." in alone.output
    place = file.with_name("place.yaml")
    place.write_text("bodies: [{slug: commission}]\norganisations: [{slug: actis}, 3]", "utf-8")
    told = json.loads(relais("check", file, "--json", "--lang", "en", "--operation", place).output)
    nearest = {one["code"]: one["message"].rpartition("“")[2].split("”")[0] for one in told["findings"]}
    assert (nearest["unknown_body"], nearest["unknown_organisation"]) == ("commission", "actis")
    assert len(told["not_compared"]) == 2
    place.write_text("[", "utf-8")
    assert relais("check", file, "--operation", place).exit_code == 2


def test_a_circuit_that_check_refuses_is_not_simulated_either(file: Path) -> None:
    told = relais("simulate", changed(file, "role: cesf", "role: pompier"), "--lang", "en")
    assert told.exit_code == 1
    assert "There is no role “pompier”" in told.output
    assert "start" not in told.output


def test_a_refusal_is_json_where_json_was_asked_for(file: Path) -> None:
    told = relais("simulate", changed(file, "role: cesf", "role: pompier"), "--json")
    document = json.loads(told.stdout)
    assert (told.exit_code, document["ok"]) == (1, False)
    assert ("unknown_role", 7) in [(one["code"], one["line"]) for one in document["findings"]]


def test_a_file_that_is_no_text_cannot_be_read(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    assert relais("check", file).exit_code == 2
    assert relais("check", file.parent / "nowhere.yaml").exit_code == 2


def test_a_scenario_is_played_over_its_answers_and_told_as_a_table(file: Path) -> None:
    story = file.with_name("story.yaml")
    story.write_text(SCENARIO % "oui", "utf-8")
    told = relais("simulate", file, story, "--lang", "en")
    assert told.exit_code == 0, told.output
    assert "2026-03-03 09:00  odile   approve  accord" in told.output


def test_what_goes_otherwise_than_expected_is_said(file: Path) -> None:
    story = file.with_name("story.yaml")
    story.write_text(SCENARIO % "non", "utf-8")
    told = relais("simulate", file, story, "--lang", "en")
    assert told.exit_code == 1
    assert "differs at steps[1].refused: expected null, found closed" in told.output


def test_without_a_scenario_the_straight_path_is_played(file: Path) -> None:
    told = relais("simulate", file, "--json")
    assert (told.exit_code, json.loads(told.output)["phase"]) == (0, "approved")


def test_a_stored_scenario_is_judged_by_the_rules_of_the_form() -> None:
    told = relais("simulate", DIAGNOSIS / "circuit.yaml", *sorted(DIAGNOSIS.glob("scenarios/straight-through.yaml")))
    assert told.exit_code == 0, told.output


ODD = "steps: [{at: '2026-03-02T09:00', by: claire, do: submit, with: %s}]\npeople: {claire: {role: cesf}}"


@pytest.mark.parametrize(
    "text",
    [
        "steps: 3",
        "[",
        "answers: {A: {grave: oui}}\nsteps: [{at: x, by: y, do: submit}]",
        "steps: " + "[" * 5000,
        "steps: [{at: 2026-13-45, by: claire, do: submit}]\npeople: {claire: {role: cesf}}",
        "answers: !!bool x\nsteps: [{do: tick}]",
        "answers: &a {b: *a}\nsteps: [{do: tick}]",
        ODD % "{confirmed: [[A]]}",
        ODD % "{confirmed: 3}",
        "answers: {'1 x': 3}\n" + ODD % "{}",
        ODD % '{answers: {A: {grave: "\\x00"}}}',
    ],
)
def test_a_scenario_that_makes_no_sense_cannot_be_read(file: Path, text: str) -> None:
    story = file.with_name("story.yaml")
    story.write_text(text, "utf-8")
    told = relais("simulate", file, story)
    assert (told.exit_code, told.exception.__class__) == (2, SystemExit)
    assert "story.yaml" in told.output


def test_a_broken_circuit_is_not_played(file: Path) -> None:
    assert relais("simulate", changed(file, "stages:", "stage:")).exit_code == 1
