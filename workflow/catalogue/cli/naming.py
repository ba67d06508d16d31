"""The names a circuit may use: of the house, of the procedure beside it, of an operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from workflow.access import LENSES, ROLES

RELATIONS = ("landlord", "controller")
"""Organisations that a dossier knows by what they are to it; a procedure may have answers say others."""
UNCOMPARED: Mapping[str, str] = {
    "form_paths": "Questions and sections are not compared: there is no form beside it. --form FILE names one.",
    "relations": "Relations are not compared: there is no procedure.yaml beside it.",
    "bodies": "Committees, groups and organisations are not compared. --operation FILE names their operation.",
}


def of_the_house() -> dict[str, Any]:
    return {"roles": (*ROLES, "household"), "lenses": LENSES}


def of_the_procedure(circuit: Path) -> dict[str, Any]:
    """The relations its answers may say, beside those every dossier knows; nothing without a procedure at hand."""
    folders = (circuit.resolve().parent, circuit.resolve().parent.parent)
    told = next((_read(folder / "procedure.yaml") for folder in folders if (folder / "procedure.yaml").is_file()), None)
    if told is None:
        return {}
    own = told.get("relations")
    return {"relations": (*RELATIONS, *(map(str, own) if isinstance(own, Mapping) else ()))}


def of_operations(circuit: Path, given: Path | None) -> dict[str, Any]:
    """Bodies and organisations of the operation named, else of all those of the library the circuit lies in.

    Raises OSError, UnicodeDecodeError, yaml.YAMLError.
    """
    files = [given] if given else list(_of_the_library(circuit))
    if not files:
        return {}
    found = [_read(file) for file in files]
    return {key: {slug for told in found for slug in _slugs(told.get(key))} for key in ("bodies", "organisations")}


def _of_the_library(circuit: Path) -> Iterator[Path]:
    for folder in circuit.resolve().parents[1:4]:
        if folder.name == "procedures":
            yield from sorted((folder.parent / "operations").glob("*.yaml"))


def _slugs(told: object) -> Iterator[str]:
    for one in told if isinstance(told, list) else ():
        if isinstance(one, Mapping) and "slug" in one:
            yield str(one["slug"])


def _read(file: Path) -> Mapping[str, Any]:
    told = yaml.safe_load(file.read_text("utf-8"))
    return told if isinstance(told, Mapping) else {}
