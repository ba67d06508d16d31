"""Three households whose figures were worked out by hand, from the formulas of the trade."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from forms.instance import Instance

Fill = Callable[[Mapping[str, Any]], Instance]


def person(birth: str, link: str, **more: str) -> dict[str, str]:
    return {"C1": f"Personne née le {birth}", "C2": birth, "C4": link, **more}


def income(who: str, kind: str, amount: str) -> dict[str, str]:
    return {"E_qui": who, "E1": kind, "E2": amount}


ALONE = {
    "A": {"A13": "oui", "A_entretien": {"A5": "2026-11-20", "A11": "premiere"}},
    "B": {"B2": "1994-12-01"},
    "C": {"person": [person("1949-03-02", "titulaire", C7="oui")]},
    "D": {
        "D1": "T4",
        "D1_surface": "72",
        "D_loyer": {"D2_loyer": "398.40", "D2_charges": "101.60", "D5": "212", "D3": "collectif", "D3_eau": "collectif"}
        | {"D4_energie": "42", "D4_eau": "15"},
    },
    "E": {"E0": "oui", "resource": [income("titulaire", "retraite", "1012")]}
    | {"E5_n2": "10900", "E5_n1": "10700", "E5_plai": "12500", "E5_plus": "22700"},
    "F": {"F0": "oui", "charge": [{"F1": "mutuelle", "F1_montant": "68"}, {"F1": "telephone", "F1_montant": "20"}]},
    "H": {"H1": "oui", "H2": ["ascenseur", "douche"]},
    "I_projet": {"I10": "300"},
}
"""A retired person alone in four rooms: rent 398.40 + charges 101.60 − benefit 212 = 288; 288 ÷ 1 012 = 28.5 %."""

FAMILY = {
    "A": {"A13": "oui", "A_entretien": {"A5": "2026-11-20", "A11": "premiere"}},
    "B": {"B2": "2018-11-21"},
    "C": {
        "person": [
            person("1988-01-10", "titulaire", C7="oui"),
            person("1986-06-30", "conjoint", C7="oui"),
            person("2011-05-05", "enfant"),
            person("2015-09-09", "enfant"),
            person("2021-02-02", "enfant"),
        ],
        "C14": "2027-04-15",
        "C14_accord": "oui",
        "C14_prevoir": "1",
    },
    "D": {
        "D1": "T3",
        "D1_surface": "42.5",
        "D_loyer": {"D2_loyer": "412", "D2_annexes": "28", "D2_charges": "95", "D2_travaux": "15", "D5": "160"}
        | {"D3": "individuel", "D3_eau": "individuel", "D3_forfait": "65", "D4_energie": "80", "D4_eau": "35"},
    },
    "E": {
        "E0": "oui",
        "resource": [
            income("titulaire", "salaire", "1350"),
            income("conjoint", "chomage", "820"),
            income("menage", "familiales", "330"),
        ],
    }
    | {"E5_n2": "26000", "E5_n1": "23400", "E5_plai": "28500", "E5_plus": "51800"},
    "F": {"F0": "oui", "charge": [{"F1": "transport", "F1_montant": "75"}]},
    "H": {"H1": "non"},
    "I_projet": {"I10": "800"},
}
"""A couple, three children, a birth expected, 42.5 m²: 412 + 28 + 95 + 15 − 160 = 390; (390 + 65) ÷ 2 500 = 18.2 %."""

APART = {
    "A": {"A13": "oui", "A_entretien": {"A5": "2026-11-20", "A11": "premiere"}},
    "B": {"B2": "2025-12-01"},
    "C": {
        "person": [
            person("1975-07-07", "titulaire", C7="oui"),
            person("2003-03-03", "enfant", C7="separe"),
            person("2012-12-12", "enfant_alterne"),
        ]
    },
    "D": {
        "D1": "T3",
        "D1_surface": "61",
        "D_loyer": {"D2_loyer": "520", "D2_charges": "110", "D3": "collectif", "D3_eau": "collectif"},
    },
    "E": {
        "E0": "oui",
        "resource": [income("titulaire", "salaire", "1250"), income("separe", "salaire", "1500")],
        "E_calculs": {"E_seuil": "35"},
    }
    | {"E5_n2": "34000", "E5_n1": "33000", "E5_plai": "18200", "E5_plus": "30300"},
    "F": {"F0": "non"},
    "I_projet": {"I10": "400"},
}
"""One parent, a child in shared custody, a grown child who leaves with a wage of their own: 630 ÷ 1 250 = 50.4 %."""

EXPECTED = {
    "alone": (
        ALONE,
        {
            "B/K_B2": "31",
            "C/C_calculs/K_C1": "1",
            "C/C_calculs/K_C3": "seule",
            "C/C_calculs/K_C4": "1",
            "C/C_calculs/K_C6": "t1_t2",
            "D/D_loyer/K_D3": "288",
            "D/D_occupation/K_D1": "non",
            "D/D_occupation/K_D2": "oui",  # four rooms for one person
            "E/E_calculs/K_E2": "28.5",
            "E/E_calculs/K_E3": "800_1200",
            "E/E_calculs/K_E4": "25_30",
            "E/E_calculs/K_E5": "10900",  # 10 700 is not 10 % lower
            "E/E_calculs/K_E6": "plai",
            "F/F_calculs/K_F1": "579",  # 1 012 − 288 − 42 − 15 − 88
            "F/F_calculs/K_F2": "19.3",
            "F/F_calculs/K_F3": "non",
            "F/F_calculs/K_F4": "non",
            "H/H5": "oui",
            "I_projet/K_I10": "29.6",
            "I_projet/K_I10_alerte": "non",
            "J/J2_besoins": "ascenseur douche",
            "J/J3_bas": "202",
            "J/J3_haut": "304",
        },
    ),
    "family": (
        FAMILY,
        {
            "B/K_B2": "7",  # the eighth year ends tomorrow
            "C/C_calculs/K_C0": "6",
            "C/C_calculs/K_C1": "5",
            "C/C_calculs/K_C2_adultes": "2",
            "C/C_calculs/K_C2_enfants": "3",
            "C/C_calculs/K_C3": "couple_enfants",
            "C/C_calculs/K_C4": "2.6",  # 1 + 0,5 + 0,5 (fifteen years old) + 0,3 + 0,3
            "C/C_calculs/K_C6": "t5",  # a couple and four children with the birth expected
            "D/D_loyer/K_D3": "390",
            "D/D_occupation/K_D0": "43",
            "D/D_occupation/K_D1": "oui",
            "D/D_occupation/K_D2": "non",
            "E/E_calculs/K_E1": "2500",
            "E/E_calculs/K_E2": "18.2",
            "E/E_calculs/K_E3": "plus_2500",
            "E/E_calculs/K_E4": "15_25",
            "E/E_calculs/K_E5": "23400",  # exactly 10 % lower
            "E/E_calculs/K_E6": "plai",
            "F/F_calculs/K_F1": "1920",  # 2 500 − 390 − 80 − 35 − 75
            "F/F_calculs/K_F2": "24.62",
            "H/H5": "non",
            "I_projet/K_I10": "32",
            "I_projet/K_I10_alerte": "oui",
            "J/J2_besoins": "",
        },
    ),
    "apart": (
        APART,
        {
            "B/K_B2": "0",
            "C/C_calculs/K_C1": "2",
            "C/C_calculs/K_C3": "monoparentale",
            "C/C_calculs/K_C5": "1",
            "C/C_calculs/K_C6": "t3",
            "D/D_loyer/K_D3": "630",
            "D/D_occupation/K_D2": "non",
            "E/E_calculs/K_E1": "1250",
            "E/E_calculs/K_E2": "50.4",
            "E/E_calculs/K_E4": "plus_40",
            "E/E_calculs/K_E5": "34000",
            "E/E_calculs/K_E6": "pls",  # above 30 300, under 39 390
            "F/F_calculs/K_F1": "620",
            "F/F_calculs/K_F2": "15.9",  # 620 ÷ 1,3 ÷ 30: the child is thirteen
            "F/F_calculs/K_F3": "oui",
            "F/F_calculs/K_F4": "non",
            "J/J3_haut": "438",  # 437,50 rounded
        },
    ),
}
CASES = [(name, path, value) for name, (_, values) in EXPECTED.items() for path, value in values.items()]


@pytest.fixture(scope="module")
def filled(fill: Fill) -> dict[str, Instance]:
    return {name: fill(said) for name, (said, _) in EXPECTED.items()}


@pytest.mark.parametrize(("name", "path", "value"), CASES, ids=[f"{name}-{path}" for name, path, _ in CASES])
def test_a_figure_worked_out_by_hand(filled: dict[str, Instance], name: str, path: str, value: str) -> None:
    assert filled[name].get(f"/data/{path}") == value


def test_a_flag_hides_the_new_address_without_saying_why(fill: Fill) -> None:
    instance = fill(ALONE | {"G_reserve": {"G8": "oui"}})
    assert instance.get("/data/G_reserve/G8_consigne") == "confidentielle"
    assert fill(ALONE | {"G_reserve": {"G8": "non"}}).get("/data/G_reserve/G8_consigne") == ""


def test_an_expected_birth_counts_only_when_the_person_agrees(fill: Fill) -> None:
    silent = FAMILY | {"C": FAMILY["C"] | {"C14_accord": "non"}}
    instance = fill(silent)
    assert not instance.relevant("/data/C/C14_prevoir")
    assert instance.get("/data/C/C_calculs/K_C0") == "5"


@pytest.mark.parametrize("rate", ["", "abc"])
def test_an_empty_or_wrong_threshold_raises_no_alarm(fill: Fill, rate: str) -> None:
    instance = fill(ALONE | {"F": ALONE["F"] | {"F_calculs": {"F_seuil": rate}}})
    assert instance.get("/data/F/F_calculs/K_F4") in ("", "non")
