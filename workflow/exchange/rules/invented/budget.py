"""Sections E and F: the money of an invented household."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from workflow.exchange.rules.invented.occupants import Person

# Work → (kind of income, lowest, highest) in euros a month.
PAY = {
    "cdi": ("salaire", 1400, 2050),
    "cdd": ("salaire", 1000, 1600),
    "interim": ("salaire", 950, 1550),
    "independant": ("independant", 800, 1900),
    "apprentissage": ("salaire", 550, 950),
    "etudiant": ("bourse", 110, 450),
    "demandeur": ("chomage", 680, 1100),
    "retraite": ("retraite", 820, 1480),
    "invalidite": ("invalidite", 740, 980),
}


@dataclass(frozen=True)
class Situation:
    """Rows of income (who, kind, euros a month), their sum for those who move together, and the housing benefit."""

    rows: tuple[tuple[str, str, int], ...]
    total: int
    benefit: int


def situation(household: dict[str, Any], people: list[Person], rng: Random) -> Situation:
    """Draw the income of a household; the housing benefit falls as the income grows and never exceeds the rent."""
    rows = [row for person in people if (row := _pay(person, rng))]
    children = sum(1 for p in people if p["age"] < 20)
    if children >= 2:
        rows.append(("menage", "familiales", 140 + 165 * (children - 2)))
    if not any(who in ("titulaire", "conjoint") for who, _, _ in rows):
        rows.append(("titulaire", "rsa", 560 + 190 * children))
    total = sum(amount for who, _, amount in rows if who != "separe")
    benefit = 0.7 * household["rent"] + 35 * children - 0.27 * max(0, total - 700)
    return Situation(tuple(rows), total, int(min(max(benefit, 0), 0.85 * household["rent"])))


def income(money: Situation, persons: int, ceilings: dict[str, list[int]], rng: Random) -> dict[str, Any]:
    """The answers of section E. ceilings: euros a year by number of persons, the last for all larger households."""
    return {
        "E0": "oui",
        "resource": [_resource(*row, rng) for row in money.rows],
        "E5_n2": money.total * 11,
        "E5_n1": money.total * 11 + rng.randrange(0, 900, 50),
        "E5_plai": _ceiling(ceilings["plai"], persons),
        "E5_plus": _ceiling(ceilings["plus"], persons),
        "E6": rng.choices(("aucune", "moins_5000", "refus"), (6, 3, 1))[0],
        "E_calculs": {"E_seuil": 30},
    }


def _ceiling(scale: list[int], persons: int) -> int:
    return scale[min(persons, len(scale)) - 1]


def expenses(money: Situation, day: date, rng: Random) -> dict[str, Any]:
    """The answers of section F; one household in seven has rent arrears."""
    kinds = rng.sample(("mutuelle", "assurance", "transport", "telephone", "credit"), rng.randint(1, 4))
    paid = rng.choices(("sans_difficulte", "rejets"), (9, 1))[0]
    said: dict[str, Any] = {
        "F0": "oui",
        "charge": [{"F1": kind, "F1_montant": rng.randrange(15, 90)} for kind in kinds],
        "F4": [],
        "F5": "non",
        "F6": rng.choices(([], ["fsl"], ["ccas"], ["caf"]), (6, 2, 1, 1))[0],
        "F7": paid,
    }
    if paid == "rejets":
        said["F7_besoin"] = "Un loyer proche du loyer actuel, sans hausse à l’entrée."
    if rng.random() < 0.86:
        return said | {"F2": "non"}
    return said | _arrears(money, day, rng)


def _arrears(money: Situation, day: date, rng: Random) -> dict[str, Any]:
    months = rng.randint(1, 5)
    debt = {"F2": "oui", "F2_montant": 180 * months + money.total % 100, "F2_mois": months}
    plan = rng.choice(("aucun", "en_cours", "signe_respecte"))
    signed = {"F3_date": (day - timedelta(days=rng.randint(30, 300))).isoformat()} if plan == "signe_respecte" else {}
    return debt | {"F3": plan} | signed


def _pay(person: Person, rng: Random) -> tuple[str, str, int] | None:
    if person["work"] not in PAY:
        return None
    kind, low, high = PAY[person["work"]]
    return _receiver(person), kind, rng.randrange(low, high, 5)


def _receiver(person: Person) -> str:
    if person["leaves"]:
        return "separe"
    link = person["link"]
    return link if link in ("titulaire", "conjoint") else "enfant" if link.startswith("enfant") else "autre"


def _resource(who: str, kind: str, amount: int, rng: Random) -> dict[str, Any]:
    steady = kind in ("retraite", "familiales", "invalidite", "rsa")
    return {
        "E_qui": who,
        "E1": kind,
        "E2": amount,
        "E3": "stable" if steady or rng.random() < 0.7 else "variable",
        "E4": rng.choices(("oui", "non"), (9, 1))[0],
    }
