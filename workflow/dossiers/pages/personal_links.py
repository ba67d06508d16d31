"""Doors: personal links of a dossier, for who makes them: sent, printed, withdrawn. No page here ever shows a link."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from workflow import access
from workflow.approvals.models import PersonalLink
from workflow.circuit.deadlines import last_day
from workflow.dossiers.actions import personal_links as actions
from workflow.dossiers.actions.personal_links import DAYS, Wish
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.wording import day, full_day, stamp
from workflow.dossiers.queries import personal_links as links
from workflow.dossiers.queries.personal_links import ALIVE, LETTER, MAIL, fate
from workflow.errors import Forbidden, NotFound
from workflow.web import fields, spoken
from workflow.web.editing import Desk, edit
from workflow.web.extensions import LANGUAGES

WAYS = {
    "mail-mail": "Both by mail: first the link, then the code once the person asks for it",
    "mail-letter": "The link by mail, the code on a paper that you hand over or post",
    "letter-mail": "The link on a letter that you hand over or post, the code by mail",
    "letter-letter": "Both on paper, each printed by another colleague",
}
STATES = {
    "leaving": ("waiting", "about to leave"),
    "sent": ("waiting", "sent, not opened yet"),
    "to print": ("todo", "letter to print"),
    "code to print": ("todo", "paper with the code to print"),
    "opened": ("waiting", "opened, no answer yet"),
    "blocked": ("late", "closed after five wrong codes: print another code"),
    "bounced": ("late", "the mail came back"),
    "used": ("done", "answered"),
    "withdrawn": ("closed", "withdrawn"),
    "expired": ("closed", "its last day has passed"),
}
SAID = {
    "confirmed": "This is right",
    "disagreed": "We disagree on some points",
    "correction": "A correction is asked for",
    "advised": "An opinion was given",
}


class LinkForm(fields.Sheet):
    way = fields.choice(
        later("How the link and its code reach the person"),
        later("Choose one of the ways."),
        description=later("The link alone opens nothing: the page asks for the code. You never hold both."),
    )
    address = fields.email(
        later("E-mail address"), description=later("Needed as soon as the link or the code goes by mail.")
    )
    lang = fields.choice(later("Language of the page and of the mails"), later("Choose the language."))
    days = fields.count(
        later("How many days it works"), description=later("Fourteen days unless you say otherwise; sixty at most.")
    )


@dossiers.get("/dossiers/<reference>/links")
def links_of_dossier(reference: str) -> str:
    page = Page(reference)
    rows = links.links_seen(page.file)
    if not rows and not _makes(page):
        raise NotFound()
    return render_template(
        "dossiers/links.html",
        **page.frame(),
        links=[_told(page, row, rows) for row in rows],
        new_url=_new_url(page),
        expert_url=_expert_url(page),
    )


def links_url(page: Page) -> str:
    """For the page of the dossier: once there are links, or when one may be made."""
    if not access.may_come("dossiers.links_of_dossier", page.identity):
        return ""
    there = _makes(page) or links.links_seen(page.file)
    return url_for("dossiers.links_of_dossier", reference=page.reference) if there else ""


def _makes(page: Page) -> bool:
    return bool(_new_url(page) or _expert_url(page))


def _new_url(page: Page) -> str:
    """A list of links says how a household is reached: for who knows whose dossier it is."""
    makes = page.file.names and links.step_of_household(page.file) is not None
    return url_for("dossiers.new_link", reference=page.reference) if makes else ""


def _expert_url(page: Page) -> str:
    asks = links.step_to_ask_about(page.file) is not None
    return url_for("dossiers.new_expert_link", reference=page.reference) if asks else ""


def _told(page: Page, row: PersonalLink, rows: list[PersonalLink]) -> dict[str, Any]:
    code, settles, me = links.state(row), fate(row) == ALIVE and links.may_settle(page.file, row), page.identity.person
    printed, paper = links.prints(row), row.link_by == row.code_by == LETTER
    mine = {one.kind for one in printed if one.by == me} if paper else frozenset()
    latest = next(one for one in rows if (one.step, one.person) == (row.step, row.person)) is row
    return {
        "id": row.id,
        "who": page.people.name(row.person),
        "state": {"family": STATES[code][0], "words": _(STATES[code][1])},
        "rows": [fact for fact in (*_facts(page, row), *_printed(page, printed)) if fact["value"]],
        "settles": settles,
        "letter": settles and row.link_by == LETTER and links.CODE_PRINTED not in mine,
        "code": settles and _code_to_print(row) and links.LETTER_PRINTED not in mine,
        "waits_for_colleague": settles and bool(mine),
        "anew": latest and links.may_make_anew(page.file, row),
    }


def _code_to_print(row: PersonalLink) -> bool:
    """Its letter is printed first."""
    return row.code_by == LETTER and (row.link_by == MAIL or row.left_at is not None)


def _printed(page: Page, printed: list[links.Print]) -> list[dict[str, str]]:
    """Who printed which of the papers last."""
    labels = {links.LETTER_PRINTED: _("Letter printed"), links.CODE_PRINTED: _("Paper with the code printed")}
    last = {one.kind: one for one in printed}
    return [
        {
            "label": label,
            "value": _(
                "%(day)s, by %(name)s", day=stamp(last[kind].at, page.zone), name=page.people.name(last[kind].by)
            ),
        }
        for kind, label in labels.items()
        if kind in last
    ]


def _facts(page: Page, row: PersonalLink) -> list[dict[str, str]]:
    until = full_day(last_day(row.expires_at, page.zone))
    maker = page.people.name(row.made_by)
    by_mail = MAIL in (row.link_by, row.code_by)
    return [
        {"label": label, "value": value}
        for label, value in (
            (_("What for"), page.choices.step_labels.get(row.step, "")),
            (_("How"), _(WAYS[f"{row.link_by}-{row.code_by}"])),
            (_("E-mail address"), links.address_of(row) if by_mail else ""),
            (_("Made on"), _("%(day)s, by %(name)s", day=day(row.made_at, page.zone), name=maker)),
            (_("Works until"), until if fate(row) == ALIVE else ""),
            (_("Opened for the first time on"), stamp(row.opened_at, page.zone) if row.opened_at else ""),
            (_("Answered on"), stamp(row.used_at, page.zone) if row.used_at else ""),
            (_("What was answered"), _(SAID[row.said]) if row.said else ""),
            (_("Withdrawn on"), stamp(row.withdrawn_at, page.zone) if row.withdrawn_at else ""),
        )
    ]


@dossiers.route("/dossiers/<reference>/links/new", methods=["GET", "POST"])
def new_link(reference: str) -> Any:
    page = Page(reference)
    if not _new_url(page):
        raise Forbidden()
    form, back = _form(page), url_for("dossiers.links_of_dossier", reference=reference)

    def make() -> None:
        actions.make_link(g.identity, reference, wish_of(form))

    desk = Desk(
        title=_("A personal link for the household"),
        lead=_("The household reads its answers by itself and answers, on its own telephone or computer."),
        back=back,
        crumbs=[(page.url, page.people.household), (back, _("Personal links"))],
        verb=_("Make the link"),
        notice=_("The link is for the household alone: it is shown to nobody else. An earlier one stops working."),
    )
    return edit(desk, form, make, _("The link is made."))


def _form(page: Page) -> Any:
    home = page.file.row.about
    spoken_here = {*LANGUAGES, *(code for code in page.file.published.form.languages if code == home.lang)}
    known = {"address": home.email or "", "days": DAYS, "way": "mail-mail" if home.email else ""}
    form = LinkForm(data=known | {"lang": home.lang if home.lang in spoken_here else "fr"})
    languages = [(code, spoken.named(code)) for code in sorted(spoken_here)]
    return form.choose(way=ways(), lang=languages)


def ways() -> list[tuple[str, str]]:
    return [(code, _(words)) for code, words in WAYS.items()]


def wish_of(form: Any) -> Wish:
    link_by, _dash, code_by = (form.way.data or "").partition("-")
    return Wish(link_by, code_by, (form.address.data or "").strip(), form.days.data or DAYS, form.lang.data)


@dossiers.post("/dossiers/<reference>/links/<link_id>/withdraw")
def withdraw_link(reference: str, link_id: str) -> Any:
    actions.withdraw(g.identity, reference, link_id)
    flash(_("The link opens nothing any more."), "done")
    return redirect(url_for("dossiers.links_of_dossier", reference=reference), code=303)
