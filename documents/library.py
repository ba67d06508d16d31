"""What a model may call for besides its own words: clauses, pictures, other models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

MODEL, CLAUSES = "model.md", "clauses"
_PICTURES = (".png", ".jpg", ".jpeg", ".svg")


@dataclass(frozen=True, slots=True)
class Library:
    """`clauses`: texts by the name of the file without “.md” (“duree”, “duree.pluralis”); `files`: the pictures beside
    the model, by the name of the file; `models`: texts of other models by slug, of which those named as annexes are
    read.
    """

    clauses: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def beside(cls, model: Path) -> Self:
        """What lies round a model on disk: pictures in its folder, `clauses/` and the models of the folders next to it.

        templates/documents/clauses/duree.md
        templates/documents/avenant/model.md, plan.png
        """
        folder, shelf = model.parent, model.parent.parent
        pictures = (one for one in sorted(folder.iterdir()) if one.suffix.lower() in _PICTURES)
        others = (one for one in sorted(shelf.glob(f"*/{MODEL}")) if one != model)
        return cls(
            clauses={one.stem: one.read_text("utf-8") for one in sorted((shelf / CLAUSES).glob("*.md"))},
            files={one.name: one.read_bytes() for one in pictures},
            models={one.parent.name: one.read_text("utf-8") for one in others},
        )


EMPTY = Library()
