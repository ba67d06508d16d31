"""Every question of the trade's list is asked, at its level, in two languages; no cause stands without consequence."""

import re

import pytest

from forms.definition import Form
from forms.structure import Question

TEXT, NUMBER, MONEY, DAY = {"text", "multiline"}, {"integer"}, {"decimal"}, {"date"}
ONE, MANY, BOTH = {"select_one"}, {"select_multiple"}, {"select_one", "select_multiple"}
YES_NO = {"select_one", "acknowledge"}
ASKED = {
    "V1": {
        **dict.fromkeys(("A2", "A3", "A6", "B6_nom", "C1", "C10", "C11", "D10", "I17", "J1", "J6", "J7"), TEXT),
        **dict.fromkeys(("A1_zone", "A4", "A5_lieu", "A6_employeur", "A7", "A8", "A10", "A11", "B1", "B4"), ONE),
        **dict.fromkeys(("C3", "C4", "C5", "C7", "D1", "D3", "I1", "I2", "I3", "I7", "I15_1", "I16", "J2", "J4"), ONE),
        **dict.fromkeys(("A13", "A15", "B6", "D1_ascenseur", "H1", "H6", "I6", "I13", "I14"), YES_NO),
        **dict.fromkeys(("A9", "A14", "B3", "B7", "D6", "D7", "D8", "D9", "H2", "H7_financeurs"), MANY),
        **dict.fromkeys(("I4", "I5", "I8", "I9", "I11", "I12_contrainte", "J2_besoins"), MANY),
        **dict.fromkeys(("A5", "A12", "A13_date", "A14_date", "A15_date", "B2", "B2_quartier", "C2", "I12"), DAY),
        **dict.fromkeys(("J6_echeance",), DAY),
        **dict.fromkeys(("A1_etage", "C15", "H5_seuil"), NUMBER),
        **dict.fromkeys(("D1_surface", "H7"), MONEY),
        "D7_photo": {"image"},
        "J8": {"note"},
    },
    "V2": {
        **dict.fromkeys(("B5", "C8", "C9", "E1", "E3", "E6", "F1", "F3"), ONE),
        **dict.fromkeys(("B8", "C6", "E4", "F2"), YES_NO),
        **dict.fromkeys(("B8_montant", "D2_loyer", "D2_annexes", "D2_charges", "D4_energie", "D4_eau", "D5"), MONEY),
        **dict.fromkeys(("D7_montant", "E2", "E5_n2", "E5_n1", "F1_montant", "F2_montant", "I10"), MONEY),
        **dict.fromkeys(("D5_date", "E3_fin", "F3_date"), DAY),
        **dict.fromkeys(("F4", "F6"), MANY),
        "E4_copie": {"file"},
    },
    "V3": {
        **dict.fromkeys(("C13", "G2", "G6_motif", "J5"), TEXT),
        **dict.fromkeys(("C5_motif", "C12", "F5", "F7", "G1", "G4"), ONE),
        **dict.fromkeys(("G2_accord", "G6"), YES_NO),
        **dict.fromkeys(("G3", "G5"), MANY),
    },
    "V4": {
        **dict.fromkeys(("G7_detail", "H4_lieu", "I4_raison"), TEXT),
        **dict.fromkeys(("G7", "G8", "G9", "G9_accord", "C14_accord"), YES_NO),
        **dict.fromkeys(("G7_orientation", "G9_relais", "H4"), MANY),
        "C14": DAY,
        "H3": ONE,
    },
}
COMPUTED = {
    "V1": {"K_B2", "C2_age", "K_C0", "K_C1", "K_C2_adultes", "K_C2_enfants", "K_C3", "K_C4", "K_C5", "K_C6"}
    | {"K_D0", "K_D1", "K_D2", "K_E3", "K_E4", "K_E6", "K_I3", "H5", "G8_consigne", "J2_besoins"},
    "V2": {
        "K_D3",
        "K_E1",
        "K_E2",
        "K_E5",
        "K_F1",
        "K_F2",
        "K_F3",
        "K_F4",
        "K_I10",
        "K_I10_alerte",
        "J3_bas",
        "J3_haut",
    },
}
LIST = [(level, name, kinds) for level, found in ASKED.items() for name, kinds in found.items()]
REPEATED = {"A12": "passage", "B6_nom": "decohabitant", "C1": "person", "E2": "resource", "F1": "charge"} | {
    "I3": "secteur",
    "I6_nom": "reseau",
    "J6": "action",
}


@pytest.fixture(scope="module")
def named(form: Form) -> dict[str, Question]:
    return {question.name: question for question in form.questions.values()}


@pytest.mark.parametrize(("level", "name", "kinds"), LIST, ids=[name for _, name, _ in LIST])
def test_a_question_of_the_list_is_asked_at_its_level(
    named: dict[str, Question], level: str, name: str, kinds: set[str]
) -> None:
    assert named[name].level == level
    assert named[name].kind in kinds


def test_sections_a_to_j_are_all_there_with_more_than_a_hundred_questions(form: Form) -> None:
    asked = [question for question in form.questions.values() if question.asked and question.label]
    letters = {question.name[0] for question in asked}
    assert letters == set("ABCDEFGHIJ")
    assert len({re.match(r"[A-J]\d+", q.name).group() for q in asked if re.match(r"[A-J]\d+", q.name)}) >= 90
    assert len(asked) > 150


def test_what_is_computed_is_shown_never_typed(named: dict[str, Question]) -> None:
    for level, names in COMPUTED.items():
        for name in names:
            assert named[name].computed, name
            assert named[name].level == level, name
            assert named[name].label, name


def test_what_may_be_several_is_a_repeat(form: Form, named: dict[str, Question]) -> None:
    for name, repeat in REPEATED.items():
        assert form.repeats_above(named[name].path)[-1].endswith(f"/{repeat}"), name


def test_every_wording_is_written_in_both_languages(form: Form) -> None:
    for question in form.questions.values():
        for wording in (question.label, question.hint, question.constraint_message):
            if wording:
                assert wording.has("fr"), question.path
                assert wording.has("en"), question.path
        for choice in question.choices:
            assert choice.label.has("fr"), (question.path, choice.value)
            assert choice.label.has("en"), (question.path, choice.value)


def test_every_block_says_how_long_it_holds(form: Form) -> None:
    days = {"B": 365, "C": 365, "G": 180, "G_reserve": 180, "H": 180, "I": 180}
    for page, expected in days.items():
        found = [q for q in form.questions.values() if q.page == f"/data/{page}" and q.kind != "note" and q.label]
        assert {q.validity for q in found} <= {expected, 180, 90}, page
        assert all(q.validity for q in found), page
    income = [q for q in form.questions.values() if q.name in ("E2", "F1_montant", "F2_montant", "D5", "D2_loyer")]
    assert {q.validity for q in income} == {180}, "90 days before an offer: its `requires`, and the rule in force"


def test_every_confidential_answer_has_a_neutral_consequence_that_others_read(form: Form) -> None:
    shared = [question for question in form.questions.values() if question.causes]
    assert {question.level for question in shared} == {"V1"}
    assert all({"besoins", "souhaits"} & set(question.purpose) for question in shared)
    covered = {path for question in shared for path in question.causes}
    called = " ".join(question.required.text for question in shared if question.required)
    for path, question in form.questions.items():
        if question.level in ("V3", "V4") and question.kind != "note":
            assert path in covered or path in called, f"{question.name} has no consequence"


def test_no_confidential_answer_has_to_be_given(form: Form) -> None:
    """Whoever does not see a question could never complete the file."""
    needed = [q.name for q in form.questions.values() if q.level == "V4" and q.required]
    assert needed == []
    always = [q.name for q in form.questions.values() if q.level == "V3" and q.required and not q.relevant]
    assert always == []


def test_few_answers_are_needed(form: Form) -> None:
    always = [q.name for q in form.questions.values() if q.required and q.required.text == "true()" and not q.relevant]
    assert len(always) <= 45


def test_no_page_is_longer_than_one_does_on_a_telephone(form: Form) -> None:
    for page in form.sections:
        assert sum(1 for question in page.questions() if question.asked) <= 32, page.name
