"""Door: whoever decides asks somebody outside for an opinion, who answers by a personal link."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from workflow.dossiers.actions import personal_links as actions
from workflow.dossiers.actions.personal_links import DAYS, Expert
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.personal_links import LinkForm, ways, wish_of
from workflow.dossiers.queries import personal_links as links
from workflow.errors import Forbidden
from workflow.web import fields, spoken
from workflow.web.editing import Desk, edit
from workflow.web.extensions import LANGUAGES

LONGEST = 4000  # characters of a question


class ExpertForm(LinkForm):
    name = fields.name_field(later("Name of the expert"), later("Write their name."), 200)
    question = fields.paragraph(
        later("Your question"),
        LONGEST,
        description=later("They read it with what this step shows, without names: name nobody in it."),
    )
    groups = (("", ("name", "question", "way", "address", "lang", "days")),)


@dossiers.route("/dossiers/<reference>/links/expert", methods=["GET", "POST"])
def new_expert_link(reference: str) -> Any:
    page = Page(reference)
    step = links.step_to_ask_about(page.file)
    if step is None:
        raise Forbidden()
    form: Any = ExpertForm(data={"days": DAYS, "lang": "fr", "way": "mail-mail"})
    form.choose(way=ways(), lang=[(code, spoken.named(code)) for code in LANGUAGES])
    desk = Desk(
        title=_("Ask somebody outside for an opinion"),
        lead=_("They answer by a personal link, without an account. Their opinion neither counts nor blocks."),
        back=page.url,
        crumbs=[(page.url, page.people.household)],
        verb=_("Ask for the opinion"),
        notice=_(
            "They read what is asked at “%(step)s”, never whose file it is.", step=page.choices.step_labels[step.id]
        ),
    )
    return edit(desk, form, lambda: _ask(reference, form), _("The opinion is asked for."))


def _ask(reference: str, form: Any) -> None:
    wish = wish_of(form)
    actions.ask_outside(g.identity, reference, Expert(form.name.data, wish.address, form.question.data or ""), wish)
