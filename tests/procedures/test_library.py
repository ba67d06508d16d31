"""The library of procedures as it is shipped: each folder is whole, in French and English, and its examples hold."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from documents.model import Rendered, render
from documents.model import load as load_model
from forms.definition import Form
from forms.definition import load as load_form
from forms.expressions import compile as compiled_expression
from forms.expressions import parse
from forms.expressions.values import to_boolean
from forms.instance import Instance, Now
from forms.xlsform import Compiled, compile_xlsform
from workflow.access import LENSES, ROLES
from workflow.circuit import definition, simulate
from workflow.filing.cli import document

LIBRARY = Path(__file__).parents[2] / "templates" / "procedures"
SLUGS = (
    *("campagne-satisfaction", "charte", "contribution-charte", "convention", "diagnostic-social"),
    *("enquete-satisfaction", "fiche-relais", "proposition-relogement"),
)
BELOW_ZERO = "round_below_zero"
"""A sum of cents has no half to round at its third figure: an amount may be taken below zero."""
SCENARIOS = sorted(
    path for slug in SLUGS if slug != "diagnostic-social" for path in (LIBRARY / slug / "scenarios").rglob("*.yaml")
)
"""Those of the diagnosis are played elsewhere, with the answers of a household."""
CIRCUITS = sorted(
    path for slug in SLUGS for path in (*LIBRARY.glob(f"{slug}/c*/*.yaml"), LIBRARY / slug / "circuit.yaml")
)
MODELS = sorted(LIBRARY.glob("*/documents/*.example.json"))
LANGUAGES = ["fr", "en", "ar", "tr", "pt", "es"]


@cache
def compiled(slug: str) -> Compiled:
    return compile_xlsform((LIBRARY / slug / "form.md").read_bytes(), "form.md")


@cache
def form_of(slug: str) -> Form:
    return load_form(compiled(slug).xml)


def read(slug: str, name: str) -> dict[str, Any]:
    return yaml.safe_load((LIBRARY / slug / name).read_text("utf-8"))


@pytest.fixture
def answered(now: Now) -> Callable[[str, Mapping[str, Any]], Instance]:
    def answer(slug: str, said: Mapping[str, Any]) -> Instance:
        instance = Instance.from_answers(form_of(slug), dict(said), now)
        instance.recompute()
        return instance

    return answer


def example(slug: str) -> dict[str, Any]:
    return json.loads((LIBRARY / slug / "example.json").read_text("utf-8"))


def test_the_eight_procedures_are_there() -> None:
    assert sorted(path.parent.name for path in LIBRARY.glob("*/procedure.yaml")) == list(SLUGS)
    assert all(read(slug, "procedure.yaml")["slug"] == slug for slug in SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_form_compiles_without_a_remark_that_matters(slug: str) -> None:
    assert {finding.code for finding in compiled(slug).findings} <= {BELOW_ZERO}


@pytest.mark.parametrize("slug", SLUGS)
def test_the_example_answers_are_complete_and_right(slug: str, answered: Callable[..., Instance]) -> None:
    instance = answered(slug, example(slug))
    assert [(error.path, error.kind) for error in instance.errors()] == []
    for section in form_of(slug).sections:
        inside = (node for path, node, _question in instance.leaves() if path.startswith(f"{section.path}/"))
        assert any(node.text for node in inside), section.name


def folder_of(path: Path) -> Path:
    """Of the procedure in which a circuit or a scenario lies."""
    return next(one for one in path.parents if one.parent == LIBRARY)


def course_of(scenario: Path) -> Path:
    """The circuit a scenario is played on: that of the procedure, or of the variant its folder is called after."""
    folder = folder_of(scenario)
    if scenario.parent.name == "scenarios":
        return folder / "circuit.yaml"
    told = yaml.safe_load((folder / "procedure.yaml").read_text("utf-8"))["variants"]
    return folder / next(one["circuit"] for one in told if one["name"] == scenario.parent.name)


@pytest.mark.parametrize("path", CIRCUITS, ids=lambda path: f"{folder_of(path).name}-{path.stem}")
def test_a_circuit_names_only_what_its_form_and_the_house_know(path: Path) -> None:
    slug = folder_of(path).name
    circuit, form = definition.load(path.read_text("utf-8")), form_of(slug)
    sections = [section.name for section in form.sections]
    found = definition.check(circuit, form_paths=form.questions.keys(), sections=sections, roles=[*ROLES, "household"])
    # a survey is answered, a relay is answered: nobody approves them
    assert {finding.code for finding in found} <= {"nobody_decides"}
    told = read(slug, "procedure.yaml")
    assert {step.sees for step in circuit.steps() if step.sees} <= set(told["lenses"])
    asked = {role for step in circuit.steps() for role in step.who.role}
    assert asked <= set(told["roles"])


@pytest.mark.parametrize("slug", SLUGS)
def test_the_settings_of_a_procedure_name_questions_lists_and_lenses_that_exist(slug: str) -> None:
    told, form = read(slug, "procedure.yaml"), form_of(slug)
    paths = [told[name] for name in ("agreements", "remarks") if name in told]
    paths += [*told.get("prefill", {}), *told.get("relations", {}).values()]
    assert set(paths) <= set(form.questions)
    for other in told.get("prefill", {}).values():
        assert isinstance(other, str) or other["path"] in form_of(other["procedure"]).questions
    for paper in told["documents"]:
        assert (LIBRARY / slug / paper["model"]).exists()
        assert {audience["lens"] for audience in paper["audiences"]} <= set(LENSES) & set(told["lenses"])


@pytest.mark.parametrize("slug", SLUGS)
def test_every_lens_of_a_procedure_that_the_house_knows_is_the_same(slug: str) -> None:
    for name, told in read(slug, "procedure.yaml")["lenses"].items():
        if name in LENSES:
            assert LENSES[name].levels == frozenset(told["levels"]), name
            kept = told.get("purposes")
            assert LENSES[name].purposes == (frozenset(kept) if kept else None), name


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{folder_of(path).name}-{path.parent.name}-{path.stem}")
def test_a_stored_scenario_ends_as_it_says(path: Path, answered: Callable[..., Instance]) -> None:
    slug = folder_of(path).name

    def holds(condition: str, said: Mapping[str, Any]) -> bool:
        instance = answered(slug, said)
        return to_boolean(compiled_expression(parse(condition))(instance.at(instance.root)))

    circuit = definition.load(course_of(path).read_text("utf-8"))
    assert simulate.play(circuit, yaml.safe_load(path.read_text("utf-8")), holds)["differs"] == []


@pytest.mark.parametrize("path", CIRCUITS, ids=lambda path: f"{folder_of(path).name}-{path.stem}")
def test_three_scenarios_at_least_are_kept_for_each_circuit(path: Path) -> None:
    kept = [one for one in (folder_of(path) / "scenarios").rglob("*.yaml") if course_of(one) == path]
    assert len(kept) >= 3, path


def rendered(path: Path, told: dict[str, Any]) -> Rendered:
    model = load_model(path.read_text("utf-8"))
    more = {"reference": "SPECIMEN", "date": date(2026, 11, 23), "verify_url": None, "issuer": "Relais"}
    return render(model, told, lang=str(model.meta["lang"]), **more)


@pytest.mark.parametrize("path", MODELS, ids=lambda path: f"{path.parents[1].name}-{path.name.split('.')[0]}")
def test_a_model_is_written_in_both_languages_from_its_example(path: Path) -> None:
    name, told = path.name.split(".")[0], json.loads(path.read_text("utf-8"))
    for text in (path.with_name(f"{name}.md"), path.parent / "en" / f"{name}.md"):
        for audience in ("household", told["audience"]):
            written = rendered(text, told | {"audience": audience})
            assert [finding.code for finding in written.findings] == [], text


@pytest.mark.parametrize("path", MODELS, ids=lambda path: f"{path.parents[1].name}-{path.name.split('.')[0]}")
def test_a_specimen_of_every_paper_is_written(path: Path, tmp_path: Path) -> None:
    model = path.with_name(f"{path.name.split('.')[0]}.md")
    made = CliRunner().invoke(document, ["write", str(model), str(path), "--out", str(tmp_path), "--json"])
    assert made.exit_code == 0, made.output
    told = json.loads(made.output)
    assert (told["findings"], told["missing_characters"]) == ([], [])
    assert {found.suffix for found in tmp_path.iterdir()} == {".docx", ".pdf"}


# -- the survey ---------------------------------------------------------------------------------------------------


def test_the_twenty_nine_questions_are_asked() -> None:
    names = {name for path in form_of("enquete-satisfaction").questions for name in path.split("/")}
    assert {f"Q{number}" for number in range(1, 30)} <= names


def test_the_survey_needs_the_three_answers_it_announces_and_no_other() -> None:
    form = form_of("enquete-satisfaction")
    needed = [path for path, question in form.questions.items() if question.required is not None]
    assert needed == ["/data/A/A_date", "/data/A/A_mode", "/data/A/A_accord"]
    assert "les trois questions ci-dessous" in form.questions["/data/A/A_notice"].label["fr"]


def test_the_survey_speaks_six_languages_everywhere() -> None:
    form = form_of("enquete-satisfaction")
    assert list(form.languages) == LANGUAGES
    codes = {finding.code for finding in compiled("enquete-satisfaction").findings}
    assert codes == set(), "a text that a language lacks is a remark of the check"


@pytest.mark.parametrize(
    ("said", "shown", "hidden"),
    [
        ({"C": {"Q5": "non"}}, "/data/C/Q5", "/data/C/Q6"),
        ({"C": {"Q5": "oui"}}, "/data/C/Q6", "/data/C/Q8_qui"),
        ({"D": {"Q9": 1}}, "/data/D/Q9", "/data/D/Q11"),
        ({"D": {"Q9": 2}}, "/data/D/Q11", "/data/G/Q21"),
        ({"G": {"Q21_enfants": "oui"}}, "/data/G/Q21", "/data/G/Q21_passe"),
    ],
)
def test_a_question_is_asked_where_it_makes_sense(
    said: dict[str, Any], shown: str, hidden: str, answered: Callable[..., Instance]
) -> None:
    instance = answered("enquete-satisfaction", {"A": {"A_accord": "oui"}} | said)
    assert instance.node(shown).relevant
    assert not instance.node(hidden).relevant


def test_who_refuses_to_answer_is_asked_nothing_more(answered: Callable[..., Instance]) -> None:
    instance = answered("enquete-satisfaction", {"A": {"A_accord": "non", "A_date": "2026-03-02", "A_mode": "papier"}})
    assert not any(node.relevant for path, node, _q in instance.leaves() if not path.startswith("/data/A/"))
    assert instance.errors() == []


def test_the_wish_to_be_called_back_does_not_travel_with_the_counted_answers() -> None:
    purposes = {q.path: set(q.purpose) for q in form_of("enquete-satisfaction").questions.values()}
    results = set(read("enquete-satisfaction", "procedure.yaml")["lenses"]["results"]["purposes"])
    apart = {path: told for path, told in purposes.items() if path.startswith("/data/K/")}
    assert apart and all(not told & results for told in apart.values())


# -- the offer ----------------------------------------------------------------------------------------------------


def test_the_effort_of_an_offer_is_worked_out_as_the_diagnosis_does(answered: Callable[..., Instance]) -> None:
    instance = answered("proposition-relogement", example("proposition-relogement"))
    worked_out = {name: instance.get(f"/data/C/C_calculs/{name}") for name in ("K_C1", "K_C2", "K_C3", "K_C4")}
    # 485.20 + 12 + 96.40 − 214 = 379.60; (379.60 + 85) ÷ 2,140 = 21.7 %; 379.60 − 340.50 = 39.10 more
    assert worked_out == {"K_C1": "379.6", "K_C2": "21.7", "K_C3": "39.1", "K_C4": "perte"}


def test_time_to_think_keeps_an_offer_open(answered: Callable[..., Instance]) -> None:
    said = example("proposition-relogement") | {"R": {"R1": "reflexion", "R1_jusqu": "2026-04-02"}}
    assert [(error.path, error.kind) for error in answered("proposition-relogement", said).errors()] == [
        ("/data/R/R1", "constraint")
    ]


def test_the_committee_reads_reasons_and_needs_of_an_offer_but_no_amount_and_no_name() -> None:
    lens = LENSES["commission"]
    read_by_it = {
        q.name
        for q in form_of("proposition-relogement").questions.values()
        if q.level in lens.levels and set(q.purpose) & lens.purposes and not set(q.purpose) & lens.exclude_purposes
    }
    assert {"R1", "R4", "R7", "B3_souhait", "K_B2", "K_C5"} <= read_by_it
    assert not {"B2", "C1", "C7", "K_C1", "K_C2", "R4_mots", "V4", "A2"} & read_by_it
