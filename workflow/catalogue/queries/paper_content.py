"""What a version of a model of papers is made of: its own words, and those it calls for. Nothing here is written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from documents import front_matter
from documents.findings import ModelRefused
from documents.front_matter import FrontMatter
from documents.library import Library
from documents.model import front_matter_of
from documents.source import uses

_LIQUID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_LOOSE_END = re.compile(r"[\s,:–-]*(?:\bn\s?°|\bdu|\bde|\bdes|\bà|\bpour)?[\s,:–-]*$")


@dataclass(frozen=True)
class Content:
    """One version: what its hash stands for."""

    slug: str
    operation: str
    text: str
    clauses: Mapping[str, str] = field(default_factory=dict)
    annexed: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        files = {name: sha256(content).hexdigest() for name, content in self.files.items()}
        parts = [self.slug, self.operation, self.text, dict(self.clauses), dict(self.annexed), files]
        return sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @property
    def library(self) -> Library:
        return Library(self.clauses, self.files, self.annexed)


def composed(slug: str, operation: str, text: str, around: Library) -> Content:
    """The text with those clauses (variants of landlords included) and models of a library that it calls for."""
    annexed = {name: around.models[name] for name in annexed_by(text) if name in around.models and name != slug}
    clauses = {name: around.clauses[name] for one in (text, *annexed.values()) for name in called_by(one, around)}
    return Content(slug, operation, text, clauses, annexed, around.files)


def called_by(text: str, around: Library) -> list[str]:
    """Names of the clauses of a library that a text calls for, with their variants."""
    bare = {name for name, _line in uses(text)}
    return [full for full in around.clauses if full.partition(".")[0] in bare]


def annexed_by(text: str) -> list[str]:
    """Slugs of the models that a text has compiled in; none of a text that cannot be read."""
    return [one.model for one in front_of(text).annexes if one.model]


def front_of(text: str) -> FrontMatter:
    """The front matter of a text, an empty one where it cannot be read."""
    try:
        meta = front_matter_of(text)
    except ModelRefused:
        return FrontMatter()
    return front_matter.read(meta, "")[0]


def title_of(text: str, slug: str) -> str:
    """A plain name for lists: the title without the values that stand in it."""
    try:
        said = str(front_matter_of(text).get("title") or "")
    except ModelRefused:
        said = ""
    bare = _LOOSE_END.sub("", " ".join(_LIQUID.sub("", said).split()))
    return bare[:200] or slug.replace("-", " ").capitalize()


def examples_in(found: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Cases by name, the first one ("") in front; what is no case is left out."""
    return {name: told for name, told in sorted(found.items()) if isinstance(told, dict)}
