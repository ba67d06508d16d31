"""How a notice is spoken of: for whom, what, how it went."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property

from flask import current_app, g, url_for
from flask_babel import gettext as _

from workflow import access, clock
from workflow.access import Identity
from workflow.circuit.deadlines import local_day
from workflow.dossiers.models import Notice
from workflow.dossiers.queries.notices import Item, addressee, persons_of
from workflow.dossiers.rules import DAILY, HANDED_OVER, MAIL, NOTICE_STATES, NOTICES, PAPER, TO_HAND_OVER, WAITING
from workflow.operations.models import Operation
from workflow.operations.queries import zones
from workflow.web.dates import format_date
from workflow.web.spoken import label

PATIENCE = timedelta(days=1)  # a mail that has not left by then is in trouble
Parts = dict[str, dict[str, str]]
"""Parts of an operation: slug → label by language."""


def news(row: Notice) -> str:
    return _(NOTICES[row.what])


def means(row: Notice) -> str:
    """How it goes, or went."""
    words = {MAIL: _("by mail"), DAILY: _("in the daily mail"), PAPER: _("on paper")}
    return words[row.channel]


def state(row: Notice) -> tuple[str, str]:
    """(family of shape and colour, words)."""
    words, family = NOTICE_STATES[row.state]
    if row.state == WAITING and row.channel == DAILY:
        return family, _("in the next daily mail")
    if row.state == WAITING and clock.now() - row.made_at > PATIENCE:
        return "late", _("delayed: the mail server does not take it")
    return family, _(words)


def lines(place: Operation, items: list[Item]) -> list[Line]:
    names, parts = persons_of(items), zones(place.id)
    return [Line(item, place, names, parts) for item in items]


class Line:
    """One line of the list of notices, as its reader may see it."""

    def __init__(self, item: Item, place: Operation, names: dict[str, str], parts: Parts) -> None:
        self.item, self.place, self.names, self.parts = item, place, names, parts
        self.identity: Identity = g.identity

    @property
    def notice(self) -> Notice:
        return self.item.notice

    @cached_property
    def named(self) -> bool:
        return access.may_read_names(self.identity, self.place.id)

    @cached_property
    def who(self) -> str:
        return addressee(self.identity, self.item, self.names)

    @property
    def kind(self) -> str:
        return _("household") if self.item.for_household else _("colleague")

    @property
    def where(self) -> str:
        """Where the letter goes: the door of a household, for who may know it."""
        home = self.item.household
        if not self.item.for_household:
            return ""
        if not self.named:
            return label(self.parts.get(home.zone, {}))
        return ", ".join(filter(None, (home.address, home.dwelling)))

    @property
    def referent(self) -> str:
        return self.names.get(self.item.household.referent or "", "")

    @property
    def made(self) -> str:
        return self._day(self.notice.made_at)

    @property
    def done(self) -> str:
        """When it left or was handed over, and by whom."""
        row = self.notice
        if row.done_at is None:
            return ""
        when = self._day(row.done_at)
        if row.state == HANDED_OVER and row.done_by:
            return _("%(day)s, by %(name)s", day=when, name=self.names.get(row.done_by, ""))
        return when

    def _day(self, at: datetime) -> str:
        return format_date(local_day(at, self.place.zone), "d MMMM y")

    @property
    def url(self) -> str:
        return url_for("dossiers.notice", operation=self.place.id, notice_id=self.notice.id)

    @property
    def waits(self) -> bool:
        return self.notice.state == TO_HAND_OVER


def if_there(endpoint: str, **args: str) -> str:
    """The address of a page that this reader may come to; "" when there is none."""
    if endpoint not in current_app.view_functions or not access.may_come(endpoint, g.identity):
        return ""
    return url_for(endpoint, **args)
