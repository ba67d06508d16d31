"""Figures of law, charter and practice that models read: those of the operation, else those of the library."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_READ = re.compile(r"\brules\.([a-z][a-z0-9_]*)")
_CLAUSE = re.compile(r"""\{%-?\s*clause\s+["']([a-z0-9.-]+)["']""")
_ANNEX = re.compile(r"\bmodel:\s*([a-z0-9-]+)")
_DOUBTFUL = ("à vérifier avant usage", "à fixer par")
_SITTING = re.compile(r"\bsitting\.")


@dataclass(frozen=True)
class Figure:
    """One rule as a paper reads it. own: the operation set it itself; label: of whoever wrote it down."""

    code: str
    value: Any
    unit: str
    source: str
    since: str
    label: str
    own: bool

    @property
    def doubtful(self) -> bool:
        """Whether its source says that it is only a guide: somebody looks at it before a paper says it."""
        return not self.own and any(words in self.source for words in _DOUBTFUL)

    def as_data(self) -> dict[str, Any]:
        return {"value": self.value, "unit": self.unit, "source": self.source, "since": self.since}


def figures(defaults: Mapping[str, Any], own: Iterable[Figure], lang: str) -> dict[str, Figure]:
    """{code: figure}; what the operation set wins over what the library proposes (the shape of rules.yaml)."""
    found = {code: _of_library(code, told, lang) for code, told in defaults.items()}
    return found | {one.code: one for one in own}


def _of_library(code: str, told: Mapping[str, Any], lang: str) -> Figure:
    def said(name: str) -> str:
        words = told.get(name) or {}
        return str(words.get(lang) or words.get("fr") or "")

    since = str(told.get("since") or "")
    return Figure(code, told["value"], str(told.get("unit") or ""), said("source"), since, said("label"), own=False)


def texts_of(text: str, clauses: Mapping[str, str], models: Mapping[str, str]) -> list[str]:
    """The words a paper is made of: the model, the clauses it calls for with their variants, the models it annexes."""
    annexed = [models[slug] for slug in _ANNEX.findall(text) if slug in models]
    called = {name for one in (text, *annexed) for name in _CLAUSE.findall(one)}
    return [text, *annexed, *(words for name, words in clauses.items() if name.split(".", maxsplit=1)[0] in called)]


def read_in(texts: Iterable[str]) -> set[str]:
    """The codes of the rules that these texts read."""
    return {code for text in texts for code in _READ.findall(text)}


def needs_sitting(texts: Iterable[str]) -> bool:
    """Whether these texts tell of one sitting."""
    return any(_SITTING.search(text) for text in texts)
