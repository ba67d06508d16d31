"""The data a model may use, in the shape docs/models.md describes; and what is cut from it for each reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Data = dict[str, Any]

HOUSEHOLD = "household"
LANDLORD = "landlord"
NAMED_TO = frozenset((HOUSEHOLD, LANDLORD))
"""Audiences that read who a household is: itself, and the landlord whose committee is to lodge it; every other one
reads its reference."""
UNNAMED = {"fr": "Ménage %s", "en": "Household %s"}


def cut(data: Mapping[str, Any], audience: str, lang: str) -> Data:
    """What that audience may read: whoever is not the household reads neither its name nor where it lives.

    Cut here, before the model is written: what is not handed over can stand nowhere in the paper.
    """
    told = dict(data) | {"audience": audience}
    home = told.get("household")
    if home is None or audience in NAMED_TO:
        return told
    unnamed = UNNAMED.get(lang, UNNAMED["fr"]) % home["reference"]
    told["household"] = dict(home) | {"display": unnamed, "address": "", "dwelling": ""}
    return told


def source(data: Mapping[str, Any], reference: str, told: Mapping[str, str], audiences: int) -> Data:
    """What travels inside the PDF as JSON. told: {model, version}.

    Where a model is written for several readers, nothing says which of the answers it keeps from whom: none travels.
    """
    said: Data = {"reference": reference, **told, "audience": data["audience"], "date": data["date"]}
    if "household" in data:
        said["household"] = data["household"]["reference"]
    return said | ({"asked": data["asked"]} if audiences < 2 else {})
