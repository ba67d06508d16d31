"""Below a list with boxes to tick: what is to be done with those ticked, and to whom it passes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import g, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from workflow.approvals.actions import several
from workflow.approvals.pages.cards import read_key
from workflow.approvals.pages.ways_back import Ways
from workflow.approvals.queries.foreseeing import Deed
from workflow.approvals.queries.mine import Mine
from workflow.approvals.queries.under_way import UnderWay, looks_after
from workflow.approvals.rules import MOST
from workflow.catalogue.queries import Published
from workflow.circuit.model import AUTHOR, Kind
from workflow.db import begin_reading, db
from workflow.people import queries as people

LONGEST = 4000  # characters of a reason
LABELS: Mapping[str, Any] = {
    "Approve": later("Approve"),
    "ApproveWithReservation": later("Approve with a reservation"),
    "GiveOpinion-favourable": later("Favourable opinion"),
    "GiveOpinion-reserved": later("Favourable opinion with a reservation"),
    "GiveOpinion-unfavourable": later("Unfavourable opinion"),
    "GiveOpinion-none": later("No opinion"),
    "SendBack": later("Send back for correction"),
    "Refuse": later("Refuse"),
    "Remind": later("Remind those who are asked"),
    "Reassign": later("Pass on to somebody else"),
}
"""What may be done with several, in the order in which it is offered."""
WRITTEN = frozenset(
    ("ApproveWithReservation", "GiveOpinion-reserved", "GiveOpinion-unfavourable", "SendBack", "Refuse")
)
"""Those for which one says why."""


@dataclass
class Chooser:
    """deeds: what is offered; to, asked: persons (id → name) to whom one may pass on, and from whom (None: oneself);
    ways: where a return may lead.

    errors, ticked, typed: what was sent and could not be taken, or is carried from page to page, given back; "*" ticks
    whatever the page shows. shown: boxes of this page.
    """

    deeds: Sequence[str]
    to: Mapping[str, str]
    asked: Mapping[str, str] | None = None
    place: str = ""
    errors: list[dict[str, str]] = field(default_factory=list)
    ticked: frozenset[str] = frozenset()
    typed: Mapping[str, str] = field(default_factory=dict)
    most: int = MOST
    shown: set[str] = field(default_factory=set)
    ways: Ways | None = None

    @property
    def elsewhere(self) -> list[str]:
        """Ticked on other pages of the list: sent along unseen."""
        return sorted(self.ticked - self.shown - {"*"})

    @property
    def choices(self) -> list[tuple[str, Any]]:
        return [(name, label) for name, label in LABELS.items() if name in self.deeds]

    @property
    def all_ticked(self) -> bool:
        return "*" in self.ticked

    @property
    def tick_url(self) -> str:
        """This list with every box of the page ticked; with none, when they are."""
        told = {**request.args.to_dict(), **(request.view_args or {}), "ticked": None if self.all_ticked else "1"}
        return url_for(request.endpoint or "", **told)

    @property
    def asks_why(self) -> bool:
        return bool(WRITTEN.intersection(self.deeds))


def show_or_prepare(offered: Callable[[], Chooser], page: Callable[[Chooser], Any]) -> Any:
    """The list; sent with ticked boxes, the preview of what is to be done with them, or another page of the list, on
    which they stay ticked.
    """
    if request.method == "POST":
        db.session.rollback()
        begin_reading()  # nobody who wants to write waits for a list
    chooser = offered()
    if request.method != "POST":
        chooser.ticked = frozenset(("*",)) if request.args.get("ticked") else frozenset()
        return page(chooser)
    deed, chosen = _deed(chooser), request.form.getlist("file")
    if turn := request.form.get("turn"):
        chooser.ticked, chooser.typed = frozenset((*chosen, "*") if turn == "all" else chosen), request.form
        return page(chooser)
    errors = _wrong(chooser, deed, chosen)
    if not errors:
        made = several.prepare(g.identity, deed, [read_key(one) for one in chosen], chooser.place)
        return redirect(url_for("approvals.batch", batch_id=made.id), code=303)
    chooser.errors, chooser.ticked, chooser.typed = errors, frozenset(chosen), request.form
    return page(chooser), 422


def _deed(chooser: Chooser) -> Deed:
    command, _dash, opinion = request.form.get("deed", "").partition("-")
    passed = command == "Reassign"
    return Deed(
        command,
        reason=request.form.get("reason", "").strip() if command != "Remind" else "",
        opinion=opinion,
        from_person=request.form.get("from", g.identity.person) if passed else "",
        to_person=request.form.get("to", "") if passed else "",
        to=request.form.get("back_to", chooser.ways.first) if chooser.ways and command == "SendBack" else AUTHOR,
    )


def _wrong(chooser: Chooser, deed: Deed, chosen: Sequence[str]) -> list[dict[str, str]]:
    named = "-".join(filter(None, (deed.command, deed.opinion)))
    found = []
    if not chosen:
        found.append(_error("several", _("Tick at least one file.")))
    if len(chosen) > MOST:
        found.append(_error("several", _("At most %(most)s files at once: tick fewer.", most=MOST)))
    if named not in chooser.deeds:
        found.append(_error("deed", _("Choose what is to be done with those ticked.")))
    if named == "SendBack" and chooser.ways and deed.to not in (shared := chooser.ways.shared(chosen)):
        found.append(_error("back_to", _not_all_there(shared)))
    if named in WRITTEN and not deed.reason:
        found.append(_error("reason", _("Write why, in one or two sentences: this is what the others will read.")))
    if len(deed.reason) > LONGEST:
        found.append(_error("reason", _("Write at most %(count)s characters.", count=LONGEST)))
    if deed.command == "Reassign" and deed.to_person not in chooser.to:
        found.append(_error("to", _("Choose to whom it passes.")))
    if deed.command == "Reassign" and chooser.asked is not None and deed.from_person not in chooser.asked:
        found.append(_error("from", _("Choose from whom it passes.")))
    return found


def _not_all_there(shared: Mapping[str, str]) -> str:
    if not shared:
        return _("These files cannot all go back to the same place: send them back in several goes.")
    places = ", ".join(shared.values())
    return _("Not all of these files can go back there. All of them can go back to: %(places)s.", places=places)


def _error(field_id: str, message: str) -> dict[str, str]:
    return {"id": field_id, "label": "", "message": message}


# -- what is offered ----------------------------------------------------------------------------------------------


def of_mine(mine: Mine) -> Chooser:
    """For one's own tasks: decisions they ask for, passing on one's turn; reminding where one runs the procedure."""
    kinds = [(one.published, one.step) for one in mine.counts]
    runs = any(looks_after(mine.identity, one.operation, one.published) for one in mine.counts)
    own = {(one.operation, one.role, one.organisation) for one in mine.identity.grants if not one.on_behalf_of}
    to: set[str] = set()
    for operation in sorted({one.operation for one in mine.counts}):
        capacities = {(role, organisation or "") for where, role, organisation in own if where == operation}
        to |= _who_holds(operation, capacities)
    deeds = [*_decisions(kinds), *(["Remind"] if runs else [])]
    deeds += ["Reassign"] if to - {mine.identity.person} else []
    return Chooser(deeds, _named(to - {mine.identity.person}), ways=Ways(mine) if "SendBack" in deeds else None)


def of_those_under_way(under_way: UnderWay) -> Chooser:
    """For whoever looks after a procedure: remind, pass on from one to another."""
    to = _named(_who_holds(under_way.operation, under_way.capacities))
    return Chooser(["Remind", "Reassign"], to, asked=under_way.persons, place=under_way.operation)


def _decisions(kinds: Iterable[tuple[Published, str]]) -> list[str]:
    steps = [published.circuit.step(step) for published, step in kinds]
    found: list[str] = []
    if any(step.kind in (Kind.VISA, Kind.APPROVAL) for step in steps):
        found += ["Approve", "ApproveWithReservation", "SendBack"]
    if any(step.kind in (Kind.VISA, Kind.APPROVAL) and step.on_refusal.possible for step in steps):
        found.append("Refuse")
    if any(step.kind is Kind.OPINION for step in steps):
        found += [name for name in LABELS if name.startswith("GiveOpinion")]
    return found


def _who_holds(operation: str, capacities: set[tuple[str, str]]) -> set[str]:
    held = people.holders(operation, {role for role, _organisation in capacities})
    return {one.person_id for one in held if (one.role, one.organisation or "") in capacities}


def _named(persons: Iterable[str]) -> dict[str, str]:
    return dict(sorted(people.names(persons).items(), key=lambda one: one[1]))
