"""Where answers come from is written beside them at every save, and follows them when rows go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from forms import provenance
from forms.answering import askable
from forms.instance import Instance
from forms.visibility import Lens
from workflow import clock

ASKED, TICKED = "documents", "on_document"
"""A page with boxes "seen on a document" says that it has some; the ticked ones send their answer's path."""


class Trace:
    """The lines of one save. Made before anything is written, told of each step; `lines` and `changed` afterwards."""

    def __init__(self, instance: Instance, lines: Mapping[str, Any], who: str, source: str = "declared") -> None:
        self.instance, self.who = instance, who
        self.line = [who, clock.now().isoformat(), source]
        self.before = self.texts = provenance.texts(instance)
        self.first = self.lines = dict(lines)

    @property
    def changed(self) -> bool:
        return self.lines != self.first or self.texts != self.before

    def typed(self, posted: Mapping[str, Any], page: str, lens: Lens) -> None:
        """A page was written: answers that read otherwise are of this person, and of now; then the boxes."""
        self._told()
        if ASKED in posted:
            boxes = {
                path: provenance.is_seen(self.first.get(path))
                for path, node, question in askable(self.instance, page, lens)
                if question.document and node.relevant
            }
            self.lines = provenance.marked(self.lines, boxes, frozenset(_sent(posted)), self.who, self.line[1])

    def rows(self, posted: Mapping[str, Any], landed: str | None) -> None:
        """Rows came or went; `landed` is where the page goes. The answers of later rows keep their lines."""
        removed = str(posted.get("remove_row") or "")
        if landed and posted.get("restore_row"):
            self._moved(provenance.with_row, landed)
        elif landed and removed.rpartition("[")[0] == landed:
            self._moved(provenance.without_row, removed)
        if landed:
            self._told()

    def _moved(self, shift: Callable[[Mapping[str, Any], str], dict[str, Any]], row: str) -> None:
        self.lines, self.texts = shift(self.lines, row), shift(self.texts, row)

    def _told(self) -> None:
        after = provenance.texts(self.instance)
        self.lines = provenance.told(self.lines, self.texts, after, self.line)
        self.texts = after


def _sent(posted: Mapping[str, Any]) -> list[str]:
    found = posted.getlist(TICKED) if hasattr(posted, "getlist") else posted.get(TICKED, ())
    return [found] if isinstance(found, str) else list(found)
