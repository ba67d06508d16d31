"""What an invented household told the officer: a complete, valid set of answers to the form `diagnostic-social`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from workflow.exchange.rules.invented import budget, dwelling, needs, occupants, wishes

Answers = dict[str, Any]


@dataclass(frozen=True)
class Visit:
    """Who met the household and when; the organisations it agreed to inform."""

    officer: str
    referent: str
    day: date
    agreements: tuple[str, ...]


def answers(
    household: dict[str, Any],
    operation: dict[str, Any],
    *,
    officer: str,
    referent: str,
    today: date,
    rng: Random,
    interviewed: date | None = None,
    agreements: Iterable[str] | None = None,
) -> Answers:
    """Answers nested by group name, repeats as lists, several choices as lists, dates in ISO, amounts in euros.

    `officer` and `referent` are printed as they are. `interviewed` (default: one to thirty days before `today`) is the
    day of the interview. `agreements` are the organisations ticked in A14 (default: the landlord and some others).
    """
    day = interviewed or today - timedelta(days=rng.randint(1, 30))
    ticked = _agreements(household, operation, rng) if agreements is None else agreements
    visit = Visit(officer, referent, day, tuple(ticked))
    people = occupants.at(household, today, day, rng)
    money = budget.situation(household, people, rng)
    voices = operation["demonstration"]
    asked = needs.told(household, people, voices)
    return {
        "A": _file(household, visit, str(operation["programme"]["from"]), rng),
        "B": _lease(household, people, day, rng),
        "C": occupants.answers(people, voices, rng),
        "D": dwelling.home(household, operation, money, day, rng),
        "D_etat": dwelling.state(voices, rng),
        "E": budget.income(money, len(people), voices["ceilings"], rng),
        "F": budget.expenses(money, day, rng),
        **asked,
        "I": wishes.places(voices, rng),
        "I_projet": wishes.project(operation, people, money, day, rng),
        "J": wishes.conclusion(operation, people, money, day, rng),
    }


def _file(household: dict[str, Any], visit: Visit, charter: str, rng: Random) -> Answers:
    return {
        "A_logement": _place(household, rng),
        "A_entretien": _interview(visit, rng),
        "A13": "oui",
        "A13_date": visit.day.isoformat(),
        "A14": list(visit.agreements),
        **({"A14_date": visit.day.isoformat()} if visit.agreements else {}),
        "A15": "oui",
        "A15_date": visit.day.isoformat(),
        "A15_version": charter,
    }


def _place(household: dict[str, Any], rng: Random) -> Answers:
    return {
        "A1": household["building_name"],
        "A1_entree": household["stair"],
        "A1_etage": household["floor"],
        "A1_numero": household["dwelling"],
        "A1_zone": household["zone"],
        "A2": household["reference"],
        "A3": f"038{household['number']:07d}{rng.randrange(10**8):08d}",
        "A4": rng.choices(("definitif", "temporaire", "retour"), (80, 8, 12))[0],
    }


def _interview(visit: Visit, rng: Random) -> Answers:
    said = {
        "A5": visit.day.isoformat(),
        "A5_lieu": rng.choices(("domicile", "permanence", "mairie"), (80, 15, 5))[0],
        "A6": visit.officer,
        "A6_employeur": "actis",
        "A8": "ville",
        "A9": ["titulaire"],
        "A10": rng.choices(("aucune", "lecture", "tiers"), (88, 7, 5))[0],
        "A11": "premiere",
    }
    if rng.random() < 0.85:
        return said | {"A7": "present", "A7_nom": visit.referent}
    return said | {"A7": "absent", "A7_motif": rng.choice(("conge", "indisponible"))}


def _agreements(household: dict[str, Any], operation: dict[str, Any], rng: Random) -> list[str]:
    """The landlord nearly always, each other organisation that may be asked for two times out of three."""
    asked = [o["slug"] for o in operation["organisations"] if o["consent"] and o["slug"] != household["landlord"]]
    return [household["landlord"], *(slug for slug in asked if rng.random() < 0.65)]


def _lease(household: dict[str, Any], people: list[dict[str, Any]], day: date, rng: Random) -> Answers:
    leaving = [p for p in people if p["leaves"]]
    couple = any(p["link"] == "conjoint" for p in people)
    lease: Answers = {
        "B1": "hlm",
        "B2": _years_before(day, household["years"], rng).isoformat(),
        "B3": ["titulaire", "conjoint"] if couple else ["titulaire"],
        "B4": "apl",
        "B5": rng.choices(("aucune", "commandement"), (94, 6))[0],
        "B6": "oui" if leaving else "non",
        "B7": rng.choice(([], ["cave"], ["parking"], ["cave", "parking"])),
        "B8": "non",
    }
    if leaving:
        lease["decohabitant"] = [{"B6_nom": p["name"], "B6_lien": p["link"]} for p in leaving]
    return lease


def _years_before(day: date, years: int, rng: Random) -> date:
    return date(day.year - years, rng.randint(1, 12), 1) - timedelta(days=365)
