"""Pages I, I_projet and J: what an invented household wishes, and how the interview ends."""

from datetime import date, timedelta
from random import Random
from typing import Any

from workflow.exchange.rules.invented.budget import Situation
from workflow.exchange.rules.invented.occupants import Person

AREAS = (
    ("eaux_claires", 9),
    ("lys_rouge", 6),
    ("vallier", 6),
    ("capuche", 6),
    ("berriat", 5),
    ("vigny_musset", 5),
    ("alliance", 4),
    ("centre", 4),
    ("seyssinet", 4),
    ("fontaine", 3),
    ("teisseire", 3),
    ("echirolles", 2),
)


def places(voices: dict[str, Any], rng: Random) -> dict[str, Any]:
    """The answers of the page I: where. Who wishes to stay ranks the neighbourhood first."""
    stay = rng.choices(("imperatif", "preference", "indifferent", "non"), (22, 26, 20, 32))[0]
    ranked = _ranked(stay, rng)
    refused = _refused(ranked, rng)
    said: dict[str, Any] = {
        "I1": rng.choice(("positif", "partage", "inquiet", "nspp")),
        "I2": stay,
        "secteur": [{"I3": area} for area in ranked],
        "I4": refused,
        "I_choix": {f"I15_{rank}": area for rank, area in enumerate(ranked, 1)},
        "I5": rng.sample(("famille", "amis", "ecole", "travail", "transports", "commerces", "soins"), 2),
        "I6": "non",
    }
    if refused and rng.random() < 0.15:
        said["I4_raison"] = rng.choice(voices["confided"]["areas"])
    return said


def project(
    operation: dict[str, Any], people: list[Person], money: Situation, day: date, rng: Random
) -> dict[str, Any]:
    """The answers of the page I_projet: what kind of dwelling, when, how sure."""
    landlords = [o["slug"] for o in operation["organisations"] if o["kind"] == "landlord"]
    ready = rng.choices(("precis", "hesitant", "sans_idee", "impossible"), (45, 33, 15, 7))[0]
    said: dict[str, Any] = {
        "I7": size(people),
        "I8": rng.choice((["collectif_neuf"], ["collectif_neuf", "intermediaire"], ["collectif_ancien"], ["maison"])),
        "I9": rng.sample(("ascenseur", "balcon", "cave", "parking", "chauffage", "calme", "etage_bas"), 3),
        "I10": int(money.total * rng.choice((0.22, 0.25, 0.28, 0.33))),
        "I11": rng.sample(landlords, rng.randint(0, 2)),
        "I12": (day + timedelta(days=rng.randrange(60, 400, 10))).isoformat(),
        "I12_contrainte": ["scolaire"] if any(p["age"] < 18 for p in people) else [],
        "I13": rng.choice(("oui", "non", "non")),
        "I14": "oui" if any(p["leaves"] for p in people) else "non",
        "I16": ready,
    }
    if ready == "impossible":
        said["I16_motif"] = [rng.choice(("effort", "taille", "rarete"))]
    if rng.random() < 0.25:
        said["I17"] = rng.choice(operation["demonstration"]["collective"])
    return said


def conclusion(
    operation: dict[str, Any], people: list[Person], money: Situation, day: date, rng: Random
) -> dict[str, Any]:
    """The answers of section J."""
    voices = operation["demonstration"]
    opinion = rng.choices(("accord", "remarques", "desaccord"), (76, 18, 6))[0]
    said: dict[str, Any] = {
        "J1": rng.choice(voices["summaries"]),
        "J2": size(people),
        "J2_motif": "grille",
        "J4": rng.choices(("simple", "surveiller", "complexe", "bloque"), (58, 26, 13, 3))[0],
        "J6_a": "non",
        "J7_avis": opinion,
    }
    if rng.random() < 0.4:
        said |= {"J6_a": "oui", "action": [_action(voices, day, rng)]}
    if opinion != "accord":
        said["J7"] = rng.choice(voices["remarks"])
    if money.total < 1100 or rng.random() < 0.1:
        pair = rng.choice(voices["watch"])
        said |= {"J5": pair["told"], "J5_besoin": pair["need"]}
    return said


def size(people: list[Person]) -> str:
    """The size of dwelling of the working grid, by the number of people beside the tenant and partner."""
    moving = [p for p in people if not p["leaves"]]
    others = len(moving) - 1 - any(p["link"] == "conjoint" for p in moving)
    return ("T2", "T3", "T4", "T4", "T5", "T5", "T6")[min(others, 6)]


def _ranked(stay: str, rng: Random) -> list[str]:
    names, weights = zip(*AREAS, strict=True)
    ranked = ["mistral"] if stay in ("imperatif", "preference") else []
    while len(ranked) < 3:
        area = rng.choices(names, weights)[0]
        if area not in ranked:
            ranked.append(area)
    return ranked


def _refused(ranked: list[str], rng: Random) -> list[str]:
    left = [area for area, _ in AREAS if area not in ranked]
    return rng.sample(left, rng.choices((0, 1, 2), (5, 3, 1))[0])


def _action(voices: dict[str, Any], day: date, rng: Random) -> dict[str, Any]:
    return {
        "J6": rng.choice(voices["actions"]),
        "J6_porteur": rng.choice(("grenoble", "actis", "cesf")),
        "J6_echeance": (day + timedelta(days=rng.randrange(10, 60))).isoformat(),
    }
