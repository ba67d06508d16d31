"""The households of one letter to many, line by line: what hinders each, how far it is, how it was handed over."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from workflow.dossiers.models import Household
from workflow.dossiers.rules import STATES
from workflow.people import queries as people
from workflow.people.rules import folded
from workflow.web import listed
from workflow.web.dates import format_date
from workflow.web.ticks import Ticks
from workflow.writing.models import FAILED, PREPARING, WRITTEN, LetterLine
from workflow.writing.pages.run_desk import Desk
from workflow.writing.rules.handing import HOW

FORM = "lines"  # id of the form to which the boxes of the list belong


def states(desk: Desk) -> list[tuple[str, str]]:
    if desk.row.state == PREPARING:
        return [("", _("All")), ("ready", _("can be written")), ("hindered", _("cannot be written"))]
    told = [("waiting", _("still to be written")), ("failed", _("could not be written"))]
    told += [("to_hand", _("to be handed over")), ("handed", _("handed over")), ("left_out", _("left out"))]
    return [("", _("All")), *told]


def kept(desk: Desk, line: LetterLine, asked: list[listed.Filter]) -> bool:
    home, words = desk.homes.get(line.household_id), folded(asked[0].asked).split()
    text = folded(" ".join((home.name, home.address, home.dwelling, home.reference))) if home else ""
    return all(word in text for word in words) and asked[1].asked in ("", *_tokens(desk, line))


def _tokens(desk: Desk, line: LetterLine) -> tuple[str, ...]:
    if desk.row.state == PREPARING:
        return ("hindered",) if line.problem else ("ready",)
    deed = desk.deeds.get(line.written_id or "")
    if not line.chosen:
        return ("left_out",)
    if deed is not None:
        return ("handed",) if deed.handed_how else ("to_hand",)
    return ("failed",) if line.state == FAILED else ("waiting",)


def columns(desk: Desk, preparing: bool, boxes: Ticks) -> list[listed.Column]:
    names = people.names({one.handed_by for one in desk.deeds.values() if one.handed_by})

    def home(line: LetterLine) -> Household | None:
        return desk.homes.get(line.household_id)

    def name(line: LetterLine) -> str:
        row = home(line)
        return (row.name or _("Household %(reference)s", reference=row.reference)) if row else _("erased")

    def who(line: LetterLine) -> listed.Cell:
        row = home(line)
        cell: listed.Cell = {"text": name(line), "sub": row.reference if row else ""}
        deed = desk.deeds.get(line.written_id or "")
        if deed is not None:
            return cell | {"url": url_for("writing.written", written_id=deed.id)}
        return cell | ({"url": url_for("dossiers.household", household_id=row.id)} if row else {})

    def where(line: LetterLine) -> str:
        row = home(line)
        return ", ".join(filter(None, (row.address, row.dwelling))) if row else ""

    def tick(line: LetterLine) -> listed.Cell:
        able = preparing or line.written_id in desk.deeds
        if not able or (preparing and line.problem):
            return {"text": "—"}
        label = _("Write to %(who)s", who=name(line)) if preparing else _("Letter of %(who)s", who=name(line))
        return {
            "check": {
                "form": FORM,
                "name": "line",
                "value": line.rank,
                "label": label,
                "checked": boxes.on(str(line.rank)),
            }
        }

    def handed(line: LetterLine) -> str:
        deed = desk.deeds.get(line.written_id or "")
        if deed is None or not deed.handed_on:
            return ""
        how, day = _(HOW.get(deed.handed_how, "")), format_date(deed.handed_on, "d MMMM y")
        return _("%(how)s, %(day)s, %(who)s", how=how, day=day, who=names.get(deed.handed_by, ""))

    told = [
        listed.Column(_("Household"), name, who, width=34),
        listed.Column(_("Reference"), lambda line: getattr(home(line), "reference", ""), on_page=False),
        listed.Column(_("Address"), where, width=44),
        listed.Column(_("State"), lambda line: _said(desk, line)[0], lambda line: _state_cell(desk, line), width=40),
    ]
    if preparing:
        told.append(listed.Column(_("Draft"), lambda line: "", lambda line: _draft_cell(desk, line, name(line))))
    else:
        told.append(listed.Column(_("Handed over"), handed, width=44))
    situation = listed.Column(
        _("Situation"), lambda line: _(STATES[row.state][0]) if (row := home(line)) else "", on_page=False
    )
    return [*told, situation, listed.Column(_("Ticked"), lambda line: "", tick, width=8)]


def _draft_cell(desk: Desk, line: LetterLine, name: str) -> listed.Cell:
    if not desk.row.asked or line.household_id not in desk.homes:
        return {"text": "—"}
    return {"text": _("See the letter"), "url": desk.at("draft_letter", rank=line.rank)}


def _said(desk: Desk, line: LetterLine) -> tuple[str, str]:
    """(words, shape and colour) of one line."""
    if line.problem and line.state != WRITTEN:
        message, params = line.problem
        return _(message, **params), "late"
    deed = desk.deeds.get(line.written_id or "")
    if deed is not None:
        if deed.void_at:
            return _("annulled"), "refused"
        return (_("handed over"), "done") if deed.handed_how else (_("written"), "todo")
    if not line.chosen:
        return _("left out"), "closed"
    return (_("can be written"), "todo") if desk.row.state == PREPARING else (_("still to be written"), "waiting")


def _state_cell(desk: Desk, line: LetterLine) -> listed.Cell:
    words, family = _said(desk, line)
    return {"text": words, "state": family}
