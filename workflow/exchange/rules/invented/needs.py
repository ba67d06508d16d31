"""Pages G, G_reserve and H: the support an invented household wishes, what it confides, what the dwelling needs.

Causes and consequences are drawn in pairs, so that the words others read never repeat what was confided.
"""

from random import Random
from typing import Any

from workflow.exchange.rules.invented.occupants import Person

Answers = dict[str, Any]
Voices = dict[str, Any]


def told(household: dict[str, Any], people: list[Person], voices: Voices) -> dict[str, Answers]:
    """The answers of the three pages, always the same for the same household."""
    rng = Random(f"needs of {household['number']}")  # noqa: S311  invented people, not a secret
    aged = any(person["age"] >= 70 for person in people if not person["leaves"])
    return {
        "G": _support(voices, rng, aged=aged),
        "G_reserve": _confided(voices, rng),
        "H": _access(voices, rng, aged=aged),
    }


def _support(voices: Voices, rng: Random, *, aged: bool) -> Answers:
    """Two households in three manage by themselves; the others are followed, or wish some help."""
    if rng.random() < 0.62:
        return {"G1": "non", "G4": rng.choice(("autonome", "autonome", "leger")), "G6": "non"}
    followed = rng.choice(("non", "departement", "ccas", "caf"))
    themes = ["vieillissement", "isolement"] if aged else rng.sample(("budget", "droits", "emploi", "numerique"), 2)
    said: Answers = {
        "G1": followed,
        "G3": themes,
        "G4": rng.choice(("leger", "renforce", "renforce", "specifique")),
        "G5": rng.choice((["ccas"], ["departement"], ["centre_social"], ["association"])),
        "G6": "non",
        "G_besoin": rng.choice(voices["support"]["needs"]),
    }
    if followed != "non":
        said |= {"G2": voices["support"]["services"][followed], "G2_accord": rng.choice(("oui", "oui", "non"))}
    return said


def _confided(voices: Voices, rng: Random) -> Answers:
    """What the officer alone reads: a danger for one household in sixteen, a distress for one in ten."""
    danger, distress = rng.random() < 0.06, rng.random() < 0.1
    said: Answers = {"G7": "oui" if danger else "non", "G8": "oui" if danger else "non"}
    if danger:
        pair = rng.choice(voices["confided"]["danger"])
        said |= {"G7_detail": pair["told"], "G7_orientation": ["ecoute", "association"], "G7_besoin": pair["need"]}
    if distress:
        pair = rng.choice(voices["confided"]["distress"])
        said |= {"G9": "oui", "G9_relais": [pair["told"]], "G9_accord": "oui", "G9_besoin": pair["need"]}
    return said


def _access(voices: Voices, rng: Random, *, aged: bool) -> Answers:
    """Needs of accessibility: frequent among the aged, rare among the others."""
    needed = rng.random() < (0.7 if aged else 0.14)
    said: Answers = {"H1": "oui" if needed else "non", "H5_seuil": 70}
    if aged:
        said["H6"] = rng.choices(("non", "oui"), (3, 1))[0]
    return said | (_adapted(voices, rng) if needed else {}) | (_visits(voices, rng) if needed and aged else {})


def _adapted(voices: Voices, rng: Random) -> Answers:
    wanted = rng.choice((["ascenseur"], ["ascenseur", "douche"], ["rdc"], ["rdc", "barres"], ["calme"]))
    said: Answers = {"H2": wanted}
    if rng.random() < 0.5:
        said |= {"H3": rng.choice(("mdph", "gir", "cmi")), "H3_besoin": rng.choice(voices["access"]["details"])}
    if "douche" in wanted or "barres" in wanted:
        said |= {"H7": rng.randrange(900, 9000, 100), "H7_financeurs": ["bailleur_accueil", "caisse_retraite"]}
    return said


def _visits(voices: Voices, rng: Random) -> Answers:
    if rng.random() < 0.5:
        return {}
    pair = rng.choice(voices["access"]["visits"])
    return {"H4": [pair["kind"]], "H4_lieu": pair["told"], "H4_besoin": pair["need"]}
