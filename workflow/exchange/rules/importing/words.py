"""Situations of a household as they are written in French lists (domain note, 8.4)."""

from __future__ import annotations

STATES_AS_WRITTEN: dict[str, tuple[str, ...]] = {
    "to_contact": ("à contacter", "non contacté", "à rencontrer"),
    "appointment": ("rendez-vous pris", "rdv pris", "rendez-vous"),
    "unreachable": ("injoignable",),
    "interview_refused": ("refus d’entretien", "entretien refusé", "refuse l’entretien"),
    "surveyed": ("enquêté", "enquête faite", "rencontré", "diagnostic fait"),
    "to_update": ("à mettre à jour", "à actualiser"),
    "searching": ("en recherche", "en attente de proposition"),
    "offer_made": ("proposition en cours", "proposition faite"),
    "agreed": ("accord", "accord du ménage", "proposition acceptée"),
    "moved_temporarily": ("relogé provisoirement", "relogement provisoire"),
    "moved": ("relogé", "relogé définitivement", "relogement définitif"),
    "left": ("parti", "parti de lui-même", "départ volontaire", "sorti"),
    "blocked": ("bloqué", "situation bloquée"),
    "followed": ("suivi après relogement", "suivi post-relogement"),
    "closed": ("clos", "clôturé", "dossier clos"),
    "purged": (),
}
