"""When each paper of a procedure is written: as a dossier ends in some way, or enters a stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workflow.circuit import events as e

Foreseen = tuple[str, str]
"""(kind, audience)"""


def written_at(settings: Mapping[str, Any], event: e.Event) -> Iterator[Foreseen]:
    """Every document to be made when this happens."""
    for document in settings.get("documents", ()):
        if document.get("when") == _moment(event):
            yield from ((document["name"], audience["name"]) for audience in document["audiences"])


def _moment(event: e.Event) -> str | dict[str, str] | None:
    """As `when` says it in a procedure.yaml."""
    if isinstance(event, e.StageEntered):
        return {"stage": event.stage}
    return event.outcome if isinstance(event, e.Completed) else ""
