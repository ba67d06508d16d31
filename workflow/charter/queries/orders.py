"""What the papers of a draft say: the text with its places to sign, the table of contributions and answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from sqlalchemy import select

from workflow import clock
from workflow.charter.models import ASIDE, NOT, UNREAD, Consultation, Contribution
from workflow.charter.queries import drafts, said
from workflow.charter.queries.entitled import Reader
from workflow.charter.rules.text import Part, lines_of, numbers
from workflow.db import db
from workflow.filing import queries as filing
from workflow.filing.rules.papers import Order
from workflow.operations.queries import operation as find_operation
from workflow.people import queries as people
from workflow.record.queries import text
from workflow.web.dates import format_date

PAPERS = Path(__file__).resolve().parents[3] / "templates" / "papers"
LANG = "fr"
OUTCOMES = {
    "taken": later("taken over"),
    "reworded": later("taken over in other words"),
    "declined": later("not taken over"),
    "": later("no answer yet"),
}
WIDTHS = (8, 22, 40, 30)
_EVERYTHING = Reader("", drafts=True, records=False, mine=frozenset())


def signers(row: Consultation) -> dict[str, Any]:
    """Who signs: {organisations: slugs, tenants: names, day (ISO)}; empty while nobody said so."""
    told = text(row.signers)
    return dict(json.loads(told)) if told else {}


def text_order(row: Consultation, reference: str) -> Order:
    """The version everybody reads, as a paper."""
    around, parts = drafts.around(row.operation_id), drafts.current_parts(row)
    data = {
        **around,
        "text": {"title": row.title, "number": row.current, "articles": [_article(one) for one in parts]},
        "signatories": _signatories(around, signers(row)),
        "mandated_on": signers(row).get("day", ""),
    }
    return _order(row, "charter-text.md", data, reference, {"version": row.current})


def _article(part: Part) -> dict[str, Any]:
    told = [{"kind": one.kind, "text": one.text} for one in lines_of(part.words)]
    return {"title": part.title, "numbered": part.numbered, "blocks": told}


def _signatories(around: Mapping[str, Any], who: Mapping[str, Any]) -> list[dict[str, str]]:
    known = {one["slug"]: one for one in around["organisations"]}
    offices = [known[slug] for slug in who.get("organisations", ()) if slug in known]
    signing = [
        {
            "name": one["represented_by"],
            "capacity": one["capacity"],
            "organisation": one["name"],
            "address": one["address"],
            "field": one["slug"],
            "deliberation": one["deliberation"],
        }
        for one in offices
    ]
    tenants = who.get("tenants", ())
    return signing + [
        {
            "name": name,
            "capacity": _("Mandated by the tenants"),
            "organisation": "",
            "address": "",
            "field": f"locataire-{rank}",
            "deliberation": "",
        }
        for rank, name in enumerate(tenants, start=1)
    ]


def answers_order(row: Consultation, reference: str) -> Order:
    """Every contribution whose author agreed to its being published, article by article, with its answer."""
    parts = drafts.current_parts(row)
    first = drafts.parts_of(drafts.editions(row)[0])
    rows = _told(row)
    open_ = [one for one in rows if one.consent != NOT]
    data = {
        **drafts.around(row.operation_id),
        "text": {"title": row.title, "number": row.current, "objective": row.objective, "limits": row.limits},
        "counts": {"all": len(rows), "kept_back": len(rows) - len(open_)},
        "days": {"first": _day(row.opens), "last": _day(row.closes)},
        "articles": _by_article(
            open_, [*first, *(one for one in parts if one.key not in {each.key for each in first})]
        ),
    }
    return _order(row, "charter-answers.md", data, reference, {"contributions": [one.number for one in open_]})


def _told(row: Consultation) -> list[Contribution]:
    asked = select(Contribution).where(Contribution.consultation_id == row.id)
    asked = asked.where(Contribution.state.not_in((UNREAD, ASIDE))).order_by(Contribution.number)
    return list(db.session.scalars(asked))


def _day(day: Any) -> str:
    return format_date(day, "long") if day else ""


def _by_article(rows: Sequence[Contribution], parts: Sequence[Part]) -> list[dict[str, Any]]:
    counted = numbers(parts)
    opened = {one.row.id: one for one in said.opened(rows, _EVERYTHING)}
    places = [(one.key, _name(one, counted)) for one in parts] + [("", _("The whole text, and new articles"))]
    found = []
    for key, name in places:
        lines = [_line(opened[one.id]) for one in rows if one.article == key]
        if lines:
            header = [_("No."), _("Who"), _("What was said"), _("Answer and reason")]
            found.append({"title": name, "table": {"header": header, "widths": list(WIDTHS), "rows": lines}})
    return found


def _name(part: Part, counted: Mapping[str, int]) -> str:
    number = counted.get(part.key)
    return _("Article %(number)s – %(title)s", number=number, title=part.title) if number else part.title


def _line(one: said.Said) -> list[str]:
    row = one.row
    speakers = {
        "organisation": _("an organisation"),
        "inhabitant": _("an inhabitant"),
        "group": _("a group of inhabitants"),
    }
    named = ", ".join(filter(None, (one.author, one.organisation))) if row.consent == "named" else ""
    words = f"{one.title}\n{one.words}" if one.title else one.words
    outcome = str(OUTCOMES[row.outcome])
    answer = f"{outcome[:1].upper()}{outcome[1:]}. {one.reason}".strip()
    return [str(row.number), named or speakers.get(row.said_by, ""), words or _("erased"), answer]


def _order(row: Consultation, model: str, data: Mapping[str, Any], reference: str, more: Mapping[str, Any]) -> Order:
    settings, place = current_app.config["RELAIS"], find_operation(row.operation_id)
    day = clock.today(place.zone if place else "Europe/Paris")
    city = place.city if place else ""
    owner = people.organisation_names().get(place.owner, place.owner) if place else settings.issuer
    return Order(
        text=(PAPERS / model).read_text("utf-8"),
        data={**data, "date": day.isoformat(), "lang": LANG, "audience": "partner"},
        lang=LANG,
        day=day,
        organisation=owner,
        source={"reference": reference, **more},
        address=(_("Rehousing mission"), city),
        issuer=settings.issuer,
        verify_url=f"{settings.base_url}/verify/{reference}",
        reason=_("Document issued"),
        place=city,
        letterhead=filing.letterhead_of(place.owner if place else None),
        to_sign=model == "charter-text.md" and bool(data.get("signatories")),
    )
