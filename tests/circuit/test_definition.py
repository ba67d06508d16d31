"""Circuit files: what is read, what is refused and where, what is remarked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.circuit.rehousing import DIAGNOSIS
from workflow.circuit.definition import CircuitRefused, Kind, check, load

SECTIONS = "ABCDEFIJ"
ROLES = ("cesf", "referent_bailleur", "household", "chef_de_projet")


def refused(text: str) -> set[tuple[str, int | None]]:
    with pytest.raises(CircuitRefused) as caught:
        load(text)
    return {(finding.code, finding.line) for finding in caught.value.findings}


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_the_reference_circuit_is_read_and_nothing_is_said_against_it():
    circuit = load(DIAGNOSIS)
    assert [stage.id for stage in circuit.stages] == ["remplir", "covalider", "lecture", "commission"]
    assert circuit.step("visa").kind is Kind.VISA
    assert circuit.step("validation").rule.needed == 3
    assert check(circuit, form_paths=["/data/A/A14"], sections=SECTIONS, roles=ROLES) == ()


def test_the_hash_speaks_of_the_content_not_of_its_layout():
    assert load(DIAGNOSIS).hash == load("# a remark\n" + DIAGNOSIS.replace("any\n", "any   \n")).hash
    assert load(DIAGNOSIS).hash != load(DIAGNOSIS.replace("delay: 5", "delay: 6")).hash


MISTAKES = [
    ("kind: visa", "kind: vise", "choice"),
    ("kind: visa", "kind: visa\n        colour: red", "unknown_key"),
    ("who: {role: household}", "who: {}", "who"),
    ("delay: 5", "delay: soon", "number"),
    ("delay: 5", "delay: 0", "number"),
    ("        delay: 5\n", "", "needs_delay"),
    ("survives: none", "survives: sometimes", "choice"),
    ("rule: {per_organisation: true, quorum: 3}", "rule: {quorum: 3}", "rule"),
    ("rule: {per_organisation: true, quorum: 3}", "rule: most", "rule"),
    ("separate_from: [saisie]\n", "separate_from: [nobody]\n", "unknown_step"),
    ("on_refusal: back_to_author", "on_refusal: {back_to: commission}", "not_earlier"),
    ("on_refusal: back_to_author", "on_refusal: [x]", "on_refusal"),
    ("id: visa", "id: saisie", "id_twice"),
    ("id: visa", "id: Visa du bailleur", "identifier"),
    ('label: {fr: "Commission", en: "Commission"}', "label: {fr: No}", "label"),
    ("kind: signature", "kind: signature\n        tacit: approve", "tacit"),
    ("kind: fill,", "kind: fill, send_back: [author],", "not_earlier"),
    ("kind: visa", "kind: visa\n        kind: visa", "key_twice"),
    ("who: {role: household}", "who: &a {role: household}\n        sees: *a", "alias"),
    ("who: {role: household}", "who: [", "yaml"),
]


@pytest.mark.parametrize(("good", "bad", "code"), MISTAKES)
def test_each_mistake_is_named_with_its_line(good, bad, code):
    text = DIAGNOSIS.replace(good, bad, 1)
    assert text != DIAGNOSIS
    findings = refused(text)
    assert code in {found for found, _ in findings}
    assert all(line for _, line in findings)


def test_a_mistake_is_placed_on_its_own_line():
    text = DIAGNOSIS.replace("delay: 5", "delay: soon")
    assert refused(text) == {("number", line_of(text, "delay: soon"))}


@pytest.mark.parametrize(
    "text", ["", "3", "[]", "{}", "circuit: x", "\x00", "[" * 5000, "a: " * 40, '"\\ud800": 1', "!!python/x 1"]
)
def test_junk_is_refused_and_never_breaks(text):
    assert refused(text)


@given(st.text(max_size=200) | st.text(alphabet="ab:-[]{},\n &*!'\"#|>0", max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_refused(text):
    assert refused(text)


def test_what_the_form_and_the_roles_lack_is_said():
    findings = check(load(DIAGNOSIS), form_paths=["/data/A/A13"], sections="ABC", roles=["cesf"])
    assert {finding.code for finding in findings} == {"unknown_path", "unknown_section", "unknown_role"}
    assert all(finding.level == "error" and finding.line for finding in findings)
    assert all(finding.message % dict(finding.params) for finding in findings)


def test_a_quoted_slash_in_a_condition_is_not_taken_for_a_path():
    text = DIAGNOSIS.replace("'actis')", "'/data/x')")
    assert check(load(text), form_paths=["/data/A/A14"]) == ()


def test_a_circuit_in_which_nobody_surely_decides_is_remarked():
    text = DIAGNOSIS.replace("- id: commission\n", '- id: commission\n    condition: "true()"\n')
    text = text.replace("kind: signature", "kind: opinion").replace("        record_by: {role: [cesf]}\n", "")
    assert {finding.code for finding in check(load(text))} == {"nobody_decides"}


def test_a_missing_translation_is_a_warning_only():
    (finding,) = check(load(DIAGNOSIS.replace('fr: "Commission", en: "Commission"', 'fr: "Commission"')))
    assert (finding.level, finding.code, finding.where) == ("warning", "label_en", "stages[3].label")
