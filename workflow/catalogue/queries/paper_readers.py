"""Who may read what a model writes: the levels of its fields, and those each audience reads where it names none."""

from __future__ import annotations

from collections.abc import Mapping

LEVELS: Mapping[str, str] = {
    "household": "V1",
    "household.display": "V2",
    "household.address": "V2",
    "household.dwelling": "V2",
    "household.landlord": "V0",
    "sitting.lines": "V1",
    "survey": "V2",
}
"""By path, for what lies below it too; what is not named is read by everybody (`documents.audiences`)."""

READERS: Mapping[str, tuple[str, ...]] = {
    "household": ("V0", "V1", "V2"),
    "relay": ("V0", "V1", "V2"),
    "landlord": ("V0", "V1", "V2"),
    "commission": ("V0", "V1"),
    "partner": ("V0", "V1"),
    "public": ("V0",),
}
"""Whoever is neither the household nor the landlord that is to lodge it reads its reference, neither its name nor where
it lives."""
