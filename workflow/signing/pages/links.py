"""Doors: the links and codes of those who sign, for who makes and prints them. No page here ever shows a link."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from workflow.approvals.actions.personal_links import Wish
from workflow.approvals.models import PersonalLink
from workflow.approvals.queries import personal_links as every
from workflow.approvals.queries.personal_links import ALIVE, LETTER, MAIL, fate
from workflow.errors import NotFound
from workflow.people import queries as people
from workflow.signing.actions import linking
from workflow.signing.pages.blueprint import signing
from workflow.signing.queries import links as found
from workflow.signing.queries import rooms
from workflow.signing.queries.entitled import prepare_in, runs
from workflow.signing.queries.links import SESSION
from workflow.signing.queries.rooms import Open, Party
from workflow.web import fields, spoken
from workflow.web.dates import format_date, stamp
from workflow.web.editing import Desk, edit
from workflow.web.extensions import LANGUAGES

WAYS = {
    "mail-mail": later("Both by mail: first the link, then the code once the person asks for it"),
    "mail-letter": later("The link by mail, the code on a paper that you hand over or post"),
    "letter-mail": later("The link on a letter that you hand over or post, the code by mail"),
    "letter-letter": later("Both on paper, each printed by another colleague"),
}
CODE_ONLY = later("A code on paper; they read and sign on their own pages")
STATES = {
    "leaving": ("waiting", later("about to leave")),
    "sent": ("waiting", later("sent, not opened yet")),
    "to print": ("todo", later("letter to print")),
    "code to print": ("todo", later("paper with the code to print")),
    "opened": ("waiting", later("opened, not signed yet")),
    "blocked": ("late", later("closed after five wrong codes: print another code")),
    "bounced": ("late", later("the mail came back")),
    "used": ("done", later("it was used")),
    "withdrawn": ("closed", later("withdrawn")),
    "expired": ("closed", later("its last day has passed")),
}
"""{state of a link: (its family of shape and colour, its words)}."""
PRINTED = {
    every.LETTER_PRINTED: later("Letter printed"),
    every.CODE_PRINTED: later("Paper with the code printed"),
}
SAID = {"signed": later("they signed"), "refused": later("they refused to sign")}


class LinkForm(fields.Sheet):
    """How a link and its code go to somebody."""

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
        later("How many days it works"), description=later("Thirty days unless you say otherwise; sixty at most.")
    )

    def wish(self) -> Wish:
        link_by, _dash, code_by = (self.way.data or "").partition("-")
        days = self.days.data if self.days.data is not None else linking.DAYS
        return Wish(link_by, code_by, (self.address.data or "").strip(), days, self.lang.data or "fr")


@signing.get("/rooms/<reference>/links")
def links(reference: str) -> str:
    """How each of those who sign is reached: what was sent, opened, is to be printed."""
    known = _looked_after(reference)
    rows, runs_it = found.links_of(known), runs(g.identity, known.row)
    told = {
        "title": known.title,
        "reference": known.row.reference,
        "paper": known.paper.reference,
        "links": [_told(known, row, may_withdraw=runs_it) for row in rows],
        "asked": [_asked(known, one, rows) for one in found.may_be_given(known)] if runs_it else [],
        "back": url_for("signing.room", reference=reference),
    }
    return render_template("signing/links.html", **told)


def links_url(known: Open) -> str:
    """For the page of the room: "" for who has no part in it."""
    there = found.may_print(g.identity, known) and (found.links_of(known) or found.may_be_given(known))
    return url_for("signing.links", reference=known.row.reference) if there else ""


def _looked_after(reference: str) -> Open:
    """A room for who prints its papers. Raises NotFound."""
    known = Open(rooms.room(reference))
    if not found.may_print(g.identity, known):
        raise NotFound()
    return known


def _asked(known: Open, party: Party, rows: list[PersonalLink]) -> dict[str, str]:
    """Somebody who is asked now, and what may be made for them."""
    address = {"reference": known.row.reference, "signatory_id": party.id}
    mine = {party.person or "", found.outsider_of(party)}
    has = any(one.person in mine and fate(one) == ALIVE for one in rows)
    inside = party.person is not None
    return {
        "name": party.acting.name,
        "code_url": url_for("signing.new_code", **address) if inside and party.person != g.identity.person else "",
        "link_url": "" if inside else url_for("signing.new_link", **address),
        "again": "1" if has else "",
    }


def _told(known: Open, row: PersonalLink, *, may_withdraw: bool) -> dict[str, Any]:
    code, party = every.state(row), found.party_of(known, row)
    letter, sheet = found.to_print(row, g.identity.person)
    printed = every.prints(row)
    both = row.link_by == row.code_by == LETTER
    mine = both and code in ("to print", "code to print") and g.identity.person in {one.by for one in printed}
    address = {"reference": known.row.reference, "link_id": row.id}
    return {
        "who": party.acting.name if party else _("somebody who does not sign here any more"),
        "state": {"family": STATES[code][0], "words": str(STATES[code][1])},
        "rows": [one for one in (*_facts(known, row), *_prints(known, printed)) if one["value"]],
        "letter_url": url_for("signing.link_letter", **address) if letter else "",
        "code_url": url_for("signing.link_code_sheet", **address) if sheet else "",
        "waits_for_colleague": fate(row) == ALIVE and mine,
        "withdraw_url": url_for("signing.withdraw_link", **address) if may_withdraw and fate(row) == ALIVE else "",
    }


def _facts(known: Open, row: PersonalLink) -> list[dict[str, str]]:
    maker = people.names([row.made_by]).get(row.made_by, "")
    made = format_date(row.made_at, "full")
    way = CODE_ONLY if row.link_by == SESSION else WAYS[f"{row.link_by}-{row.code_by}"]
    until = format_date(found.ends_on(known, row), "full") if fate(row) == ALIVE else ""
    said = str(SAID[row.said]) if row.said in SAID else ""
    used = f"{stamp(row.used_at, known.zone)}, {said}" if row.used_at and said else ""
    return [
        {"label": _("How"), "value": str(way)},
        {"label": _("E-mail address"), "value": every.address_of(row) if MAIL in (row.link_by, row.code_by) else ""},
        {"label": _("Made on"), "value": _("%(day)s, by %(name)s", day=made, name=maker) if maker else made},
        {"label": _("Works until"), "value": until},
        {"label": _("Opened for the first time on"), "value": _when(row.opened_at, known)},
        {"label": _("Used on"), "value": used},
        {"label": _("Withdrawn on"), "value": _when(row.withdrawn_at, known)},
    ]


def _when(at: Any, known: Open) -> str:
    return stamp(at, known.zone) if at else ""


def _prints(known: Open, printed: list[every.Print]) -> list[dict[str, str]]:
    """Who printed which of the papers last."""
    last = {one.kind: one for one in printed}
    names = people.names({one.by for one in printed})
    return [
        {
            "label": str(PRINTED[kind]),
            "value": _("%(day)s, by %(name)s", day=stamp(one.at, known.zone), name=names.get(one.by, "")),
        }
        for kind, one in last.items()
    ]


# -- made, withdrawn ----------------------------------------------------------------------------------------------


@signing.route("/rooms/<reference>/signatories/<signatory_id>/link", methods=["GET", "POST"])
def new_link(reference: str, signatory_id: str) -> Any:
    """Another link for somebody without access, the way whoever runs the room chooses."""
    known = prepare_in(g.identity, reference)
    party, back = known.party(signatory_id), url_for("signing.links", reference=reference)
    if party.person:
        raise NotFound()
    form = _form(known, party)
    desk = Desk(
        title=_("A link for %(name)s", name=party.acting.name),
        lead=_("They read the document and sign it on a telephone or a computer, without any account."),
        back=back,
        crumbs=[
            (url_for("signing.room", reference=reference), _("Signatures")),
            (back, _("Links and codes")),
        ],
        verb=_("Make the link"),
        notice=_("The link is for this person alone: it is shown to nobody else. An earlier one stops working."),
    )
    return edit(
        desk,
        form,
        lambda: _given(linking.give_link(g.identity, reference, signatory_id, form.wish())),
        _("The link is made."),
    )


def _given(_row: PersonalLink) -> None:
    """One returns to the list."""


def _form(known: Open, party: Party) -> LinkForm:
    last = found.last_of(known, party)
    way = "mail-mail" if party.acting.mail else "letter-letter"
    lang = last.lang if last and last.lang in LANGUAGES else "fr"
    stored = {"address": party.acting.mail, "days": linking.DAYS, "way": way, "lang": lang}
    form = LinkForm(data=stored)
    form.choose(
        way=[(code, str(words)) for code, words in WAYS.items()],
        lang=[(code, spoken.named(code)) for code in sorted(LANGUAGES)],
    )
    return form


@signing.post("/rooms/<reference>/signatories/<signatory_id>/code-on-paper")
def new_code(reference: str, signatory_id: str) -> Any:
    """A code on paper for somebody with an access whom no mail reaches."""
    prepare_in(g.identity, reference)
    linking.give_code(g.identity, reference, signatory_id)
    flash(_("The code is ready: print the paper that bears it."), "done")
    return redirect(url_for("signing.links", reference=reference), code=303)


@signing.post("/rooms/<reference>/links/<link_id>/withdraw")
def withdraw_link(reference: str, link_id: str) -> Any:
    linking.withdraw_link(g.identity, reference, link_id)
    flash(_("The link opens nothing any more."), "done")
    return redirect(url_for("signing.links", reference=reference), code=303)
