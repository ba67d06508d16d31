"""Why each question of a page is asked, who reads the answer, how long it is kept, whether it must be answered.

One panel for the page, drawn with the whole page only: a changed answer does not draw it again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext

from forms.compiler import name_of
from forms.structure import Group, Question
from forms.visibility import Lens, label_for, may_be_named, may_see
from workflow.access import LENSES
from workflow.dossiers.pages.opening import Page
from workflow.web.spoken import label

READERS = {
    "household": later("the household"),
    "desk": later("the desk officers"),
    "landlord": later("the landlord’s referent"),
    "coordination": later("the relocation manager"),
    "commission": later("the committee, without names"),
}
"""Those who read beside whoever fills the form, by their lens, the widest first."""

_DAYS = re.compile(r"P?(\d+)\s*([DMY])?\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Reason:
    """What questions asked for the same reason have in common."""

    purpose: str
    readers: str
    kept: str


def whys(page: Page, section: Group) -> list[dict[str, Any]]:
    """[{purpose, readers, kept, questions: [{id, label, must}]}], in the order of the form."""
    form, lens = page.file.published.form, page.file.lens
    found: dict[Reason, list[dict[str, str]]] = {}
    for question in section.questions():
        if question.asked and question.label and may_see(question, lens) and may_be_named(form, question, lens):
            found.setdefault(_reason(page, question), []).append(_line(page, question, lens))
    return [{**vars(reason), "questions": lines} for reason, lines in found.items()]


def _reason(page: Page, question: Question) -> Reason:
    return Reason(_purpose(page, question), _readers(page, question), _kept(question))


def _line(page: Page, question: Question, lens: Lens) -> dict[str, str]:
    root = page.file.instance.root if page.file.instance else None
    words = label_for(page.file.instance, question.label, page.form_lang, root, lens) if root is not None else ""
    return {"id": f"why:{name_of(question.path)}", "label": words, "must": _must(question)}


def _purpose(page: Page, question: Question) -> str:
    """What the answer is for, as the procedure says it."""
    words = page.file.published.settings.get("purposes", {})
    said = [label(words[name]) for name in question.purpose if name in words]
    return ", ".join(said) or _("Needed for this form; its author has not said for what")


def _readers(page: Page, question: Question) -> str:
    if question.level == "V4":
        return _("only who writes it with the household, and who carries the file on")
    found = [str(words) for name, words in READERS.items() if may_see(question, LENSES[name])]
    return ", ".join([_("who fills the form with the household"), *found])


def _kept(question: Question) -> str:
    """Until when: what the author says (a number of days, months or years), else as long as the file."""
    found = _DAYS.match(question.keep or "")
    if found is None:
        return question.keep or _("as long as the file of the household")
    count, unit = int(found[1]), (found[2] or "D").upper()
    if unit == "Y":
        return ngettext("%(num)s year after the answer", "%(num)s years after the answer", count)
    if unit == "M":
        return ngettext("%(num)s month after the answer", "%(num)s months after the answer", count)
    return ngettext("%(num)s day after the answer", "%(num)s days after the answer", count)


def _must(question: Question) -> str:
    if question.required is None:
        return ""
    return _("must be answered") if question.required.text == "true()" else _("must be answered in some cases")
