"""Doors: the invented data a model is tried with: what is asked when it is written, in fields; the rest as text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import flash, g, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from documents.front_matter import Ask
from workflow.catalogue.actions import paper_drafts as actions
from workflow.catalogue.pages.paper_places import Place, door, mine, shown_version
from workflow.catalogue.pages.paper_studio import case_named
from workflow.catalogue.queries.paper_content import front_of
from workflow.catalogue.queries.paper_drafts import Written, written
from workflow.db import db
from workflow.errors import Moved, Refused
from workflow.people.rules import slug_from
from workflow.web.fields import readable

LONGEST = 200_000
MOST_CASES = 20
ASKED = "asked"
INPUTS = {"date": "date", "number": "text", "text": "text"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
TOO_LONG = later("This is too long for an example: keep it under 200,000 characters.")


@dataclass(frozen=True)
class Typed:
    """What stands in the page. asked: as typed, by name; rest: JSON; faults: {id of a field: sentence}."""

    case: str
    name: str
    asked: Mapping[str, str]
    rest: str
    faults: dict[str, str] = field(default_factory=dict)


@door("/example", "GET", "POST")
def paper_example(slug: str, operation: str) -> Any:
    """One case, or (case `new`) another one that begins as the first."""
    here, found = mine(operation), written(slug, operation)
    asks = front_of(found.text).asks
    if request.method == "GET":
        return _page(here, found, asks, _stored(found, request.args.get("case", "")))
    typed = _sent(asks)
    data = _read(asks, typed)
    if typed.faults or data is None:
        return _page(here, found, asks, typed), 422
    case = typed.case if typed.case in found.examples else _new_case(found, typed)
    if typed.faults:
        return _page(here, found, asks, typed), 422
    examples = {**found.examples, case: data}
    try:
        actions.save_draft(g.identity, slug, operation, found.text, shown_version(), examples=examples)
    except (Moved, Refused) as problem:
        db.session.rollback()
        return _page(here, written(slug, operation), asks, typed, _(problem.message, **problem.params)), 409
    flash(_("The example is saved with the draft."), "done")
    return redirect(here.url("paper_studio", slug=slug, case=case or None), code=303)


def _stored(found: Written, case: str) -> Typed:
    known = case if case in found.examples else next(iter(found.examples), "")
    data = dict(found.examples.get(known, {}))
    asked = data.pop(ASKED, {})
    told = {name: "" if value is None else str(value) for name, value in asked.items()} if asked else {}
    return Typed("new" if case == "new" else known, "", told, json.dumps(data, ensure_ascii=False, indent=2))


def _sent(asks: tuple[Ask, ...]) -> Typed:
    told = {one.name: readable(request.form.get(f"{ASKED}.{one.name}", "")).strip() for one in asks}
    rest = readable(request.form.get("rest", ""))
    return Typed(request.form.get("case", ""), readable(request.form.get("name", "")).strip()[:60], told, rest)


def _read(asks: tuple[Ask, ...], typed: Typed) -> dict[str, Any] | None:
    """The data; what cannot be read is noted in `typed.faults`."""
    if len(typed.rest) > LONGEST:
        typed.faults["rest"] = str(TOO_LONG)
        return None
    try:
        data = json.loads(typed.rest)
    except json.JSONDecodeError as wrong:
        typed.faults["rest"] = _(
            "Line %(line)s, sign %(sign)s: a comma, a quotation mark or a bracket is missing or stands too much there.",
            line=wrong.lineno,
            sign=wrong.colno,
        )
        return None
    except RecursionError:
        typed.faults["rest"] = _("There are too many brackets inside one another.")
        return None
    if not isinstance(data, dict):
        typed.faults["rest"] = _("Begin with { and end with }: names, each with its value.")
        return None
    data[ASKED] = {one.name: _value(one, typed) for one in asks}
    return data


def _value(one: Ask, typed: Typed) -> Any:
    said = typed.asked.get(one.name, "")
    where = f"{ASKED}.{one.name}"
    if one.type == "number" and said:
        return _number(said, where, typed)
    if one.type == "date" and said and not _DAY.fullmatch(said):
        typed.faults[where] = _("Write a day, for example 2026-12-31.")
    if one.type == "choice" and said and said not in one.choices:
        typed.faults[where] = _("This choice is not possible any more: choose again in the list.")
    return said


def _number(said: str, where: str, typed: Typed) -> Any:
    plain = said.replace("\u202f", "").replace("\xa0", "").replace(" ", "").replace(",", ".")
    try:
        return int(plain) if plain.lstrip("-").isdigit() else float(plain)
    except ValueError:
        typed.faults[where] = _("Write a number, for example 42 or 412,50.")
        return said


def _new_case(found: Written, typed: Typed) -> str:
    if not typed.name:
        typed.faults["name"] = _("Give this example a name, so that it is found again.")
        return ""
    if len(found.examples) >= MOST_CASES:
        typed.faults["name"] = _("There are enough examples: change one of them instead.")
        return ""
    return slug_from(typed.name, found.examples.__contains__)


def _page(here: Place, found: Written, asks: tuple[Ask, ...], typed: Typed, refusal: str = "") -> str:
    return render_template(
        "catalogue/models/example.html",
        here=here,
        found=found,
        typed=typed,
        asks=asks,
        inputs=INPUTS,
        new=typed.case == "new",
        label=_("Another example") if typed.case == "new" else case_named(typed.case),
        cases=[(name, case_named(name)) for name in found.examples],
        problems=[{"id": where, "label": "", "message": sentence} for where, sentence in typed.faults.items()],
        refusal=refusal,
    )
