"""Doors: printed notices, one A4 page each, in large and plain words; and the personal links of mails."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, make_response, redirect, render_template, request, url_for
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from workflow import clock
from workflow.circuit.deadlines import last_day
from workflow.dossiers import queries
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.notice import line_of
from workflow.dossiers.pages.noticed import Line
from workflow.dossiers.pages.notices import place_of
from workflow.dossiers.pages.notices_list import to_print
from workflow.dossiers.pages.wording import full_day
from workflow.dossiers.queries.notices import by_token, due_of
from workflow.dossiers.queries.reaching import whom_to_call
from workflow.dossiers.rules import TITLES
from workflow.people.queries import person
from workflow.web.extensions import LANGUAGES


@dossiers.get("/operations/<operation>/notices/letters")
def letters(operation: str) -> str:
    """Every letter that is to be handed over, as the list was narrowed down; or the one named in the address."""
    place = place_of(g.identity)
    wanted = request.args.get("notice")
    lines = [line_of(place, wanted)] if wanted else to_print(place)
    return render_template(
        "dossiers/letters.html",
        letters=[_letter(line) for line in lines],
        title=ngettext("A letter to print", "%(num)s letters to print", len(lines)),
        back_url=url_for("dossiers.notices", operation=place.id),
    )


def _letter(line: Line) -> dict[str, Any]:
    """One letter in the language of its reader; a household whose name this printer may not read is a reference."""
    row, home, who = line.notice, line.item.household, person(line.notice.person)
    wanted = who.lang if who else home.lang
    lang = wanted if wanted in LANGUAGES else "fr"
    task = due_of(row)
    with force_locale(lang):
        template = current_app.jinja_env.get_template("dossiers/_letter.html")
        text = template.render(
            what=row.what,
            household=line.item.for_household,
            to=line.who,
            home=home if line.item.for_household and line.named else None,
            contact=whom_to_call(line.item.dossier),
            city=line.place.city,
            today=full_day(clock.today(line.place.zone)),
            reference=home.reference,
            title=_(TITLES[row.what]) if row.what in TITLES else "",
            line={"what": row.what, "due": last_day(task.due, line.place.zone) if task and task.due else None},
            address=current_app.config["RELAIS"].base_url,
        )
    return {"lang": lang, "text": Markup(text)}  # noqa: S704  rendered by Jinja with escaping


@dossiers.get("/n/<token>")
def own_link(token: str) -> Any:
    """The link of a mail: leads its own reader to the dossier and marks nothing. To others it is as if unknown."""
    row = by_token(token)
    if row is None or row.person != g.identity.person:
        return make_response(render_template("dossiers/not_your_link.html"), 404)
    return redirect(url_for("dossiers.dossier", reference=queries.by_subject(row.subject).reference))
