"""What filling in a form asks of people: sections, questions, time. Said before one begins."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from forms.visibility import EVERYTHING, Lens, may_be_named, may_see
from workflow.catalogue.queries import Published
from workflow.dossiers.rules import minutes


def announced(published: Published, lens: Lens = EVERYTHING) -> str:
    """13 sections, up to 182 questions depending on the answers. Allow 45 to 90 minutes."""
    form = published.form
    pages = sum(any(may_be_named(form, question, lens) for question in page.questions()) for page in form.sections)
    count = sum(question.asked and may_see(question, lens) for question in form.questions.values())
    least, most = minutes(published.settings, count)
    sections = ngettext("%(num)s section to fill in", "%(num)s sections to fill in", pages)
    questions = ngettext("one question", "up to %(num)s questions depending on the answers", count)
    if least == most:
        lasts = ngettext("Allow %(num)s minute.", "Allow %(num)s minutes.", most)
    else:
        lasts = _("Allow %(least)s to %(most)s minutes.", least=least, most=most)
    return f"{sections}, {questions}. {lasts}"
