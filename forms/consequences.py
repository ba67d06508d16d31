"""Cause hidden, consequence shared: what illness or violence means for the dwelling, in neutral words.

A question of level V1 names in `bind::relais:consequence` the confidential questions it stands for. The officer words
it; others read only this. It must be answered as soon as a cause is, if only by "no consequence"; and a wording that
repeats the cause is pointed out, never refused. Why it is so: docs/decisions/cause-hidden-consequence-shared.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import takewhile

from forms.structure import Form, Question
from forms.tree import Node

MARK = "–"
"""What is stored for "no consequence" where the answer is a text."""

NO_CHOICE = "none"
"""The name of the choice that says "no consequence", where the answer is chosen from a list."""

NEEDED = "Say what the dwelling needs because of the answer above, or that it has no consequence."
COPIED = "These words repeat the confidential answer. Say what the dwelling needs, never why."
UNKNOWN = "This consequence names %(name)s, which is no question of this form."

HOUSING_NEED = frozenset({"besoins"})
"""Purposes that say that an answer serves to find the right dwelling."""

CONFIDENTIAL = frozenset({"V3", "V4"})
_TEXTS = frozenset({"text", "multiline"})
_WORD = re.compile(r"[^\W_]+")
_SMALL = (
    "oui non a au aux avec car ce ces cet cette d dans de des du elle en est et il ils l la le les leur leurs lui n ne "
    "ni ou par pas plus pour qu que qui s sa sans se ses son sont sur un une y "
    "yes no an and are as at because by for from has have he her his in is it its not of on or she that the their they "
    "this to was were will with without"
)
_SMALL_WORDS = frozenset(_SMALL.split())
_SHARE = 0.6
_RUN = 3


# -- which questions stand for which ------------------------------------------------------------------------------


def named(cell: str, at: str, paths: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The questions that a cell of the column names, and the words that name nothing.

    cell: names separated by spaces, or `${name}` as pyxform writes it out (`/data/a`, `../a`). at: path of the question
    that has the cell. Among questions of the same name, the nearest is meant.
    """
    known = [path for path in paths if path != at]
    found: dict[str, None] = {}
    unknown = []
    for word in cell.split():
        meant = _meant(word, at, known)
        if meant:
            found[meant] = None
        else:
            unknown.append(word)
    return tuple(found), tuple(unknown)


def _meant(word: str, at: str, known: list[str]) -> str:
    if "/" not in word:
        called_so = sorted(path for path in known if path.rpartition("/")[2] == word)
        return max(called_so, key=lambda path: _shared(path, at), default="")
    path = _absolute(word, at)
    return path if path in known else ""


def _absolute(word: str, at: str) -> str:
    if word.startswith("/"):
        return word
    here = at.split("/")
    for step in word.split("/"):
        here = here[:-1] if step == ".." else [*here, step] if step != "." else here
    return "/".join(here)


def _shared(path: str, at: str) -> int:
    pairs = zip(path.split("/"), at.split("/"), strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))


def without_consequence(form: Form) -> list[Question]:
    """Confidential questions that serve to find a dwelling, and for which nothing stands that others may read."""
    covered = {path for question in form.questions.values() for path in question.causes}
    return [question for question in form.questions.values() if _alone(question, covered)]


def _alone(question: Question, covered: set[str]) -> bool:
    wanted = question.level in CONFIDENTIAL and not HOUSING_NEED.isdisjoint(question.purpose)
    return wanted and question.kind != "note" and question.path not in covered


# -- what the answers say -----------------------------------------------------------------------------------------


def causes_of(question: Question, node: Node) -> list[Node]:
    """The answered, relevant causes behind one consequence; in a row of a repeat, those of the same row."""
    found = [leaf for path in question.causes for leaf in nearest(node, path)]
    return [leaf for leaf in found if leaf.relevant and leaf.text.strip()]


def nearest(node: Node, path: str) -> list[Node]:
    """The nodes of a form path seen from another node: in its own row where both stand in the same repeat."""
    base: Node | None = node
    while base is not None and not path.startswith(f"{base.path}/"):
        base = base.parent
    if base is None:
        return []
    found = [base]
    for name in path[len(base.path) + 1 :].split("/"):
        found = [child for parent in found for child in parent.children.get(name, ())]
    return found


def called_for(question: Question, node: Node) -> bool:
    """Whether this consequence must be answered now."""
    return bool(question.causes) and not question.computed and bool(causes_of(question, node))


def written_or_none(posted: list[str]) -> list[str]:
    """Box and text have one name on the page; what somebody wrote is never lost to a ticked box."""
    return [text for text in posted if text.strip() and text != MARK] or posted


def worded(question: Question, node: Node) -> bool:
    """Whether there is something that others may read."""
    return bool(node.text.strip()) and not says_none(question, node.text)


def may_be_none(question: Question) -> bool:
    """Whether the page offers the box "no consequence"; a list of choices has its own choice for it."""
    return bool(question.causes) and question.kind in _TEXTS


def says_none(question: Question, text: str) -> bool:
    """Whether the answer is "no consequence"."""
    if not question.causes:
        return False
    return text.strip() in {MARK, "-", "—"} if may_be_none(question) else text == NO_CHOICE


# -- the same words -----------------------------------------------------------------------------------------------


def repeats(cause: str, wording: str) -> bool:
    """Whether a wording gives its cause away: it takes up most of the words of the cause, or most of its own words
    come from there (two at least), or three in a row do. Accents, capitals, plural and small words do not count.
    """
    source, copy = _words(cause), _words(wording)
    common = set(source) & set(copy)
    if not common:
        return False
    taken, own = len(common) / len(set(source)), len(common) / len(set(copy))
    return taken >= _SHARE or (len(common) > 1 and own >= _SHARE) or bool(_runs(source) & _runs(copy))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.lower())
    letters = "".join(character for character in plain if not unicodedata.combining(character))
    return [_singular(word) for word in _WORD.findall(letters) if word not in _SMALL_WORDS]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)}
