"""What a page says is held against what somebody else wrote since it was shown: nobody's text is written over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.instance import Instance
from forms.merging import Compared, compare, homeless, settled
from forms.pages import path_of
from forms.structure import Group
from workflow.dossiers.models import AnswerSet
from workflow.dossiers.queries import File
from workflow.dossiers.queries.shown import PARTLY, page_key, seen_with, untouched
from workflow.dossiers.queries.together import Hold
from workflow.errors import Moved

SETTLED = "settle:"
"""Before the name of a field, in the name of what says which text of it stands."""


@dataclass(frozen=True)
class Leaf:
    """A page as it was sent. `version` and `seen` say what it was shown with, `tab` which page it is; `whole` whether
    boxes that are missing were unticked.
    """

    posted: Mapping[str, Any]
    group: Group
    version: str
    seen: str = ""
    tab: str = ""
    whole: bool = True


class Differs(Moved):
    """Somebody else changed the same answers, or what they were asked in is gone. `by`: {path: [who, when, source]}."""

    def __init__(self, compared: Compared, lost: tuple[tuple[str, str], ...], by: Mapping[str, list[str]]) -> None:
        super().__init__("This file was saved from elsewhere meanwhile. Copy your text, then reload the page.")
        self.compared, self.lost, self.by = compared, lost, by


class Held(Moved):
    """Somebody else took this section."""

    def __init__(self, hold: Hold) -> None:
        super().__init__("Somebody else has taken this section. Copy your text, then reload the page.")
        self.hold = hold


@dataclass(frozen=True)
class Shared:
    """`leave`: paths that stay as somebody else wrote them, with what the page still shows; `texts`: what stands there
    because somebody said so.
    """

    leave: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


def shared(
    file: File, latest: AnswerSet, leaf: Leaf, instance: Instance, provenance: Mapping[str, list[str]]
) -> Shared:
    """What this page may write. Raises Differs."""
    lost = _lost(latest, leaf, instance)
    as_shown = latest.stamp == leaf.version and not leaf.seen.startswith(PARTLY)
    if as_shown or untouched(latest, leaf.group.name, leaf.seen):
        if lost:
            raise Differs(Compared(), lost, {})
        return Shared()
    told = _settling(leaf.posted)
    mine = latest.saved_by == file.identity.person and bool(leaf.tab) and latest.saved_from == leaf.tab

    def own(path: str) -> bool:
        return mine and provenance.get(path, [""])[0] == file.identity.person

    seen, key = seen_with(latest, leaf.seen), page_key(latest)
    found = compare(instance, leaf.posted, leaf.group.path, file.lens, seen=seen, own=own, whole=leaf.whole)
    left, texts = settled(found, told, key)
    if left.conflicts or lost:
        raise Differs(left, lost, {said.path: provenance.get(said.path, []) for said in left.conflicts})
    return Shared(left.leave, texts)


def _lost(latest: AnswerSet, leaf: Leaf, instance: Instance) -> tuple[tuple[str, str], ...]:
    return tuple(homeless(instance, leaf.posted, leaf.group.path, seen_with(latest, leaf.seen)))


def _settling(posted: Mapping[str, Any]) -> dict[str, str]:
    return {path_of(name.removeprefix(SETTLED)): str(posted[name]) for name in posted if name.startswith(SETTLED)}
