"""Door: whoever decides asks somebody outside for an opinion, who answers by a personal link."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from workflow.dossiers.actions import asking_outside as actions
from workflow.dossiers.actions.asking_outside import Expert
from workflow.dossiers.actions.personal_links import DAYS
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.personal_links import LinkForm, ways, wish_of
from workflow.dossiers.queries import personal_links as links
from workflow.dossiers.queries.personal_links import LETTER
from workflow.errors import Forbidden, NotFound
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


def _ask(reference: str, form: Any) -> str:
    """Leads to where the papers of the link are printed, when there are some."""
    wish = wish_of(form)
    actions.ask_outside(g.identity, reference, Expert(form.name.data, wish.address, form.question.data or ""), wish)
    there = "links_of_dossier" if LETTER in (wish.link_by, wish.code_by) else "dossier"
    return url_for(f"dossiers.{there}", reference=reference)


@dossiers.route("/dossiers/<reference>/links/<link_id>/anew", methods=["GET", "POST"])
def renew_link(reference: str, link_id: str) -> Any:
    """The opinion is still awaited, and the link was lost, came back, or its last day has passed."""
    page = Page(reference)
    before = links.link(page.file.row, link_id)
    if before is None or not links.may_make_anew(page.file, before):
        raise NotFound()
    told = {"address": links.address_of(before), "lang": before.lang, "way": f"{before.link_by}-{before.code_by}"}
    form: Any = LinkForm(data=told | {"days": DAYS})
    form.choose(way=ways(), lang=[(code, spoken.named(code)) for code in LANGUAGES])
    back = url_for("dossiers.links_of_dossier", reference=reference)
    desk = Desk(
        title=_("Another link for %(name)s", name=page.people.name(before.person)),
        lead=_("For the opinion that is still awaited. The question stays as it was."),
        back=back,
        crumbs=[(page.url, page.people.household), (back, _("Personal links"))],
        verb=_("Make the link"),
        notice=_("The earlier link stops working."),
    )
    make = lambda: actions.make_anew(g.identity, reference, link_id, wish_of(form))  # noqa: E731
    return edit(desk, form, make, _("The link is made."))
