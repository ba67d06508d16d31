"""How the description of one operation becomes the beginning of another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TAKEN = ("zones", "places", "parameters", "legal_regime", "tranches")
"""What is taken as it stands. People, households and buildings never are."""


def taken_from(model: Mapping[str, Any], names: Mapping[str, str], owner: str) -> dict[str, Any]:
    """The part of a description that a new operation takes, in the same shape.

    names: {organisation in the model: organisation here}. owner: the organisation here that carries the new one;
    whoever carried the model stays as a partner.
    """
    return {name: model[name] for name in TAKEN if name in model} | {
        "organisations": _partners(model, names, owner),
        "bodies": [_body(body, names) for body in model.get("bodies", ())],
    }


def _partners(model: Mapping[str, Any], names: Mapping[str, str], owner: str) -> list[dict[str, Any]]:
    found = {owner: {"slug": owner, "part": "controller", "consent": False}}
    for told in model.get("organisations", ()):
        slug = names[told["slug"]]
        part = "partner" if told.get("part") == "controller" else told.get("part", "partner")
        found.setdefault(slug, {"slug": slug, "part": part, "consent": bool(told.get("consent", True))})
    return list(found.values())


def _body(told: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "slug": told["slug"],
        "label": told["label"],
        "chair": names.get(told.get("chair") or "", ""),
        "decides": bool(told.get("decides", told.get("lens") == "commission")),
        "quorum": told.get("quorum"),
        "rhythm": told.get("rhythm") or {},
        "seats": [
            {"organisation": names[seat["organisation"]], "guest": bool(seat.get("guest"))} for seat in told["seats"]
        ],
    }


def course_of(model: Mapping[str, Any], procedure: str) -> str:
    """The course a form takes in an operation so described (`procedures`); "" for that of the form itself."""
    return model.get("procedures", {}).get(procedure, {}).get("variant", "")


def counted(model: Mapping[str, Any]) -> dict[str, int]:
    """How much of each kind would be taken, for the page that asks."""
    kinds = ("organisations", "bodies", "tranches", "zones", "places", "parameters")
    return {kind: len(model[kind]) for kind in kinds if model.get(kind)}
