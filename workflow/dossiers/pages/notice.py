"""Doors: one notice: what became of it, and what to do about it."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow import clock
from workflow.dossiers.actions import notices as actions
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.noticed import Line, if_there, lines, means, news, state
from workflow.dossiers.pages.notices import place_of
from workflow.dossiers.queries import notices as queries
from workflow.dossiers.queries.reaching import comes_back
from workflow.dossiers.rules import BOUNCED, DROPPED, HANDED_OVER, KEPT, SENT, TO_HAND_OVER
from workflow.errors import NotFound, Refused
from workflow.operations.models import Operation
from workflow.web.extensions import LANGUAGES


@dossiers.get("/operations/<operation>/notices/<notice_id>")
def notice(operation: str, notice_id: str) -> str:
    place = place_of(g.identity)
    line = line_of(place, notice_id)
    family, words = state(line.notice)
    return render_template(
        "dossiers/notice.html",
        line=line,
        news=news(line.notice),
        rows=_facts(line),
        state={"family": family, "words": words},
        came_back=line.notice.state == BOUNCED,
        corrected=_corrected(line),
        choices=_choices(line),
        correct_url=_where_to_correct(line),
        back_url=url_for("dossiers.notices", operation=place.id),
        languages=LANGUAGES if line.item.for_household else (),
    )


def line_of(place: Operation, notice_id: str) -> Line:
    found = queries.with_dossiers([queries.notice(place.id, notice_id)])
    if not found:
        raise NotFound()
    return lines(place, found)[0]


def _facts(line: Line) -> list[dict[str, Any]]:
    address = actions.address_of(line.notice) if line.named or not line.item.for_household else None
    return [
        {"label": label, "value": value}
        for label, value in (
            (_("For whom"), f"{line.who} ({line.kind})"),
            (_("Where"), line.where),
            (_("Reference of the household"), line.item.household.reference),
            (_("Referent of the household"), line.referent),
            (_("How"), means(line.notice)),
            (_("E-mail address"), address),
            (_("Since"), line.made),
            (_("Came back on") if line.notice.state == BOUNCED else _("Done on"), line.done),
        )
        if value
    ]


def _corrected(line: Line) -> bool:
    """Whether the address is another one than that from which the mail came back."""
    address = actions.address_of(line.notice)
    return bool(address) and not comes_back(address)


def _where_to_correct(line: Line) -> str:
    """The page where the address is changed, for who may."""
    if line.item.for_household:
        household = line.item.dossier.household_id
        return if_there("dossiers.change_household", operation=line.place.id, household_id=household) or if_there(
            "dossiers.household", household_id=household
        )
    return if_there("people.person", person_id=line.notice.person)


def _choices(line: Line) -> list[dict[str, Any]]:
    """What may be done now, the first one being what is mostly wanted."""
    offered = {
        TO_HAND_OVER: ("hand-over", "set-aside"),
        HANDED_OVER: ("undo",),
        BOUNCED: ("send-again", "print", "set-aside") if _corrected(line) else ("print", "set-aside"),
        SENT: ("came-back", "print"),
        KEPT: ("print",),
        DROPPED: ("print",),
    }.get(line.notice.state, ())
    words = _words()
    return [
        {"verb": verb, "label": words[verb][0], "consequence": words[verb][1], "primary": rank == 0 and verb in MAIN}
        for rank, verb in enumerate(offered)
    ]


MAIN = frozenset(("hand-over", "send-again", "print"))


def _words() -> dict[str, tuple[str, str, str]]:
    """Label, consequence, and what is said afterwards."""
    return {
        "hand-over": (
            _("Note as handed over today"),
            _("It leaves the list. For another day, tick it in the list."),
            _("Noted as handed over."),
        ),
        "undo": (
            _("It was not handed over"),
            _("It goes back to the list of what is to be handed over."),
            _("It is to be handed over again."),
        ),
        "print": (
            _("Hand over on paper"),
            _("It joins the list of what is to be handed over, with a letter to print."),
            _("It is now to be handed over on paper."),
        ),
        "send-again": (
            _("Send again to the corrected address"),
            _("The mail leaves at once."),
            _("The mail leaves again."),
        ),
        "came-back": (
            _("This mail came back"),
            _("No more mails go to this address until it is corrected; the other mails sent to it stay as they are."),
            _("Noted. Now correct the address, or hand the news over on paper."),
        ),
        "set-aside": (
            _("No longer needed"),
            _("Nobody will be told. The dossier keeps the trace of it."),
            _("Set aside."),
        ),
    }


@dossiers.post("/operations/<operation>/notices/<notice_id>/<verb>")
def settle_notice(operation: str, notice_id: str, verb: str) -> Any:
    place, by = place_of(g.identity), g.identity.person
    line_of(place, notice_id)
    if verb == "hand-over":
        _handed_over_now(place, notice_id, by)
    elif verb in VERBS:
        VERBS[verb](place.id, notice_id, by)
    else:
        raise NotFound()
    flash(_words()[verb][2], "done")
    return redirect(url_for("dossiers.notice", operation=place.id, notice_id=notice_id), code=303)


def _handed_over_now(place: Operation, notice_id: str, by: str) -> None:
    if not actions.hand_over(place.id, [notice_id], clock.today(place.zone), by):
        raise Refused("seen_to", "Somebody has already seen to this. The page shows how things stand now.")


VERBS = {
    "undo": actions.undo_handing_over,
    "print": actions.to_paper,
    "send-again": actions.send_again,
    "came-back": actions.mark_bounced,
    "set-aside": actions.set_aside,
}


@dossiers.post("/operations/<operation>/notices/<notice_id>/language")
def write_in(operation: str, notice_id: str) -> Any:
    """In which language the household of this notice is written to."""
    place = place_of(g.identity)
    line, lang = line_of(place, notice_id), request.form.get("lang", "")
    if lang not in LANGUAGES or not line.item.for_household:
        raise NotFound()
    actions.write_in(line.item.household, lang, g.identity.person)
    flash(_("This household is written to in that language from now on."), "done")
    return redirect(url_for("dossiers.notice", operation=place.id, notice_id=notice_id), code=303)
