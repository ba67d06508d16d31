"""The charter of the demonstration, as far as it has come: its frame, its contributions, its articles."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

Said = dict[str, Any]


def charter(today: date) -> list[Said]:
    """The pages of each hand: who holds the pen frames it, the association counts what comes in, both write."""
    began = today - timedelta(days=75)
    frame = {
        "A1": "Charte de relogement de Mistral",
        "A2": "Que chaque famille sache ce à quoi elle a droit, ce qu’on attend d’elle, et qui l’accompagne.",
        "A3": "La démolition des 280 logements et les deux tranches de travaux.",
        "A4": began.isoformat(),
        "A5": (began + timedelta(days=45)).isoformat(),
        "partie": [
            {"nom": "Ville de Grenoble", "genre": "ville"},
            {"nom": "ACTIS", "genre": "bailleur"},
            {"nom": "CSF, pour les locataires", "genre": "habitants"},
        ],
    }
    contributions = {
        "B1": 64,
        "B2": 5,
        "B3": 112,
        "B4": "Voir le logement avant de répondre. Ne pas payer deux loyers. Rester près de l’école.",
    }
    articles = [
        {"titre": "Visiter avant de répondre", "texte": "Chaque famille visite le logement proposé, puis a dix jours."},
        {"titre": "Un seul interlocuteur", "texte": "Une personne nommée suit la famille jusqu’à un an après."},
        {"titre": "Un seul loyer", "texte": "Le loyer de l’ancien logement s’arrête le jour de la remise des clés."},
    ]
    return [{"A": frame}, {"B": contributions}, {"C": {"article": articles}}]
