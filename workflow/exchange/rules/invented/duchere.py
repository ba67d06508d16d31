"""La Duchère as the demonstration has it: who works there, who moved, what forty of sixty households answered.

Everything is invented but two figures of the study day of January 2006, which nobody writes down here: they come out
when the answers below are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from random import Random
from typing import Any

Said = dict[str, Any]
SEED = 2006
ASKED, SINCE, ANSWERED = 60, 6, 40
"""Households that were asked; those that moved since; those that answered."""
MANAGER, DESK = "odile-perrachet", "thierry-vallon"

DESCRIPTION: dict[str, Any] = {
    "organisations": [
        {
            "slug": "locataires-duchere",
            "name": "Collectif des locataires de la Duchère",
            "kind": "association",
            "part": "partner",
            "consent": True,
            "phone": "04 65 71 88 40",
            "address": "La Duchère, Lyon",
        }
    ],
    "buildings": [
        {"slug": "barre-200", "name": "Barre 200", "address": "205 avenue Andreï-Sakharov", "tranche": "phase-1",
         "landlord": "opac-du-grand-lyon", "dwellings": 40, "floors": 14, "stairs": 4},
        {"slug": "barre-210", "name": "Barre 210", "address": "217 avenue Andreï-Sakharov", "tranche": "phase-1",
         "landlord": "sacvl", "dwellings": 30, "floors": 14, "stairs": 3},
    ],
    "bodies": [
        {
            "slug": "groupe-technique",
            "label": {"fr": "Groupe technique de l’enquête", "en": "Technical group of the survey"},
            "chair": "lyon",
            "rhythm": {"fr": "Quand il le faut", "en": "When needed"},
            "decides": True,
            "lens": "aggregates",
            "seats": [
                {"organisation": "lyon", "titular": "paul-chambost"},
                {"organisation": "opac-du-grand-lyon", "titular": "lucette-brunier"},
            ],
        }
    ],
    "people": [
        {"slug": MANAGER, "name": "Odile Perrachet", "role": "chef_de_projet", "organisation": "lyon",
         "email": "odile.perrachet@example.org", "phone": "04 65 71 80 11",
         "sentence": {"fr": "Responsable du relogement à la Duchère : elle mène l’enquête de satisfaction.",
                      "en": "Relocation manager at La Duchère: she runs the satisfaction survey."}},
        {"slug": DESK, "name": "Thierry Vallon", "role": "agent_relogement", "organisation": "lyon",
         "email": "thierry.vallon@example.org", "phone": "04 65 71 80 12",
         "sentence": {"fr": "Agent de la Ville à la Duchère : il envoie les lettres et saisit les réponses.",
                      "en": "City officer at La Duchère: he sends the letters and keys the answers."}},
        {"slug": "paul-chambost", "name": "Paul Chambost", "role": "siege_commission", "organisation": "lyon",
         "email": "paul.chambost@example.org", "phone": "04 65 71 80 13",
         "sentence": {"fr": "Directeur de l’habitat à la Ville de Lyon : il valide le questionnaire.",
                      "en": "Director of housing of the City of Lyon: he validates the questionnaire."}},
        {"slug": "lucette-brunier", "name": "Lucette Brunier", "role": "referent_bailleur",
         "organisation": "opac-du-grand-lyon", "email": "lucette.brunier@example.com", "phone": "04 65 71 82 11",
         "sentence": {"fr": "Référente de l’OPAC du Grand Lyon à la Duchère.",
                      "en": "Referent of the OPAC du Grand Lyon at La Duchère."}},
        {"slug": "rene-sapin", "name": "René Sapin", "role": "association", "organisation": "locataires-duchere",
         "email": "rene.sapin@example.org", "phone": "04 65 71 88 41",
         "sentence": {"fr": "Il porte la parole des locataires de la Duchère.",
                      "en": "He speaks for the tenants of La Duchère."}},
    ],
}  # fmt: skip
"""What is added to the model of the operation, which names nobody."""

NAMES = ("Arnoux", "Belkacem", "Benali", "Charreton", "Demir", "Dumoulin", "Ferreira", "Gonnet", "Haddad", "Jolivet",
         "Kaya", "Lambert", "Mansouri", "Morel", "Nogueira", "Ortega", "Pichon", "Rahmani", "Savoye",
         "Yildiz")  # fmt: skip
TONGUES = ("fr",) * 26 + ("ar",) * 8 + ("tr",) * 6
WAYS = ("link",) * 18 + ("paper",) * 14 + ("telephone",) * 8
STREETS = ("12 rue Marietton", "4 rue de Bourgogne", "31 rue Gorge-de-Loup", "8 place de Paris", "27 rue du Souvenir")
PRAISE = (
    "Le nouvel appartement est plus clair, et l’ascenseur marche.",
    "On nous a écoutés, la visite avant de choisir a tout changé.",
    "Les cartons sont arrivés à temps.",
)
WISHES = (
    "Madame Gonnet, du premier, attend toujours ses clés de cave.",
    "Prévenir plus tôt de la date du déménagement.",
    "Le bus passe trop rarement le soir.",
)


def households(description: dict[str, Any]) -> list[Said]:
    """Those that moved, as their files hold them; in the language in which one writes to them."""
    homes, names, streets = description["buildings"], cycle(NAMES), cycle(STREETS)
    return [
        {
            "reference": f"DUC-{rank:04d}",
            "name": f"{'Famille' if rank % 3 else 'Mme'} {next(names)}",
            "building": homes[rank % len(homes)]["slug"],
            "landlord": homes[rank % len(homes)]["landlord"],
            "dwelling": f"{rank:03d}",
            "address": f"{next(streets)}, {description['city']}",
            "phone": f"06 39 98 {rank // 100 + 20:02d} {rank % 100:02d}",
            "persons": 1 + rank % 5,
            "lang": TONGUES[(rank - 1) % len(TONGUES)],
        }
        for rank in range(1, ASKED + SINCE + 1)
    ]


def answers() -> Iterator[tuple[str, str, Said]]:
    """(language, way, answers nested as the form is) of each household that answered, always the same."""
    rng = Random(SEED)  # noqa: S311  invented people, not a secret
    ways = list(WAYS)
    rng.shuffle(ways)
    for rank in range(ANSWERED):
        yield TONGUES[rank], ways[rank], _answers(rank, rng)


def _answers(rank: int, rng: Random) -> Said:
    """Satisfied for four of five; the first choice for six of ten, all of them satisfied."""
    happy, first = rank % 5 != 4, rank % 5 < 3
    scale = ("tres" if rank % 2 else "plutot") if happy else "plutot_pas"
    mild = rng.choice(("tres", "plutot", "plutot", "plutot_pas"))
    children = "oui" if rank % 2 else "non"
    return {
        "B": {"Q1": [rng.choice(("courrier", "reunion", "voisin"))], "Q2": mild, "Q3": "oui" if rank % 4 else "non",
              "Q3_utile": "plutot" if rank % 4 else "", "Q4": ["reunions"] if rank % 3 else ["aucune"]},
        "C": {"Q5": "oui", "Q6": "oui" if rank % 4 else "non", "Q7": scale, "Q8": "non" if rank % 3 else "oui",
              "Q8_qui": [] if rank % 3 else ["bailleur"]},
        "D": {"Q9": "1" if first else "2", "Q9_visites": "1",
              "Q10": "premier" if first else ("deuxieme" if rank % 2 else "troisieme"),
              "Q11": "" if first else "plutot", "Q12": mild},
        "E": {"Q13": dict.fromkeys(("Q13_organisation", "Q13_entreprise"), scale), "Q14": "non" if rank % 4 else "oui",
              "Q14_montant": "" if rank % 4 else "85", "Q15": mild, "Q15_travaux": "tous" if happy else "en_partie"},
        "F": {"Q16": {"Q16_taille": scale, "Q16_bruit": mild}, "Q17": "peu_change" if rank % 2 else "augmente",
              "Q18": "facilement" if rank % 3 else "juste"},
        "G": {"Q19": {"Q19_transports": mild, "Q19_commerces": scale}, "Q20": "souvent" if rank % 2 else "parfois",
              "Q21_enfants": children, "Q21": "" if children == "non" else ("oui" if rank % 4 == 1 else "non")},
        "H": {"Q22": "charge_relogement" if rank % 3 else "personne",
              "Q24": {"Q24_logement": "meilleure" if happy else "identique"}},
        "I": {"Q25": scale, "Q25_note": str(8 if happy else 4), "Q26": "plutot", "Q26_note": "7",
              "Q27": "non" if rank % 3 else "reste", "Q28": PRAISE[rank % 3] if rank % 6 == 0 else "",
              "Q28_ameliorer": WISHES[rank % 3] if rank % 8 == 1 else ""},
        "J": {"Q29_age": ("30_44", "45_59", "60_74")[rank % 3], "Q29_taille": str(1 + rank % 4)},
        "K": {"Q23_rappel": "oui" if rank % 13 == 4 else "non",
              "Q23_telephone": "06 39 98 20 10" if rank % 13 == 4 else "",
              "Q23_quand": "soir" if rank % 13 == 4 else ""},
    }  # fmt: skip
