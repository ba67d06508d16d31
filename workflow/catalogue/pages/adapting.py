"""Doors: a form changed in the page, without a workbook: what it asks, section by section, and what was changed."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from forms.adapting import Change, alone
from forms.structure import Group, Question
from workflow import clock
from workflow.catalogue import queries
from workflow.catalogue.actions import adapting as actions
from workflow.catalogue.actions.adapting import Unfit
from workflow.catalogue.pages import described, words
from workflow.catalogue.pages.blueprint import catalogue
from workflow.catalogue.pages.workshop import Workshop, anchor, facts, hidden, obligatory, reason, seen_parts, workshop
from workflow.catalogue.queries.adapting import OPERATION
from workflow.catalogue.queries.versions import fitted_to
from workflow.catalogue.rules import around
from workflow.db import db
from workflow.errors import Moved, NotFound, Refused
from workflow.people import queries as people
from workflow.web import spoken
from workflow.web.dates import format_date
from workflow.web.editing import Step, confirm
from workflow.web.fields import Sheet

BOTH = ("/operations/<operation>/forms/<slug>", "/organisations/<organisation>/forms/<slug>")


def door(below: str, *methods: str) -> Any:
    """The same page for an operation and for a landlord."""

    def hang(view: Any) -> Any:
        for address in BOTH:
            catalogue.add_url_rule(address + below, view.__name__, view, methods=list(methods) or ["GET"])
        return view

    return hang


@door("/adapt")
def adapt(slug: str, operation: str = "", organisation: str = "") -> Any:
    """One section of the form as its users see it, and every change made to it."""
    shop = workshop(slug, operation, organisation)
    section = _section(shop)
    return render_template(
        "catalogue/adapt.html",
        **frame(shop),
        section=section.label[shop.lang] or shop.title,
        lines=lines(shop, section),
        sections=[
            {
                "label": one.label[shop.lang] or shop.title,
                "url": shop.url(section=one.name),
                "current": one is section,
                "changed": sum(1 for at in _inside(shop, one) if shop.of(at)),
            }
            for one in shop.form.sections
        ],
        end_url=_add_url(shop, section),
        moving_url=_moving_url(shop),
    )


def _moving_url(shop: Workshop) -> str:
    """Where files under way are moved to the form now in use."""
    if shop.holder.kind != OPERATION or shop.row is None or not shop.row.number:
        return ""
    return url_for("dossiers.change_version", operation=shop.holder.id, slug=shop.slug)


def frame(shop: Workshop) -> dict[str, Any]:
    """What stands on every page of the workshop."""
    changes = described.listed(shop)
    row = shop.row
    return {
        "shop": shop,
        "seen": shop.seen,
        "changes": changes,
        "new": sum(1 for one in changes if one["new"]),
        "usable": shop.preview.form is not None,
        "wrong": [words.finding(one) for one in shop.preview.remarks.get(-1, ()) if one.level == "refused"],
        "landlord": shop.holder.kind != OPERATION,
        "changed_by": people.names([row.changed_by]).get(row.changed_by, "") if row else "",
        "changed_at": format_date(row.changed_at.date(), "full") if row else "",
    }


def _section(shop: Workshop) -> Group:
    """The section asked for; the first one otherwise."""
    wanted, found = request.args.get("section", ""), shop.form.sections
    if not found:
        raise NotFound()
    return next((one for one in found if one.name == wanted), found[0])


def _inside(shop: Workshop, section: Group) -> list[str]:
    if section.path == shop.form.root.path:
        return [shop.at(one.path) for one in section.children]
    return [shop.at(one.path) for one in (*section.groups(), *section.questions())]


def lines(shop: Workshop, group: Group, depth: int = 0) -> list[dict[str, Any]]:
    """What a section shows, from top to bottom: {at, id, label, hint, facts, state, group, depth, url, add_url}."""
    found = []
    for part in seen_parts(group):
        found.append(line(shop, part, depth))
        if isinstance(part, Group):
            found += lines(shop, part, depth + 1)
    return found


def line(shop: Workshop, part: Question | Group, depth: int = 0) -> dict[str, Any]:
    at = shop.at(part.path)
    return {
        "at": at,
        "id": anchor(at),
        "label": part.label[shop.lang] or part.name,
        "hint": part.hint[shop.lang] if isinstance(part, Question) else "",
        "facts": facts(part) if isinstance(part, Question) else [],
        "state": _state(shop, part, at),
        "group": isinstance(part, Group),
        "depth": depth,
        "url": shop.url("adapt_question", at=at),
        "deeds": deeds(shop, part, at),
    }


def _state(shop: Workshop, part: Question | Group, at: str) -> tuple[str, str] | None:
    """(state, word) of a thing that was changed."""
    if shop.change("add", at):
        return "todo", _("added here")
    if hidden(part):
        return "closed", _("no longer asked")
    return ("waiting", _("changed here")) if shop.of(at) else None


def _add_url(shop: Workshop, section: Group) -> str:
    last = next((shop.at(one.path) for one in reversed(section.children)), "")
    return shop.url("adapt_add", into=shop.at(section.path), after=last)


def deeds(shop: Workshop, part: Question | Group, at: str) -> dict[str, Any]:
    """What can be done to a question or a group: addresses of pages, and what one button does."""
    known = shop.preview.shown.get(at)
    if known is None:
        return {}
    own, asked = shop.change("add", at), isinstance(part, Question) and part.asked
    group, siblings = at.rpartition("/")[0], [one for one in shop.siblings(at) if _seen(shop, one)]
    place = siblings.index(at) if at in siblings else -1
    return {
        "text": shop.url("adapt_add", at=at) if own else shop.url("adapt_text", at=at),
        "choices": shop.url("adapt_choices", at=at) if known.list_name and not own else "",
        "need": ("optional" if obligatory(part) else "needed")
        if asked and isinstance(part, Question) and not own
        else "",
        "hide": not hidden(part) and not own,
        "up": place > 0,
        "down": 0 <= place < len(siblings) - 1,
        "move": shop.url("adapt_move", at=at) if isinstance(part, Question) else "",
        "add": shop.url("adapt_add", into=group, after=at),
        "own": own is not None,
    }


def _seen(shop: Workshop, at: str) -> bool:
    part = shop.form.questions.get(shop.path(at)) or shop.form.groups.get(shop.path(at))
    return part is not None and (isinstance(part, Group) or (part.kind != "hidden" and bool(part.label)))


@door("/question")
def adapt_question(slug: str, operation: str = "", organisation: str = "") -> Any:
    """One question as it is asked, what was changed in it, and what can be done."""
    return question_page(workshop(slug, operation, organisation), request.args.get("at", ""))


def question_page(shop: Workshop, at: str, refusal: str = "", status: int = 200) -> Any:
    part = shop.part(at)
    asked = isinstance(part, Question)
    told = frame(shop)
    page = render_template(
        "catalogue/adapt_question.html",
        **told,
        line=line(shop, part),
        at=at,
        refusal=refusal,
        item=_asked(shop, at) if asked else None,
        readers=words.readers_of(part.level) if isinstance(part, Question) else "",
        purposes=_purposes(shop, part) if isinstance(part, Question) else "",
        mine=[told["changes"][place] for place in shop.of(at)],
        back=shop.section_url(at),
        section=shop.label(at.partition("/")[0]),
    )
    return page, status


def _asked(shop: Workshop, at: str) -> Any:
    found = shop.preview
    beside = queries.files(found.base)
    return alone(found.source, found.name, at, lang=shop.lang, now=around(clock.wall()), media=beside)


def _purposes(shop: Workshop, question: Question) -> str:
    known = queries.version(shop.preview.base).settings.get("purposes", {})
    return ", ".join(spoken.label(known[one]) if one in known else one for one in question.purpose)


# -- one button ----------------------------------------------------------------------------------------------------


@door("/turn", "POST")
def adapt_turn(slug: str, operation: str = "", organisation: str = "") -> Any:
    """Hide, make obligatory or optional, or move by one place."""
    shop, at = workshop(slug, operation, organisation), request.form.get("at", "")
    shop.part(at)
    try:
        _turn(shop, at, request.form.get("do", ""))
    except Unfit as unfit:
        db.session.rollback()
        return question_page(shop, at, reason(unfit.no), 409)
    except (Refused, Moved) as problem:
        db.session.rollback()
        return question_page(workshop(slug, operation, organisation), at, _(problem.message, **problem.params), 409)
    return redirect(shop.section_url(at), code=303)


def _turn(shop: Workshop, at: str, do: str) -> None:
    if do == "hide":
        _amend(shop, Change("hide", at))
        flash(_("This question is no longer asked in the form you are preparing."), "done")
    elif do in {"needed", "optional"}:
        before = shop.change("required", at)
        if before is not None and before.told["required"] != (do == "needed"):
            _take_back(shop, shop.changes.index(before))
        else:
            _amend(shop, Change("required", at, {"required": do == "needed"}))
    elif do in {"up", "down"}:
        _amend(shop, Change("move", at, _one_place(shop, at, do)))
    else:
        raise NotFound()


def _one_place(shop: Workshop, at: str, do: str) -> dict[str, str]:
    """Past the next thing one sees."""
    every = [one for one in shop.siblings(at) if one != at]
    seen = [one for one in shop.siblings(at) if _seen(shop, one)]
    place = seen.index(at) + (-1 if do == "up" else 1)
    if at not in seen or not 0 <= place < len(seen):
        raise NotFound()
    past = every.index(seen[place])
    after = every[past] if do == "down" else (every[past - 1] if past else "")
    return {"into": at.rpartition("/")[0], "after": after}


def shown_version() -> int:
    told = request.form.get("version", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else 0


def _amend(shop: Workshop, change: Change) -> None:
    actions.amend(g.identity, shop.holder, shop.slug, change, shown_version())


def _take_back(shop: Workshop, place: int) -> None:
    actions.take_back(g.identity, shop.holder, shop.slug, place, shown_version())


@door("/undo", "POST")
def adapt_undo(slug: str, operation: str = "", organisation: str = "") -> Any:
    """Back to the common form, for one change."""
    shop = workshop(slug, operation, organisation)
    place = request.form.get("place", "")
    if not place.isascii() or not place.isdigit():
        raise NotFound()
    try:
        _take_back(shop, int(place[:6]))
    except Moved as problem:
        db.session.rollback()
        flash(_(problem.message, **problem.params), "late")
        return redirect(shop.url(), code=303)
    flash(_("This change is taken back."), "done")
    return redirect(shop.url(section=request.form.get("section", "")), code=303)


# -- all of it -----------------------------------------------------------------------------------------------------


@door("/use", "GET", "POST")
def adapt_use(slug: str, operation: str = "", organisation: str = "") -> Any:
    shop = workshop(slug, operation, organisation)
    if request.method == "GET" and not shop.waiting:
        return redirect(shop.url(), code=303)
    step = Step(
        title=_("Use this form now"),
        consequence=_consequence(shop),
        verb=_("Use it now"),
        back=shop.url(),
        crumbs=shop.crumbs,
        danger=False,
    )
    form = Sheet(data={"version": str(shop.seen)})
    done = _("The form is in use: new files begin on it from now on.")
    return confirm(step, form, lambda: actions.use(g.identity, shop.holder, slug, form.shown_version), done)


def _consequence(shop: Workshop) -> str:
    count = len(shop.changes)
    told = [
        ngettext(
            "New files begin on the form with this change.",
            "New files begin on the form with these %(num)s changes.",
            count,
        )
        if count
        else _("New files begin on the common form again.")
    ]
    begun = _under_way(shop)
    if begun:
        told.append(
            ngettext(
                "%(num)s file under way stays on the form on which it began.",
                "%(num)s files under way stay on the form on which they began.",
                begun,
            )
        )
    if shop.holder.kind != OPERATION:
        told.append(_("It holds for the households of this landlord, in every operation."))
    return " ".join(told)


def _under_way(shop: Workshop) -> int:
    """Files of the operation, on whichever of its forms."""
    if shop.holder.kind != OPERATION:
        return 0
    ours = {hash_ for hash_, where in fitted_to(shop.slug).items() if shop.holder.id in where}
    return sum(count for hash_, count in queries.under_way(shop.slug).items() if hash_ in ours)


@door("/discard", "GET", "POST")
def adapt_discard(slug: str, operation: str = "", organisation: str = "") -> Any:
    shop = workshop(slug, operation, organisation)
    if request.method == "GET" and not shop.waiting:
        return redirect(shop.url(), code=303)
    step = Step(
        title=_("Forget what was prepared"),
        consequence=_("Changes that are not in use yet are forgotten. What is in use stays."),
        verb=_("Forget these changes"),
        back=shop.url(),
        crumbs=shop.crumbs,
    )
    form = Sheet(data={"version": str(shop.seen)})
    done = _("What was prepared is forgotten.")
    return confirm(step, form, lambda: actions.discard(g.identity, shop.holder, slug, form.shown_version), done)
