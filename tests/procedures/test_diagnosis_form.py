"""The form of the social diagnosis: what it asks, computes, refuses and keeps apart."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.definition import Form
from forms.instance import Instance
from forms.visibility import Lens, may_see
from forms.xlsform import Compiled

Fill = Callable[[Mapping[str, Any]], Instance]
INTERVIEW = {"A5": "2026-11-20", "A11": "premiere"}
SHARED = ["C13_besoin", "F7_besoin", "G_besoin", "G7_besoin", "G9_besoin", "H3_besoin", "H4_besoin", "J5_besoin"]
INFORMED = {"A": {"A_entretien": INTERVIEW, "A13": "oui"}}
LATER = ("B", "C", "D", "D_etat", "E", "F", "G", "G_reserve", "H", "I", "I_projet", "J")


def told(**pages: Any) -> dict[str, Any]:
    return {**INFORMED, **pages}


def persons(*births: str, **same: str) -> dict[str, Any]:
    return {
        "person": [
            {"C1": f"Personne {n}", "C2": birth, "C4": "titulaire" if n == 0 else "enfant", **same}
            for n, birth in enumerate(births)
        ]
    }


def kinds_of_error(instance: Instance, path: str) -> set[str]:
    return {error.kind for error in instance.errors() if error.path == path}


def test_the_form_is_accepted_and_speaks_two_languages(compiled: Compiled, form: Form) -> None:
    assert {finding.code for finding in compiled.findings} <= {"round_below_zero"}, "amounts are whole cents"
    assert set(form.languages) == {"fr", "en"}
    assert [section.name for section in form.sections] == ["A", *LATER]


def test_every_question_says_who_reads_it_and_what_for(form: Form, procedure: dict[str, Any]) -> None:
    for path, question in form.questions.items():
        if path.startswith("/data/meta"):
            continue
        assert question.level_declared, path
        assert question.purpose, path
        assert set(question.purpose) <= set(procedure["purposes"]), path


def test_without_the_notice_nothing_more_is_asked(fill: Fill) -> None:
    instance = fill({"A": {"A_entretien": INTERVIEW, "A13": "non"}})
    assert not any(instance.relevant(f"/data/{page}") for page in LATER)
    assert not instance.relevant("/data/A/A14")
    assert instance.relevant("/data/A/A13_arret")
    assert kinds_of_error(instance, "/data/A/A13") == {"constraint"}


def test_with_the_notice_explained_every_page_opens(fill: Fill) -> None:
    instance = fill(INFORMED)
    assert all(instance.relevant(f"/data/{page}") for page in LATER)


def test_nobody_at_the_door_leaves_the_diagnosis_open(fill: Fill) -> None:
    instance = fill(
        {"A": {"A_entretien": {"A11": "sans_reponse", "passage": [{"A12": "2026-11-02", "A12_moyen": "passage"}]}}}
    )
    assert instance.relevant("/data/A/A_entretien/passage[1]/A12")
    assert kinds_of_error(instance, "/data/A/A13") == {"required"}


@pytest.mark.parametrize(
    ("pages", "path"),
    [
        (told(D={"D_loyer": {"D2_loyer": -1}}), "/data/D/D_loyer/D2_loyer"),
        (told(C=persons("2031-01-01")), "/data/C/person[1]/C2"),
        ({"A": {"A_entretien": {"A5": "2026-11-24"}}}, "/data/A/A_entretien/A5"),
        ({"A": {"A_logement": {"A3": "12345"}}}, "/data/A/A_logement/A3"),
        (told(J={"J1": "x" * 1001}), "/data/J/J1"),
        (told(I={"I_choix": {"I15_1": "mistral", "I15_2": "mistral"}}), "/data/I/I_choix/I15_2"),
    ],
)
def test_an_impossible_answer_is_explained_in_both_languages(fill: Fill, pages: Mapping[str, Any], path: str) -> None:
    (error,) = [error for error in fill(pages).errors() if error.path == path]
    assert error.kind == "constraint"
    assert error.custom["fr"]
    assert error.custom["en"]
    assert error.custom["fr"] != error.custom["en"]


@pytest.mark.parametrize(
    ("number", "smallest"), [(1, 9), (2, 16), (3, 25), (4, 34), (5, 43), (6, 52), (7, 61), (8, 70), (9, 70)]
)
def test_overcrowding_follows_the_area_due_to_each_person(fill: Fill, number: int, smallest: int) -> None:
    home = {"D1": "T3", "D1_surface": smallest}
    instance = fill(told(C=persons(*["1990-05-05"] * number, C7="oui"), D=home))
    assert float(instance.get("/data/D/D_occupation/K_D0")) == smallest
    assert instance.get("/data/D/D_occupation/K_D1") == "non"
    instance.set("/data/D/D1_surface", str(smallest - 0.5))
    instance.recompute()
    assert instance.get("/data/D/D_occupation/K_D1") == "oui"


@pytest.mark.parametrize(
    ("size", "number", "too_large"), [("T3", 1, "oui"), ("T2", 1, "non"), ("T4", 2, "oui"), ("T3", 2, "non")]
)
def test_more_than_one_room_too_many_is_under_occupation(fill: Fill, size: str, number: int, too_large: str) -> None:
    home = {"D1": size, "D1_surface": 80}
    instance = fill(told(C=persons(*["1990-05-05"] * number, C7="oui"), D=home))
    assert instance.get("/data/D/D_occupation/K_D2") == too_large


def test_the_effort_rate_is_what_remains_to_pay_over_what_comes_in(fill: Fill) -> None:
    rent = {"D2_loyer": "520.50", "D2_annexes": "0", "D5": "180", "D3": "collectif", "D3_eau": "collectif"}
    income = {"E0": "oui", "resource": [{"E_qui": "titulaire", "E1": "salaire", "E2": "1400"}]}
    instance = fill(told(C=persons("1980-01-01"), D={"D_loyer": rent}, E=income))
    assert instance.get("/data/D/D_loyer/K_D3") == "340.5"
    assert instance.get("/data/E/E_calculs/K_E2") == "24.3"
    assert instance.get("/data/E/E_calculs/K_E4") == "15_25"
    explanation = instance.explain("/data/E/E_calculs/K_E2", "fr")
    assert explanation is not None


def test_individual_heating_adds_the_flat_amount_to_the_effort(fill: Fill) -> None:
    rent = {"D2_loyer": "400", "D3": "individuel", "D3_eau": "collectif", "D3_forfait": "100"}
    income = {"E0": "oui", "resource": [{"E_qui": "titulaire", "E1": "salaire", "E2": "1000"}]}
    instance = fill(told(C=persons("1980-01-01"), D={"D_loyer": rent}, E=income))
    assert instance.get("/data/E/E_calculs/K_E2") == "50"
    instance.set("/data/D/D_loyer/D3", "collectif")
    instance.recompute()
    assert instance.get("/data/E/E_calculs/K_E2") == "40"


def test_who_asks_for_a_separate_home_counts_neither_as_a_person_nor_as_income(fill: Fill) -> None:
    family = persons("1970-01-01", "2002-01-01", "2015-01-01")
    family["person"][1] |= {"C7": "separe"}
    rows = [{"E_qui": "titulaire", "E1": "salaire", "E2": "1500"}, {"E_qui": "separe", "E1": "salaire", "E2": "900"}]
    instance = fill(told(C=family, E={"E0": "oui", "resource": rows}))
    assert instance.get("/data/C/C_calculs/K_C1") == "2"
    assert instance.get("/data/C/C_calculs/K_C5") == "1"
    assert instance.get("/data/C/C_calculs/K_C3") == "monoparentale"
    assert instance.get("/data/E/E_calculs/K_E1") == "1500"


def test_consumption_units_count_one_then_a_half_then_three_tenths(fill: Fill) -> None:
    instance = fill(told(C=persons("1980-01-01", "1982-01-01", "2011-01-01", "2020-01-01")))
    assert instance.get("/data/C/C_calculs/K_C4") == "2.3"


def test_age_turns_on_the_birthday_seen_from_the_day_of_the_interview(fill: Fill) -> None:
    instance = fill(told(C=persons("2008-11-20", "2008-11-21")))
    assert [instance.get(f"/data/C/person[{n}]/C2_age") for n in (1, 2)] == ["18", "17"]
    assert instance.relevant("/data/C/person[1]/C12")
    assert not instance.relevant("/data/C/person[2]/C12")


def test_a_household_without_income_is_never_divided_by_zero(fill: Fill) -> None:
    instance = fill(told(C=persons("1980-01-01"), D={"D_loyer": {"D2_loyer": "300"}}, E={"E0": "non"}, F={"F0": "non"}))
    assert instance.get("/data/E/E_calculs/K_E2") == ""
    assert instance.get("/data/E/E_calculs/K_E3") == "moins_800"
    assert instance.get("/data/F/F_calculs/K_F1") == "-300"


def test_the_committee_reads_no_free_text_no_name_and_no_amount(form: Form, lens: Callable[[str], Lens]) -> None:
    seen = [question for question in form.questions.values() if may_see(question, lens("commission"))]
    assert {question.level for question in seen} <= {"V0", "V1"}
    worded = [question.name for question in seen if question.kind in ("text", "multiline")]
    assert worded == SHARED, "only the neutral sentences that stand for a confidential answer"
    assert [question.name for question in seen if {"identite", "contact"} & set(question.purpose)] == []
    assert {"K_E3", "K_E4", "J2", "J4", "K_I3"} <= {question.name for question in seen}


def test_a_file_is_asked_only_where_there_is_something_to_show(fill: Fill, lens: Callable[[str], Lens]):
    """Never needed: the copy of a proof that was seen, a photograph of the tenant's works (field list, E4 and D7)."""
    proof, works = "/data/E/resource[1]/E4_copie", "/data/D_etat/D7_photo"
    paths = {question.name: path for path, question in fill({}).form.questions.items()}
    nothing = fill({"A": {"A13": "oui"}, "E": {"E0": "oui", "resource": [{"E4": "non"}]}})
    shown = fill({"A": {"A13": "oui"}, "D_etat": {"D7": ["sols"]}, "E": {"E0": "oui", "resource": [{"E4": "oui"}]}})
    assert {paths["E4_copie"], paths["D7_photo"]} == {proof.replace("[1]", ""), works}
    assert [nothing.relevant(path) for path in (proof, works)] == [False, False]
    assert [shown.relevant(path) for path in (proof, works)] == [True, True]
    assert not any(shown.required(path) for path in (proof, works))
    assert not any(may_see(shown.question(path), lens("commission")) for path in (proof, works))


def test_the_landlord_and_the_household_never_read_the_social_appraisal(
    form: Form, lens: Callable[[str], Lens]
) -> None:
    appraisal = {q.name for q in form.questions.values() if q.level == "V3"}
    assert {"C12", "C13", "F5", "F7", "G1", "G6", "J5"} <= appraisal
    for reader in ("landlord", "household", "coordination", "commission"):
        assert not appraisal & {q.name for q in form.questions.values() if may_see(q, lens(reader))}
    assert appraisal <= {q.name for q in form.questions.values() if may_see(q, lens("author"))}


def test_health_and_danger_are_read_through_one_lens_only(form: Form, procedure: dict[str, Any]) -> None:
    confided = {q.name for q in form.questions.values() if q.level == "V4"}
    assert {"C14", "G7", "G8", "G9", "H3", "H4", "I4_raison"} <= confided
    lenses = procedure["lenses"].items()
    assert [name for name, told in lenses if "V4" in told["levels"]] == ["confided"]


def test_lists_only_know_what_everybody_in_the_operation_may_know(form: Form) -> None:
    listed = [question for question in form.questions.values() if question.index]
    assert {question.level for question in listed} <= {"V0", "V1"}
    assert [q.name for q in listed if {"identite", "contact"} & set(q.purpose)] == []


MONEY = st.decimals(min_value=0, max_value=2000, places=2)


@settings(max_examples=60)
@given(rent=MONEY, charges=MONEY, benefit=MONEY, incomes=st.lists(MONEY, min_size=1, max_size=4))
def test_effort_and_bands_agree_with_a_calculation_by_hand(
    fill: Fill, rent: Decimal, charges: Decimal, benefit: Decimal, incomes: list[Decimal]
) -> None:
    home = {"D_loyer": {"D2_loyer": str(rent), "D2_charges": str(charges), "D5": str(benefit)}}
    rows = [{"E_qui": "titulaire", "E1": "salaire", "E2": str(amount)} for amount in incomes]
    instance = fill(told(C=persons("1980-01-01"), D=home, E={"E0": "oui", "resource": rows}))
    total = sum(incomes)
    assert float(instance.get("/data/E/E_calculs/K_E1")) == pytest.approx(float(total), abs=0.011)
    assert float(instance.get("/data/D/D_loyer/K_D3")) == pytest.approx(float(rent + charges - benefit), abs=0.011)
    if total == 0:
        assert instance.get("/data/E/E_calculs/K_E2") == ""
    else:
        rate = float(instance.get("/data/E/E_calculs/K_E2"))
        assert rate == pytest.approx(float(100 * (rent + charges - benefit) / total), abs=0.051, rel=1e-6)
        assert instance.get("/data/E/E_calculs/K_E4") == band(rate)


def band(rate: float) -> str:
    limits = ((15, "moins_15"), (25, "15_25"), (30, "25_30"), (40, "30_40"))
    return next((name for limit, name in limits if rate < limit), "plus_40")
