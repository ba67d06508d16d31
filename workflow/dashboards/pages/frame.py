"""What the frame of every page is handed: who reads, where they may go, the words beside the page."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from flask import Response, current_app, g, has_request_context, request, url_for
from flask_babel import gettext as _

from workflow import access
from workflow.access import Identity
from workflow.approvals import queries as approvals
from workflow.config import Config
from workflow.dashboards.pages.blueprint import dashboards
from workflow.dashboards.queries import touring
from workflow.dossiers.queries.agreed import knows_of_households
from workflow.operations import queries as operations
from workflow.people import queries as people
from workflow.web import journals, places, spoken
from workflow.web.helping import help_for

OPENED = {
    "dossiers.household": ("household", "household_id"),
    "dossiers.dossier": ("dossier", "reference"),
    "people.person": ("person", "person_id"),
}
"""Pages one wants to find again: endpoint → kind, and which part of the address says which one."""


@dashboards.app_context_processor
def frame() -> dict[str, Any]:
    if not has_request_context():
        return {"lang": spoken.lang()}
    settings: Config = current_app.config["RELAIS"]
    identity, lang = g.get("identity"), spoken.lang()
    told: dict[str, Any] = {
        "lang": lang,
        "dir": "rtl" if lang == "ar" else "ltr",
        "demonstration": settings.demonstration,
        "home_url": "/",
        "accessibility_url": url_for("web.accessibility"),
        "lang_urls": _languages(lang),
        "organisation": {"name": settings.issuer},
        "sign_in_url": url_for("people.sign_in"),
        "identity": identity,
    }
    if identity and not g.get("bare"):
        told |= _of_person(identity, lang)
    return told


@dashboards.after_app_request
def remember(response: Response) -> Response:
    """Keep which household, dossier or person was opened: the search offers it again."""
    identity, kind = g.get("identity"), OPENED.get(request.endpoint or "")
    if identity and kind and request.method == "GET" and response.status_code == 200:
        journals.note_opened(identity.person, kind[0], str((request.view_args or {})[kind[1]]))
    return response


def _languages(lang: str) -> list[dict[str, Any]]:
    known = {"fr": "Français", "en": "English"}
    return [
        {"lang": code, "label": label, "current": code == lang, "url": _here_in(code)} for code, label in known.items()
    ]


def _here_in(lang: str) -> str:
    """This very page in another language, with what its address says; the beginning when it only takes what is sent."""
    adapter = current_app.create_url_adapter(request)
    if request.method != "GET" and not (adapter and adapter.test(request.path, "GET")):
        return f"/?lang={lang}"
    said = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"{quote(request.path)}?{urlencode([*said, ('lang', lang)])}"


def _of_person(identity: Identity, lang: str) -> dict[str, Any]:
    who, here = people.person(identity.person), places.here_or_none(identity)
    sentence = (who.sentence or {}) if who else {}
    role = sentence.get(lang) or sentence.get("fr") or _roles(identity)
    searches = access.may_come("dashboards.search", identity)
    return {
        "person": {
            "name": identity.name,
            "role_sentence": role,
        },
        "person_links": _links(identity),
        "waiting": approvals.waiting_count(identity),
        "waiting_url": url_for("approvals.waiting"),
        "sign_out_url": url_for("people.sign_out"),
        "nav": _nav(identity, here),
        "operations": [
            {"url": url_for("dashboards.home", operation=place.id), "name": place.name, "current": place.id == here}
            for place in operations.operations(identity.operations)
        ],
        "search_url": url_for("dashboards.search") if searches else None,
        "search_text": request.args.get("q", ""),
        "help": help_for(request.endpoint or "", lang[:2]),
        "help_url": url_for("dashboards.help_pages"),
        "tour_left": touring.left(identity) if request.endpoint == "approvals.waiting" else 0,
    }


def _roles(identity: Identity) -> str:
    """What somebody is, in words, when nobody wrote a sentence about them."""
    labels = dict.fromkeys(_(people.role_label(grant.role)) for grant in identity.grants)
    return ", ".join(labels)


def _nav(identity: Identity, here: str | None) -> list[dict[str, Any]]:
    """Where somebody may go, by what they hold; an entry whose page is not theirs is not shown."""
    wanted: list[tuple[str, str, str, dict[str, str]]] = [("approvals.waiting", _("What waits for me"), "inbox", {})]
    if here and knows_of_households(identity, here):
        wanted.append(("dossiers.households", _("Households"), "homes", {}))
    if here:
        wanted.append(("dossiers.of_operation", _("Files of the operation"), "folder", {places.KEY: here}))
        wanted.append(("dossiers.notices", _("To hand over"), "file", {places.KEY: here}))
    if here and access.may_set_up(identity, here):
        wanted.append(("exchange.overview", _("Operation"), "place", {places.KEY: here}))
    elif access.administers(identity):
        wanted.append(("operations.every", _("Operations"), "place", {}))
    wanted += [
        ("people.persons", _("People"), "person", {}),
        ("dashboards.operator", _("Operation of the server"), "gear", {}),
    ]
    return [
        {
            "url": url_for(name, **told),
            "label": label,
            "icon": icon,
            "current": _stands_in(name, [one[0] for one in wanted]),
        }
        for name, label, icon, told in wanted
        if name in current_app.view_functions and access.may_come(name, identity)
    ]


BELONGS = {
    "approvals.who_acts": "exchange.overview",
    "dossiers.change_version": "exchange.overview",
    "dossiers.version_change": "exchange.overview",
    "dossiers.referents": "exchange.overview",
    "dossiers.move_referents": "exchange.overview",
    "dossiers.handovers": "exchange.overview",
    "dossiers.handover": "exchange.overview",
    "dossiers.end_mission": "exchange.overview",
    "people.bodies": "exchange.overview",
    "people.body": "exchange.overview",
    "dossiers.leave": "people.persons",
    "dossiers.notice": "dossiers.notices",
    "dossiers.letters": "dossiers.notices",
    "filing.papers": "dossiers.of_operation",
    "filing.letterhead": "people.persons",
    "dossiers.hand_over": "dossiers.notices",
    **dict.fromkeys(("writing.of_operation", "writing.for_operation"), "exchange.overview"),
    **dict.fromkeys(("writing.of_body", "writing.for_body"), "exchange.overview"),
    "dashboards.jobs": "dashboards.operator",
    "dashboards.mails": "dashboards.operator",
    "dashboards.mail": "dashboards.operator",
}
"""Pages that stand elsewhere in the menu than the others of their kind."""

NOWHERE = frozenset(("people.me", "people.my_password", "people.my_absence", "dashboards.search", "dashboards.tour"))
FAMILIES = {
    **dict.fromkeys(("writing", "charter", "surveys", "filing"), "dossiers"),
    **dict.fromkeys(("operations", "catalogue"), "exchange"),
}


def _stands_in(name: str, names: list[str]) -> bool:
    """Whether the page asked for belongs to a destination of the menu: a dossier belongs to the households."""
    asked = request.endpoint or ""
    asked = g.get("stands_in") or BELONGS.get(asked, asked)
    if asked in NOWHERE or (asked.startswith("dashboards.") and asked != "dashboards.operator"):
        return False
    if asked in names:
        return asked == name
    family = FAMILIES.get(asked.split(".", maxsplit=1)[0], asked.split(".", maxsplit=1)[0])
    return name == next((one for one in names if one.startswith(f"{family}.")), "")


def _links(identity: Identity) -> list[dict[str, str]]:
    entries = [
        ("people.me", _("My page: absences, mails, password")),
        ("dashboards.tour", _("My first day")),
        ("dashboards.help_pages", _("Help")),
        ("operations.every", _("Operations")),
        ("people.organisations", _("Organisations")),
        ("catalogue.procedures", _("Forms")),
        ("catalogue.paper_models", _("Models of papers")),
    ]
    return [
        {"url": url_for(name), "label": label}
        for name, label in entries
        if name in current_app.view_functions and access.may_come(name, identity)
    ]
