"""The row that was taken away last, offered to who took it away."""

from __future__ import annotations

from collections.abc import Mapping

from forms.pages import name_of
from forms.visibility import label_for
from workflow.dossiers.queries import File
from workflow.dossiers.queries.removed import taken_away


def told_removed(file: File, section: str, lang: str) -> dict[str, str] | None:
    """What the row was called and its first words, as long as it may come back."""
    stored, instance = file.stored, file.instance
    away = taken_away(file.row, stored, section, file.identity.person) if stored else None
    if away is None or instance is None:
        return None
    path = away.row.path
    group = instance.form.groups.get("/".join(step.partition("[")[0] for step in path.split("/")))
    if group is None:
        return None
    label = label_for(instance, group.label, lang, instance.root, file.lens)
    return {"label": f"{label} {away.row.place}".strip(), "words": _first_words(away.row.said), "id": name_of(path)}


def _first_words(said: Mapping[str, str]) -> str:
    """What was written first in the row, when it reads like words."""
    return next((text for text in said.values() if any(letter.isalpha() for letter in text)), "")[:60]
