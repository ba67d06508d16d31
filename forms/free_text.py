"""Open texts: where a reminder stands beside the field, and whose words are looked at before they are kept.

Closed lists ask for what is needed; an open text takes whatever is typed. Names, addresses, numbers and dates are no
open texts, whatever their type; nor are the questions of level V4, which are there for what is confidential.
"""

from __future__ import annotations

from collections.abc import Iterator

from forms.growing import address
from forms.instance import Instance
from forms.lexicon import Remark, flagged
from forms.structure import Question
from forms.tree import Node
from forms.visibility import Lens, may_see_at

__all__ = ["Remark", "calls_for_a_reminder", "is_free", "remarked", "remarks_on"]

MEANT_FOR_IT = "V4"
"""The level of the questions that ask for what is confidential."""

_TOLD = frozenset({"besoins", "accompagnement", "souhaits", "protection"})
_NAMED = frozenset({"identite", "contact"})
"""Purposes of a short text in which people tell, and those of one that holds a name, an address, a reference."""

_REMINDING = ("santé", "health")


def is_free(question: Question) -> bool:
    """Whether somebody may write there whatever comes to their mind."""
    if question.level == MEANT_FOR_IT or not question.asked:
        return False
    if question.kind == "multiline":
        return True
    plain = question.kind == "text" and not question.appearance and question.constraint is None
    return plain and not _TOLD.isdisjoint(question.purpose) and _NAMED.isdisjoint(question.purpose)


def calls_for_a_reminder(question: Question) -> bool:
    """Whether a reminder stands beside the field: the hint of some authors says the same already, on paper too."""
    said = (question.hint[lang].casefold() for lang in question.hint)
    return is_free(question) and not any(word in text for text in said for word in _REMINDING)


def remarks_on(question: Question, node: Node) -> tuple[Remark, ...]:
    """The words of one answer that call for a second look."""
    return flagged(node.text) if node.text and is_free(question) else ()


def remarked(instance: Instance, lens: Lens, page: str | None = None) -> Iterator[tuple[str, tuple[Remark, ...]]]:
    """(path, remarks) of the answers that this reader may change, on one page or on all."""
    for _path, node, question in instance.leaves():
        if page is not None and question.page != page:
            continue
        found = remarks_on(question, node) if node.relevant else ()
        if found and may_see_at(instance.form, question, node, lens):
            yield address(node, instance.form), found
