"""Changes made to a form in its pages, said in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext

from forms.adapting import Change
from workflow.catalogue.pages.workshop import Workshop, anchor, reason
from workflow.web import spoken

ADDED_KINDS = {
    "text": later("Short text"),
    "paragraph": later("Long text"),
    "integer": later("Whole number"),
    "decimal": later("Number"),
    "amount": later("Amount in euros"),
    "date": later("Day"),
    "yes_no": later("Yes or no"),
    "one": later("One choice"),
    "several": later("Several choices"),
}


def listed(shop: Workshop) -> list[dict[str, Any]]:
    """Every change in the order in which it is laid on the form."""
    known = list(shop.known)
    return [described(shop, place, one, new=one not in known) for place, one in enumerate(shop.changes)]


def described(shop: Workshop, place: int, change: Change, *, new: bool) -> dict[str, Any]:
    """{place, label, what, detail, new, lost: why it has no object any more, remarks, url}."""
    missed = shop.preview.missed.get(place)
    here = now_at(shop, change)
    return {
        "place": place,
        "label": label(shop, change, here),
        "what": _WHAT[change.do](change),
        "detail": _DETAIL.get(change.do, _nothing)(shop, change),
        "new": new,
        "lost": reason(missed) if missed else "",
        "remarks": _remarks(shop, place),
        "url": shop.url("adapt_question", at=here) if here else "",
        "anchor": anchor(here),
    }


def _remarks(shop: Workshop, place: int) -> list[str]:
    """What the check says of a change, each once; languages by their name."""
    found = shop.preview.remarks.get(place, ())
    told = [
        {**one.params, "lang": spoken.named(one.params["lang"])} if "lang" in one.params else one.params
        for one in found
    ]
    return list(dict.fromkeys(_(one.message, **params) for one, params in zip(found, told, strict=True)))


def now_at(shop: Workshop, change: Change) -> str:
    """Where what was changed stands now; "" when it stands nowhere."""
    if change.at in shop.preview.shown:
        return change.at
    found = [at for at in shop.preview.shown if at.rpartition("/")[2] == change.name]
    return found[0] if len(found) == 1 else ""


def label(shop: Workshop, change: Change, at: str) -> str:
    """The words of a question as they are now."""
    told = shop.preview.shown[at].label if at else change.told.get("label", {})
    return told.get(shop.lang) or next(iter(told.values()), "") or change.name


def _what_required(change: Change) -> str:
    return _("An answer is now needed.") if change.told["required"] else _("An answer is no longer needed.")


def _what_text(change: Change) -> str:
    if change.told.get("label"):
        return _("Other words.")
    return _("Another hint.")


_WHAT: dict[str, Any] = {
    "text": _what_text,
    "choices": lambda change: _("Other choices."),
    "required": _what_required,
    "hide": lambda change: _("No longer asked."),
    "move": lambda change: _("Asked at another place."),
    "add": lambda change: _("Question added."),
}


def _nothing(shop: Workshop, change: Change) -> str:
    return ""


def _text(shop: Workshop, change: Change) -> str:
    told = {**change.told.get("hint", {}), **change.told.get("label", {})}
    return "" if shop.lang not in told or not told[shop.lang] else _("“%(text)s”", text=told[shop.lang])


def _choices(shop: Workshop, change: Change) -> str:
    labels, hidden, added = (change.told.get(key, ()) for key in ("labels", "hidden", "added"))
    counted = [
        ngettext("%(num)s reworded", "%(num)s reworded", len(labels)) if labels else "",
        ngettext("%(num)s taken away", "%(num)s taken away", len(hidden)) if hidden else "",
        _("added: %(names)s", names=", ".join(_own(shop, one["label"]) for one in added)) if added else "",
    ]
    return ", ".join(filter(None, counted))


def _move(shop: Workshop, change: Change) -> str:
    after = change.told["after"]
    if after:
        return _("After “%(question)s”", question=shop.label(after))
    return _("At the beginning of “%(group)s”", group=shop.label(change.told["into"]))


def _add(shop: Workshop, change: Change) -> str:
    told = [str(ADDED_KINDS[change.told["kind"]])]
    told.append(_("obligatory") if change.told.get("required") else _("optional"))
    if change.told.get("only_if"):
        told.append(_("asked in some cases"))
    return ", ".join(told)


_DETAIL: dict[str, Any] = {"text": _text, "choices": _choices, "move": _move, "add": _add}


def _own(shop: Workshop, texts: dict[str, str]) -> str:
    return texts.get(shop.lang) or next(iter(texts.values()), "")
