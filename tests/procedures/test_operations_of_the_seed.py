"""The six operations as they are shipped: the figures of the study day, partners that hold together, a form each."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from forms import definition
from forms.xlsform import Compiled
from workflow.access import ROLES
from workflow.operations.rules import KINDS, PARTS, REGIMES, RULES_OF_AN_OPERATION, UNITS

FOLDER = Path(__file__).parents[2] / "templates" / "operations"
FICTION = re.compile(r"04 65 71 \d\d \d\d")
NAMES = ("mistral", "mas-du-taureau", "severine", "champratel", "la-duchere", "opac-du-rhone")
READ: dict[str, dict[str, Any]] = {name: yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8")) for name in NAMES}
WITHOUT_MISTRAL = [name for name in NAMES if name != "mistral"]
OF_PARTNERS = ("/data/A/A_entretien/A6_employeur", "/data/A/A14", "/data/I_projet/I11", "/data/J/action/J6_porteur")
CENTS = {("warning", "round_below_zero")}
"""A sum of cents has no half to round at its third figure: what remains to pay may be taken below zero."""
Fit = Callable[[Mapping[str, Any]], Compiled]


@pytest.fixture(params=NAMES)
def model(request: pytest.FixtureRequest) -> dict[str, Any]:
    return READ[request.param]


def parts(model: Mapping[str, Any], part: str) -> set[str]:
    return {o["slug"] for o in model["organisations"] if o["part"] == part}


def seats(model: Mapping[str, Any], slug: str) -> list[str]:
    (body,) = [body for body in model["bodies"] if body["slug"] == slug]
    return [seat["organisation"] for seat in body["seats"]]


# -- what the study day says ----------------------------------------------------------------------------------------


def test_all_six_are_there_under_their_own_name() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(NAMES)
    assert all(model["slug"] == name for name, model in READ.items())


@pytest.mark.parametrize(
    ("name", "demolished", "moves"),
    [
        ("mas-du-taureau", 720 + 399, 490 + 344),
        ("severine", 99, 66),
        ("champratel", 142, 97),
        ("mistral", 280, 138 + 142),
    ],
)
def test_dwellings_and_households_are_those_of_the_study_day(name: str, demolished: int, moves: int) -> None:
    figures, tranches = READ[name]["figures"], READ[name]["tranches"]
    assert figures["dwellings_demolished"] == sum(tranche["dwellings"] for tranche in tranches) == demolished
    assert sum(figures["moves"].values()) == moves
    assert sum(tranche.get("moves", tranche["dwellings"]) for tranche in tranches) == moves


def test_mas_du_taureau_has_two_phases_with_their_own_years() -> None:
    first, second = READ["mas-du-taureau"]["tranches"]
    assert (first["from"], first["to"], first["dwellings"], first["moves"]) == (2004, 2008, 720, 490)
    assert (second["from"], second["to"], second["dwellings"], second["moves"]) == (2008, 2011, 399, 344)


def test_mas_du_taureau_has_the_technical_group_and_the_social_group_that_were_presented() -> None:
    model = READ["mas-du-taureau"]
    landlords = parts(model, "origin")
    assert (
        set(seats(model, "commission-relogement")) == {"vaulx-en-velin", "prefecture-rhone", "grand-lyon"} | landlords
    )
    assert {"vaulx-en-velin", "caf-rhone", "cg-rhone", "habitat-et-humanisme"} < set(
        seats(model, "groupe-de-suivi-social")
    )
    assert landlords < set(seats(model, "coordination-interbailleurs"))


def test_at_severine_no_partner_attends_the_discussion_group() -> None:
    model = READ["severine"]
    assert not {"alliade", "polygones", "saint-etienne"} & set(seats(model, "groupe-de-paroles"))
    assert "polygones" in parts(model, "provider")


def test_at_champratel_four_landlords_receive_what_the_fifth_leaves() -> None:
    model = READ["champratel"]
    assert parts(model, "receiving") == {"ophys", "logidome", "scic-habitat", "auvergne-habitat"}
    assert (model["owner"], model["origin_landlord"]) == ("alliade", "alliade")
    (group,) = [body for body in model["bodies"] if body["slug"] == "groupe-interbailleurs"]
    assert (group["chair"], group["lens"]) == ("arhlm-auvergne", "aggregates")


def test_la_duchere_has_three_landlords_two_ages_and_the_results_of_its_survey() -> None:
    model = READ["la-duchere"]
    assert model["figures"]["dwellings_demolished"] == 1600
    assert model["figures"]["after_the_move"] == {"satisfied_percent_of_answers": 80, "first_choice_percent": 60}
    assert model["programme"]["to"] == 2012
    assert parts(model, "origin") == {"opac-du-rhone", "opac-du-grand-lyon", "sacvl"}
    ages = [model["parameters"][code]["value"] for code in ("senior_support_age", "senior_specific_support_age")]
    assert ages == [70, 75]
    guests = {
        seat["organisation"]
        for body in model["bodies"]
        if body["slug"] == "groupe-de-suivi-social"
        for seat in body["seats"]
        if seat.get("guest")
    }
    assert guests == {"emploi-duchere", "cmp-duchere"}


def test_the_opac_du_rhone_began_in_1999_and_says_what_was_asked_and_done() -> None:
    model = READ["opac-du-rhone"]
    assert model["programme"] == {"from": 1999}
    assert model["figures"]["in_the_neighbourhood"] == {"asked_percent": 43, "moved_percent": 47}


# -- what makes a model fit to begin with ---------------------------------------------------------------------------


def test_every_partner_has_a_known_kind_and_part_and_one_of_them_answers_for_the_operation(
    model: dict[str, Any],
) -> None:
    for o in model["organisations"]:
        assert o["kind"] in KINDS, o["slug"]
        assert o["part"] in PARTS, o["slug"]
    assert parts(model, "controller") == {model["owner"]}
    (owner,) = [o for o in model["organisations"] if o["slug"] == model["owner"]]
    assert not owner["consent"], "who answers for the operation is not asked about: it reads by right"
    assert model["origin_landlord"] in parts(model, "origin") | parts(model, "controller")
    assert model["legal_regime"] in REGIMES


def test_an_organisation_that_stands_in_two_operations_is_the_same_one() -> None:
    known: dict[str, set[tuple[str, str, str]]] = {}
    for model in READ.values():
        for o in model["organisations"]:
            known.setdefault(o["slug"], set()).add((o["name"], o["kind"], o["phone"]))
    assert {slug: told for slug, told in known.items() if len(told) > 1} == {}


def test_every_seat_and_chair_belongs_to_a_partner(model: dict[str, Any]) -> None:
    partners = {o["slug"] for o in model["organisations"]}
    for body in model["bodies"]:
        assert {seat["organisation"] for seat in body["seats"]} | {body["chair"]} <= partners, body["slug"]


def test_the_body_that_validates_the_needs_can_reach_its_quorum(model: dict[str, Any]) -> None:
    (body,) = [body for body in model["bodies"] if body["slug"] == "commission-relogement"]
    voices = {seat["organisation"] for seat in body["seats"] if not seat.get("guest")}
    asked = {o["slug"] for o in model["organisations"] if o["consent"]} | {model["owner"]}
    assert body["quorum"] < len(voices)
    assert voices <= asked, "a voice that no household can agree to is never heard"
    assert body["quorum"] == model["parameters"]["committee_quorum"]["value"]


def test_every_parameter_says_its_value_unit_day_and_source_in_two_languages(model: dict[str, Any]) -> None:
    for code, told in model["parameters"].items():
        assert {"value", "unit", "since", "source"} <= set(told), code
        assert set(told["source"]) == {"fr", "en"}, code
        assert len(told["source"]["fr"]) <= 300, code
        assert told["unit"] in UNITS, code
        assert isinstance(told["since"], date), code
        assert code in RULES_OF_AN_OPERATION or set(told["label"]) == {"fr", "en"}, code
    assert model["parameters"]["offers_maximum"]["value"] == 3  # demolition of social housing


def test_every_role_of_an_operation_is_one_of_the_installation(model: dict[str, Any]) -> None:
    assert {role["slug"] for role in model["roles"]} <= {*ROLES, "household"}
    assert {role["slug"] for role in model["roles"]} & {"cesf", "charge_relogement"}, "somebody fills in"


@pytest.mark.parametrize("name", WITHOUT_MISTRAL)
def test_a_model_brings_no_people_and_nobody_who_can_really_be_reached(name: str) -> None:
    model = READ[name]
    assert model["people"] == []
    assert "demonstration" not in model
    assert all("titular" not in seat for body in model["bodies"] for seat in body["seats"])
    for o in model["organisations"]:
        assert FICTION.fullmatch(o["phone"]), o["slug"]
        assert re.fullmatch(r"example\.(org|com|net)", o["mail"]), o["slug"]


# -- the diagnosis fits each of them --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_form_of_an_operation_offers_its_own_partners_and_nobody_elses(name: str, fit: Fit) -> None:
    model, compiled = READ[name], fit(READ[name])
    assert {(finding.level, finding.code) for finding in compiled.findings} <= CENTS
    form = definition.load(compiled.xml)
    offered = {path: {c.value for c in question.choices} for path, question in form.questions.items()}
    assert offered["/data/A/A14"] == {o["slug"] for o in model["organisations"] if o["consent"]}
    assert offered["/data/I_projet/I11"] == {o["slug"] for o in model["organisations"] if o["kind"] == "landlord"}
    assert offered["/data/I/I4"] == {p["slug"] for p in model["places"]} | {"autre_commune", "autre_departement"}
    assert offered["/data/A/A_logement/A1_zone"] == ({z["slug"] for z in model["zones"]} or {"operation"})
    elsewhere = {o["slug"] for other in READ.values() for o in other["organisations"]}
    elsewhere -= {o["slug"] for o in model["organisations"]}
    assert not elsewhere & set().union(*(offered[path] for path in OF_PARTNERS))


def test_the_form_of_the_library_names_no_operation(folder: Path) -> None:
    shipped = [path for path in folder.rglob("*.md")] + [folder / "procedure.yaml", folder / "circuit.yaml"]
    own = {o["name"] for model in READ.values() for o in model["organisations"]}
    own |= {model["short"] for model in READ.values()} | {"ZAC", "Grenoble", "Isère", "Drac"}
    for path in shipped:
        text = path.read_text("utf-8")
        assert [name for name in own if re.search(rf"\b{re.escape(name)}\b", text)] == [], path.name
