"""The questions that a set of answers leaves out, page by page and with their reasons, for whoever may see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forms.instance import Instance
from forms.kinds import MOVED_LABEL
from forms.reasons import Read, Reason, Reasons
from forms.structure import Group, Question, Repeat
from forms.tree import Node
from forms.visibility import Lens, label_for, may_be_named, may_see


@dataclass(frozen=True, slots=True)
class Unasked:
    """What is left out in one place because of the same answers. `where` names the row, empty outside repeats."""

    where: str
    reads: tuple[Read, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class UnaskedPage:
    """`whole` tells that the page itself is not asked; `parts` then has its one reason."""

    path: str
    label: str
    parts: tuple[Unasked, ...]
    whole: bool = False


def unasked(instance: Instance, lens: Lens, lang: str) -> tuple[UnaskedPage, ...]:
    """The pages that leave something out which the lens lets through, in the order of the form.

    A part of the form that is left out stands for all that it holds.
    """
    instance.recompute()
    looking = _Looking(instance, lens, lang)
    pages = (looking.page(section) for section in instance.form.sections)
    return tuple(page for page in pages if page.parts)


class _Looking:
    def __init__(self, instance: Instance, lens: Lens, lang: str) -> None:
        self.instance = instance
        self.form = instance.form
        self.lens = lens
        self.lang = lang
        self.reasons = Reasons(instance, lang, lambda question: may_be_named(self.form, question, lens))

    def page(self, section: Group) -> UnaskedPage:
        root = self.instance.root
        if section.path == self.form.root.path:
            found = [pair for part in section.children for pair in self.part(part, root, "")]
        else:
            found = list(self.part(section, root, ""))
        whole = any(reason.path == section.path for _, reason in found)
        return UnaskedPage(section.path, self.label(section, root), _gathered(found), whole)

    def part(self, part: Group | Question, parent: Node, where: str) -> Iterator[tuple[str, Reason]]:
        if not self.shown(part):
            return
        if isinstance(part, Repeat):
            yield from self.repeat(part, parent, where)
            return
        node = parent.children[part.name][0]
        if node.wanted:
            if isinstance(part, Group):
                yield from self.inside(part, node, where)
            return
        reason = self.reasons.not_wanted(node)
        if reason is not None:
            yield where, reason

    def inside(self, group: Group, node: Node, where: str) -> Iterator[tuple[str, Reason]]:
        for part in group.children:
            yield from self.part(part, node, where)

    def repeat(self, repeat: Repeat, parent: Node, where: str) -> Iterator[tuple[str, Reason]]:
        """Rows that are left out are told once for all of them."""
        rows = parent.children.get(repeat.name, [])
        left_out = self.reasons.no_row(repeat, parent) if not rows else None
        for row in rows:
            if row.relevant:
                yield from self.inside(repeat, row, self.named(repeat, row, where))
            elif left_out is None:
                left_out = self.reasons.beyond(row) if row.surplus else self.reasons.not_wanted(row)
        if left_out is not None:
            yield where, left_out

    def shown(self, part: Group | Question) -> bool:
        """Whether this reader would be asked it, if the answers called for it."""
        if isinstance(part, Group):
            return any(map(self.shown, part.questions()))
        asked = part.asked and bool(part.label) and not part.name.startswith(MOVED_LABEL)
        return asked and may_see(part, self.lens) and may_be_named(self.form, part, self.lens)

    def named(self, repeat: Repeat, row: Node, where: str) -> str:
        name = f"{self.label(repeat, row)} {row.position()}"
        return f"{where}, {name}" if where else name

    def label(self, part: Group, node: Node) -> str:
        return label_for(self.instance, part.label, self.lang, node, self.lens)


def _gathered(found: list[tuple[str, Reason]]) -> tuple[Unasked, ...]:
    """Together what is left out in the same place because of the same answers; rows too many stand alone."""
    together: dict[tuple[str, tuple[Read, ...], str], list[Reason]] = {}
    for where, reason in found:
        alone = reason.path if reason.kind == "row" else ""
        together.setdefault((where, reason.reads, alone), []).append(reason)
    return tuple(Unasked(where, reads, tuple(reasons)) for (where, reads, _), reasons in together.items())
