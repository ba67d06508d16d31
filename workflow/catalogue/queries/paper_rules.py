"""Figures of law and charter that models read as {{ rules.code.value }}: an operation's own ones, over those that come
with the program.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from workflow import clock
from workflow.operations import queries as operations

ROOT = Path(__file__).resolve().parents[3]
FIGURES = ROOT / "templates" / "documents" / "rules.yaml"


def rules_of(operation: str, lang: str = "fr", day: date | None = None) -> dict[str, dict[str, Any]]:
    """{code: {value, unit, source, since, label, own}} as they hold that day (today). since: ISO; own: whether the
    operation set the figure itself. operation "": those of the program alone.
    """
    found = {code: _shipped(told, lang) for code, told in figures().items()}
    today = day or clock.today()
    for row in operations.parameters(operation) if operation else ():
        if row.since <= today:  # in the order of the days since which they hold
            found[row.code] = {
                "value": _number(row.value),
                "unit": row.unit,
                "source": row.source,
                "since": row.since.isoformat(),
                "label": _said(row.label, lang) or row.code,
                "own": True,
            }
    return dict(sorted(found.items()))


@cache
def figures() -> Mapping[str, Mapping[str, Any]]:
    """The figures that come with the program, as their file writes them."""
    return yaml.safe_load(FIGURES.read_text("utf-8"))


def _shipped(told: Mapping[str, Any], lang: str) -> dict[str, Any]:
    return {
        "value": told["value"],
        "unit": told.get("unit", ""),
        "source": _said(told["source"], lang),
        "since": str(told.get("since", "")),
        "label": _said(told["label"], lang),
        "own": False,
    }


def _said(texts: Mapping[str, str], lang: str) -> str:
    return texts.get(lang) or texts.get("fr") or next(iter(texts.values()), "")


def _number(text: str) -> Any:
    """A figure as models count with it; "yes" and "no" as what they say; other words stay words."""
    plain = text.strip().replace("\u202f", "").replace("\xa0", "").replace(" ", "").replace(",", ".")
    if plain.lower() in {"true", "false"}:
        return plain.lower() == "true"
    try:
        return int(plain) if plain.lstrip("-").isdigit() else float(plain)
    except ValueError:
        return text
