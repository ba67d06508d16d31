"""The pages on the present dwelling: its size and rent, then its state."""

from datetime import date, timedelta
from random import Random
from typing import Any

from workflow.exchange.rules.invented.budget import Situation

Answers = dict[str, Any]


def home(household: dict[str, Any], operation: dict[str, Any], money: Situation, day: date, rng: Random) -> Answers:
    """The answers of the page D."""
    building = next(b for b in operation["buildings"] if b["slug"] == household["building"])
    return {
        "D1": household["type"],
        "D1_surface": household["surface"],
        "D1_ascenseur": "oui" if building["lift"] else "non",
        "D_loyer": _rent(household, operation, money, day, rng),
    }


def state(voices: dict[str, Any], rng: Random) -> Answers:
    """The answers of the page D_etat."""
    works = rng.choices(([], ["murs"], ["sols", "murs"], ["cuisine"]), (5, 2, 2, 1))[0]
    told: Answers = {
        "D6": rng.choice(([], ["humidite"], ["bruit"], ["chauffage", "humidite"])),
        "D7": works,
        "D8": rng.choice(([], ["volumineux"], ["aide"], ["animaux"])),
        "D9": [],
        "D10": rng.choice(voices["likes"]),
        "D10_gene": rng.choice(voices["dislikes"]),
    }
    return told | ({"D7_montant": rng.randrange(150, 2400, 50)} if works else {})


def _rent(household: dict[str, Any], operation: dict[str, Any], money: Situation, day: date, rng: Random) -> Answers:
    alone = rng.random() < 0.2
    rent: Answers = {
        "D2_loyer": household["rent"],
        "D2_annexes": rng.choice((0, 0, 12.5, 28)),
        "D2_charges": household["charges"],
        "D2_travaux": 0,
        "D5": money.benefit,
        "D3": "individuel" if alone else "collectif",
        "D3_eau": "individuel" if alone else "collectif",
        "D4_energie": rng.randrange(28, 110),
        "D4_eau": rng.randrange(12, 48),
    }
    if money.benefit:
        rent["D5_date"] = (day - timedelta(days=rng.randint(20, 200))).isoformat()
    if alone:
        rent["D3_forfait"] = operation["parameters"]["heating_water_flat_amount"]["value"][household["type"]]
    return rent
