"""Which statuses the invented households reach outside the circuit, and what the contact log says of them."""

from __future__ import annotations

AFTER = (
    *("searching",) * 8,
    *("offer_made",) * 2,
    *("agreed",) * 2,
    "moved",
    "moved",
    "moved",
    "moved_temporarily",
    "moved_temporarily",
    "followed",
    "followed",
    "blocked",
    "left",
    "closed",
    "to_update",
)
"""For households whose diagnosis is validated, in the order of their references."""

WITHOUT_DOSSIER = (
    *("appointment",) * 14,
    *("unreachable",) * 6,
    *("interview_refused",) * 2,
    "left",
    "purged",
)
"""For households that have no diagnosis yet."""

LOG: dict[str, tuple[tuple[str, str], ...]] = {
    "appointment": (
        ("letter", "Courrier d’information remis dans la boîte aux lettres."),
        ("appointment", "Rendez-vous à domicile convenu par téléphone."),
    ),
    "unreachable": (
        ("visit_missed", "Passage en fin de journée, personne."),
        ("visit_missed", "Second passage, avis laissé sur la porte."),
        ("neighbour", "Un voisin transmettra notre numéro."),
    ),
    "interview_refused": (("refused", "Préfère attendre la réunion publique avant de répondre."),),
    "left": (("phone", "A trouvé un logement par ses propres moyens."),),
}
