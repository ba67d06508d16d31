"""Who filled in which section, where several people did: said before it is sent."""

from __future__ import annotations

from collections import Counter

from flask_babel import gettext as _
from flask_babel import ngettext

from forms.pages import name_of
from forms.visibility import may_see_at
from workflow.dossiers.pages.opening import Page


def filled_by(page: Page) -> dict[str, str]:
    """{id of a section: who gave how many of its answers}; nothing when one person filled everything in."""
    counted = _counted(page)
    if len({who for found in counted.values() for who in found}) < 2:
        return {}
    return {name_of(path): _sentence(page, found) for path, found in counted.items()}


def _counted(page: Page) -> dict[str, Counter[str]]:
    """Answers that this reader may see, by section and by who gave them last."""
    instance, lens, lines = page.file.instance, page.file.lens, page.file.lines
    found: dict[str, Counter[str]] = {}
    for path, node, question in instance.leaves() if instance else ():
        seen = node.relevant and node.text and question.asked and may_see_at(instance.form, question, node, lens)
        if seen and question.page and path in lines:
            found.setdefault(question.page, Counter())[lines[path][0]] += 1
    return found


def _sentence(page: Page, found: Counter[str]) -> str:
    told = [
        ngettext("%(who)s (%(num)s answer)", "%(who)s (%(num)s answers)", count, who=page.people.name(who))
        for who, count in found.most_common()
    ]
    return _("Filled in by %(people)s.", people=", ".join(told))
