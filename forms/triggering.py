"""What a changed answer sets off: `trigger` of XLSForm, the event `xforms-value-changed` of ODK XForms.

As on the telephone: only what somebody answers, or what a trigger writes, sets something off; a calculation that comes
out differently does not. A target in the row of the changed answer is the one of that row; seen from outside the
repeat, a target stands in every row.
"""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

from forms.growing import below
from forms.recomputing import answer_text
from forms.tree import Node

if TYPE_CHECKING:
    from forms.instance import Instance

# Triggers that set each other off: never further than this.
_DEEPEST = 20


def fire(instance: Instance, node: Node, spared: Container[int] = (), depth: int = 0) -> None:
    """Do what the changed answer of a node sets off; nodes whose `id` is spared keep their answer."""
    if depth >= _DEEPEST:
        return
    for trigger in instance.form.triggers.get(node.path, ()):
        for target in _targets(node, trigger.target):
            if id(target) in spared:
                continue
            instance.recompute()
            text = answer_text(trigger.value(instance.at(target)))
            if instance.write(target, text):
                fire(instance, target, spared, depth + 1)


def _targets(node: Node, path: str) -> list[Node]:
    """The nodes of a path, seen from the innermost branch that holds both."""
    base = node
    while base.parent is not None and not path.startswith(f"{base.path}/"):
        base = base.parent
    return below(base, path)
