"""What is said after the diagnosis, invented: an offer and its answer, a relay, a survey; nested as their forms are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

Said = dict[str, Any]

STREETS = ("12 rue des Sorbiers", "3 impasse du Moulin", "27 rue de la Vigne-Haute", "8 place des Tilleuls")
WORDS = (
    "Le logement nous plaît, mais l’école est trop loin et nous ne connaissons personne là-bas.",
    "La chambre du fond est trop petite pour deux enfants.",
)
CALL_BACK = {"Q23_rappel": "oui", "Q23_telephone": "04 65 71 95 12", "Q23_quand": "soir"}
SORT_OF = {"loin": ["ecole", "reseau"], "petit": ["taille"]}


def offer(kept: Said, landlord: str, places: list[str], rank: int, today: date) -> Said:
    """Pages A to D of an offer. kept: what the diagnosis told already; its amounts and needs are met."""
    persons = int(kept["A"]["A3"])
    income = float(kept["C"]["C7"])
    rent = 300 + 45 * min(persons, 6)
    benefit = 0 if income > 1800 else 150
    return {
        "A": kept["A"] | {"A1": 1, "A14": kept["A"]["A14"].split()},
        "B": {
            "B1": landlord,
            "B2": f"{STREETS[rank % len(STREETS)]}, Grenoble",
            "B3": places[rank % len(places)],
            "B3_souhait": "oui",
            "B4": kept["A"].get("A4") or "T3",
            "B5": 40 + 9 * persons,
            "B6": rank % 3,
            "B7": "oui",
            "B8": kept["A"].get("A5", "").split(),
            "B9": ["cave"],
            "B10": "collectif",
            "B11": (today + timedelta(days=45)).isoformat(),
        },
        "C": kept["C"]
        | {
            "C1": rent,
            "C3": 85.5,
            "C6": benefit,
            "C6_source": "caf",
            "C6_date": today.isoformat(),
            "C10": "Le calcul a été revu avec le ménage, qui souhaite visiter.",
        },
        "D": {
            "D1": (today + timedelta(days=30)).isoformat(),
            "D2": "bailleur",
            "D4": 10,
            "D5": "Agence du quartier, 04 65 71 20 00",
        },
    }


def answer(accepts: bool, rank: int, today: date) -> Said:
    """Pages N, V and R: handed over, visited, answered the same week."""
    day = today.isoformat()
    visit = {"V1": "visite", "V2": day, "V3": ["titulaire", "officier"], "V4": "Visite faite en matinée."}
    if accepts:
        said = {"R1": "accepte", "R2": day, "R8": "oui"}
    else:
        said = {
            "R1": "refuse",
            "R2": day,
            "R4": SORT_OF["loin" if rank % 2 == 0 else "petit"],
            "R4_mots": WORDS[rank % 2],
            "R5": "oui",
            "R5_date": day,
            "R7": "chercher",
            "R8": "oui",
        }
    return {"N": {"N1": "main_propre", "N2": day}, "V": visit, "R": said}


def relay(kept: Said, service: str, today: date) -> Said:
    """Pages A to C of a relay sheet."""
    day = today.isoformat()
    return {
        "A": kept.get("A", {}) | {"A1": day, "A3": "apres", "A4": ["budget", "energie"], "A5": "quinze_jours"},
        "B": {
            "B1": "oui",
            "B1_date": day,
            "B1_comment": "ecrit",
            "B2": [service],
            "B3": ["coordonnees", "logement", "budget"],
        },
        "C": {
            "C1": "Comprendre sa première facture d’énergie et étaler le paiement.",
            "C3": "non",
            "C5": kept.get("C", {}).get("C5") or "par la permanence",
        },
    }


def taken_over(today: date) -> Said:
    """Page R of a relay sheet: the service takes over."""
    day = today.isoformat()
    who = "Sarah Nemours, assistante sociale, 04 65 71 31 20"
    return {"R": {"R1": "pris_en_charge", "R2": day, "R3": who, "R7": "oui", "R7_date": day}}


def survey(kept: Said, rank: int, today: date) -> Said:
    """The whole survey of one household."""
    good = rank % 2 == 0
    scale = "tres" if good else "plutot_pas"
    return {
        "A": {"A_date": today.isoformat(), "A_mode": "telephone", "A_accord": "oui"},
        "B": {"Q1": ["courrier", "voisin"], "Q2": scale, "Q3": "oui", "Q3_utile": "plutot", "Q4": ["reunions"]},
        "C": {"Q5": "oui", "Q6": "oui" if good else "non", "Q7": scale, "Q8": "non"},
        "D": {"Q9": 1 if good else 3, "Q9_visites": 1, "Q10": "premier" if good else "autre", "Q12": "plutot"},
        "E": {"Q14": "non", "Q15": "plutot", "Q15_travaux": "pas_demande"},
        "F": {"Q17": "peu_change" if good else "augmente", "Q18": "facilement" if good else "juste"},
        "G": {"Q20": "souvent", "Q21_enfants": "non"},
        "H": {"Q22": "charge_relogement" if good else "personne", "Q23": "" if good else "La porte du hall ferme mal."},
        "I": {"Q25": scale, "Q25_note": 9 if good else 4, "Q26": "plutot", "Q26_note": 7, "Q27": "non"},
        "J": kept.get("J", {}) | {"Q29_age": "45_59", "Q29_taille": "3"},
        "K": {"Q23_rappel": "non"}
        if good
        else {"Q23_rappel": "oui", "Q23_telephone": "04 65 71 95 12", "Q23_quand": "soir"},
    }
