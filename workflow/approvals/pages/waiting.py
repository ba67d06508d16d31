"""Doors: what waits for me, filtered and page by page; some of it ticked, to be done together."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow import clock
from workflow.access import Identity
from workflow.approvals import queries
from workflow.approvals.pages import choosing
from workflow.approvals.pages.blueprint import approvals
from workflow.approvals.pages.cards import Card, cards, groups
from workflow.approvals.pages.paged import Paged
from workflow.approvals.pages.words import HERE, Words
from workflow.approvals.queries.mine import FOR_ANOTHER, OWN, Count, Mine, Wanted, numbers
from workflow.approvals.queries.under_way import looks_after_something
from workflow.circuit.deadlines import local_day
from workflow.web import listed
from workflow.web.spoken import label as said

DONE_WITHIN = timedelta(days=7)
FEW = 5  # tasks that one looks through without a filter
AT_ONCE = listed.PAGE  # tasks of one page


@approvals.route("/waiting", methods=["GET", "POST"])
def waiting() -> Any:
    """Open steps of this reader as sentences, late first, then day by day; when there are none, what was done.

    Sent, those that were ticked are looked at for what is to be done with them.
    """
    mine = Mine(g.identity)
    return choosing.show_or_prepare(lambda: choosing.of_mine(mine), lambda chooser: _page(mine, chooser))


def _page(mine: Mine, chooser: choosing.Chooser) -> Any:
    words = Words()
    filters = _filters(mine.counts, words)
    wanted = Wanted(**{one.name: one.asked for one in filters if one.name not in ("q", "late")}, **_asked(filters))
    known, found = len(mine.everything), mine.wanted(wanted)

    def fetch(first: int, many: int) -> list[Card]:
        shown = cards(mine.identity, mine.page(found[first : first + many]), words)
        chooser.shown.update(card.key for card in shown)
        return shown

    errands = queries.errands(mine.identity)
    return listed.show(
        listed.Listed(
            title=_("What waits for me"),
            lead="",
            columns=_columns(words),
            rows=Paged(len(found), fetch),
            known=known,
            empty=listed.Empty(_("What waits for me"), ""),
            filters=filters,
            counted=lambda count: ngettext("%(num)s task", "%(num)s tasks", count),
            file_name="taches",
            page=AT_ONCE,
            more={
                "chooser": chooser,
                "under_way": _under_way(mine.identity, words),
                "errands": [(one, url_for(one.page, **one.args)) for one in errands],
                "groups": groups,
                "late": sum(one.number for one in mine.counts if one.late),
                "several_operations": len(numbers(mine.counts, "operation")) > 1,
                "many": known > FEW,
                "done": [] if known else _done(mine.identity),
                "today": clock.today(),
            },
        ),
        "approvals/waiting.html",
    )


def _under_way(identity: Identity, words: Words) -> list[tuple[str, str]]:
    """(operation, address) of what this person looks after."""
    places = [one for one in sorted(identity.operations) if looks_after_something(identity, one)]
    return [(words.operation(one), url_for("approvals.under_way", operation=one)) for one in places]


def _asked(filters: list[listed.Filter]) -> dict[str, Any]:
    asked = {one.name: one.asked for one in filters}
    return {"late": bool(asked.get("late")), "words": asked.get("q", "")}


def _filters(counts: list[Count], words: Words) -> list[listed.Filter]:
    """Only those between whose choices there is something to choose, and those the address asks for."""
    told = {
        "operation": (_("Operation"), {one.operation: words.operation(one.operation) for one in counts}),
        "procedure": (_("Form"), {one.slug: said(one.published.label) for one in counts}),
        "step": (_("Step"), {one.named("step"): said(one.published.circuit.step(one.step).label) for one in counts}),
        "whose": (_("Asked of"), {OWN: _("Me"), FOR_ANOTHER: _("Somebody I stand in for")}),
    }
    found = [listed.Filter("q", _("Name or reference"))]
    for name, (label, choices) in told.items():
        known = numbers(counts, name)
        if len(known) > 1 or request.args.get(name):
            lines = [(value, f"{choice} ({known[value]})") for value, choice in choices.items() if known[value]]
            found.append(listed.Filter(name, label, [("", _("All")), *sorted(lines, key=lambda one: one[1])]))
    return [*found, listed.Filter("late", _("Only what is late"), tick=True)]


def _columns(words: Words) -> list[listed.Column]:
    """One cell on the page, that holds the whole task; several in the workbook, for who plans a week with it."""
    return [
        listed.Column(_("Task"), lambda card: card.step, cell=lambda card: {"card": card}, width=34),
        listed.Column(_("Household"), lambda card: card.who or "", width=30, on_page=False),
        listed.Column(_("Reference"), lambda card: card.household, width=14, on_page=False),
        listed.Column(_("Place"), lambda card: card.place, width=22, on_page=False),
        listed.Column(_("Operation"), lambda card: card.operation, width=22, on_page=False),
        listed.Column(_("To be done by"), lambda card: card.due, width=14, on_page=False),
        listed.Column(_("Late"), lambda card: _("late") if card.late else "", width=10, on_page=False),
        listed.Column(_("In place of"), lambda card: card.absent, width=24, on_page=False),
    ]


# -- what was done ------------------------------------------------------------------------------------------------


def _done(identity: Identity) -> list[dict[str, Any]]:
    """What this person decided during the last week, newest first."""
    facts = queries.done_by(identity, clock.now() - DONE_WITHIN)
    told = queries.sentences({fact.subject for fact in facts}, identity)
    return [
        told[fact.subject]
        | {
            "kind": fact.kind,
            "day": local_day(fact.at, HERE),
            "url": url_for(told[fact.subject]["page"], reference=told[fact.subject]["reference"]),
        }
        for fact in facts
        if fact.subject in told
    ]
