"""Two people write one page: what each changed since it was shown is told apart, answer by answer.

A page carries a short keyed digest of each answer it was shown with. When somebody else wrote meanwhile, an answer that
only one of both changed is taken from whoever changed it; one that both changed differently is theirs to settle.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from forms.answering import Said, askable, changes, posted_of
from forms.growing import UnknownPath
from forms.instance import Instance
from forms.pages import name_of, path_of
from forms.visibility import EVERYTHING, Lens

_BYTES = 4  # of each digest: by chance, one answer in four thousand million is taken for another
MOST = 450  # answers of one page that are remembered: the digests travel in one header of a response
THEIRS, MINE, BOTH = "theirs", "mine", "both"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page was shown with; without digests nothing looks as it was."""

    key: bytes
    digests: frozenset[bytes] = frozenset()

    def had(self, path: str, text: str) -> bool:
        return digest(self.key, path, text) in self.digests


@dataclass(frozen=True, slots=True)
class Compared:
    """`conflicts`: both changed them, differently. `leave`: paths that only somebody else changed, with what the page
    still shows there.
    """

    conflicts: tuple[Said, ...] = ()
    leave: Mapping[str, str] = field(default_factory=dict)


def digest(key: bytes, path: str, text: str) -> bytes:
    return blake2b(f"{path}\0{text}".encode(), key=key, digest_size=_BYTES).digest()


def remembered(
    instance: Instance, section_path: str, lens: Lens, key: bytes, shown: Mapping[str, str] | None = None
) -> str:
    """The digests of what one page shows this reader, as one word; empty when there are too many.

    shown: where the page still shows something else than the answers say, what that is.
    """
    other = shown or {}
    found = [(path, node.text) for path, node, _question in askable(instance, section_path, lens)]
    if len(found) > MOST:
        return ""
    told = b"".join(digest(key, path, other.get(path, text)) for path, text in found)
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


def recalled(key: bytes, word: str) -> Seen:
    """What `remembered` gave; a word that is none remembers nothing."""
    try:
        told = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return Seen(key)
    return Seen(key, frozenset(told[at : at + _BYTES] for at in range(0, len(told), _BYTES)))


def compare(
    instance: Instance,
    formdata: Any,
    section_path: str,
    lens: Lens = EVERYTHING,
    *,
    seen: Seen,
    own: Callable[[str], bool],
    whole: bool = True,
) -> Compared:
    """What a posted page says against answers that somebody else may have changed since it was shown.

    own: whether the present answer at a path was written by that page itself.
    """
    conflicts, leave = [], {}
    for said in changes(instance, formdata, section_path, whole, lens):
        if seen.had(said.path, said.before) or own(said.path):
            continue
        if seen.had(said.path, said.text):
            leave[said.path] = said.text
        else:
            conflicts.append(said)
    return Compared(tuple(conflicts), leave)


def settled(compared: Compared, told: Mapping[str, str], key: bytes) -> tuple[Compared, dict[str, str]]:
    """What is left to settle once somebody chose, and the texts that stand in place of those of the page.

    told: {path: "theirs:MARK"}; `choice` makes these words. A choice made before another text than the present one
    counts for nothing.
    """
    left, leave, texts = [], dict(compared.leave), {}
    for said in compared.conflicts:
        which, _colon, mark = told.get(said.path, "").partition(":")
        if which not in (THEIRS, MINE, BOTH) or mark != _mark(key, said):
            left.append(said)
        elif which == THEIRS:
            leave[said.path] = said.text
        elif which == BOTH:
            texts[said.path] = f"{said.before}\n{said.text}"
    return Compared(tuple(left), leave), texts


def choice(which: str, said: Said, key: bytes) -> str:
    """What a page sends when somebody settles an answer."""
    return f"{which}:{_mark(key, said)}"


def _mark(key: bytes, said: Said) -> str:
    return digest(key, said.path, said.before).hex()


def homeless(instance: Instance, formdata: Any, section_path: str, seen: Seen) -> Iterator[tuple[str, str]]:
    """(path, text) of what a posted page says of questions that are not on it any more: their row was taken away, or
    the form has changed. What nobody touched since the page was shown is left out.
    """
    for name, posted in posted_of(formdata).items():
        text = " ".join(one for one in posted.values or () if one.strip())
        if not text or not name.startswith(f"{name_of(instance.form.root.path)}:"):
            continue
        path = path_of(name)
        if not _stands(instance, path, section_path) and not seen.had(path, text):
            yield path, text


def _stands(instance: Instance, path: str, section_path: str) -> bool:
    try:
        node = instance.node(path)
    except UnknownPath:
        return False
    question = instance.form.questions.get(node.path)
    return question is not None and question.page == section_path
