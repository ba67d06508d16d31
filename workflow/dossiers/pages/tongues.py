"""In which language the questions of a dossier stand, beside the language of the pages around them.

What is chosen is sent back with every page (`tongue`), and kept on this device for the next one of the same dossier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, request, session
from flask_babel import gettext as _

from forms.bilingual import untranslated
from forms.definition import Form
from workflow.dossiers.queries import form_lang
from workflow.web import spoken

KEY, KEPT = "tongues", 30
"""Where the choices lie in the session, and of how many dossiers."""

NATIVE = "fr"
"""In which language officers work: what stands under a translation, and what is read where one is missing."""


@dataclass(frozen=True)
class Tongue:
    """Languages of a form, by its own codes; `also` is the second of a page in two languages, or empty."""

    lang: str
    also: str = ""

    @property
    def said(self) -> str:
        return f"{self.lang} {self.also}".strip()

    @property
    def marks(self) -> dict[str, str]:
        """How the questions are marked in the page; nothing when they are in its own language."""
        return spoken.written(self.lang) if self.foreign else {}

    @property
    def foreign(self) -> bool:
        return self.lang != spoken.lang()


def tongue_of(form: Form, reference: str) -> Tongue:
    """What the page says, else its address, else what was chosen last for this dossier, else the reader's language."""
    for said in (request.form.get("tongue"), request.args.get("tongue"), session.get(KEY, {}).get(reference)):
        known = [one for one in (said or "").split() if one in form.languages]
        if known:
            return Tongue(known[0], known[1] if len(known) > 1 and known[1] != known[0] else "")
    return Tongue(form_lang(form, spoken.lang()))


def of_household(form: Form, reference: str, lang: str) -> Tongue:
    """What was chosen; without a choice the household's own language where the form speaks it, with the native one."""
    found = tongue_of(form, reference)
    if request.args.get("tongue") or reference in session.get(KEY, {}) or lang not in form.languages:
        return found
    second = form_lang(form, NATIVE)
    return Tongue(lang, second if lang != second else "")


def chosen(form: Form, told: Any, reference: str) -> Tongue:
    """What the panel of languages asks for."""
    lang = told.get("speak_in", "")
    if lang not in form.languages:
        return tongue_of(form, reference)
    second = form_lang(form, NATIVE)
    return Tongue(lang, second if told.get("speak_both") and second != lang else "")


def remember(reference: str, tongue: Tongue) -> None:
    """Keep the choice for the next page of this dossier."""
    others = {key: said for key, said in session.get(KEY, {}).items() if key != reference}
    session[KEY] = dict([*others.items(), (reference, tongue.said)][-KEPT:])


def enter(tongue: Tongue) -> None:
    """The words of the page itself inside a part in another language are marked as what they are."""
    g.spoken_beside = tongue.foreign


def panel(form: Form, tongue: Tongue, section: Any = None, household: str = "") -> dict[str, Any]:
    """For the templates: what may be chosen, what is chosen, how much of it is not translated."""
    names = [(code, spoken.named(code), spoken.written(code)) for code in form.languages]
    own = form_lang(form, NATIVE)
    left = untranslated([section] if section is not None else form.sections, tongue.lang)
    return {
        "said": tongue.said,
        "lang": tongue.lang,
        "both": bool(tongue.also),
        "marks": tongue.marks,
        "languages": names if len(names) > 1 else [],
        "name": spoken.named(tongue.lang),
        "second": spoken.named(tongue.also) if tongue.also else "",
        "native": spoken.named(own),
        "native_code": own,
        "reads": spoken.named(household) if household in {*form.languages} - {*tongue.said.split()} else "",
        "label": _("Language of the questions"),
        "left": left if tongue.foreign else 0,
        "own": spoken.named(form.default_language),
    }
