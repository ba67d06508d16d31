"""An article of a comparison, in words: what differs, what Word noted, what to look at, what may be chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from workflow.catalogue.queries.paper_returns import EDIT, IN_CLAUSE, KEEP, THEIRS, can_be_taken
from workflow.web.dates import format_date

Told = dict[str, Any]
STATES = {
    "same": ("closed", later("the same")),
    "changed": ("waiting", later("changed")),
    "new": ("todo", later("new")),
    "removed": ("late", later("taken out")),
    "moved": ("waiting", later("moved")),
}
POINTS = {
    "value": later("These words come from the data, not from the model. Change the data, or write them in the model."),
    "condition": later("These words stand in the model only in some cases. See whether the other cases need them too."),
    "repeated": later("One line of the model writes these words several times: it must be changed by hand."),
    "scattered": later("These words come from several places of the model: they must be changed by hand."),
    "by_tag": later("No sentence of the model writes these words: a title, a signature, a number, an annexed model."),
    "form": later("The table or the picture has another form: it must be changed by hand."),
}
LEFT = {
    "picture": later("A picture, which is not taken over"),
    "text_box": later("A text box, which is not taken over"),
    "equation": later("A formula, which is not taken over"),
    "footnote": later("A note at the foot of the page, which is not taken over"),
    "hidden": later("Hidden words, which are not taken over"),
}
CHANGES = {
    "inserted": later("%(who)s added “%(text)s”"),
    "deleted": later("%(who)s took out “%(text)s”"),
    "moved": later("%(who)s moved “%(text)s” to this place"),
    "moved_away": later("%(who)s moved “%(text)s” away from this place"),
}
LONGEST = 400


def article_shown(at: int, article: Told, choice: Mapping[str, Any]) -> Told:
    """What the page says of one article. choice: {do, where, texts} as far as it was made."""
    family, word = STATES[article["state"]]
    texts = list(_texts(at, article, choice))
    return {
        "at": at,
        "state": article["state"],
        "family": family,
        "word": str(word),
        "rewritten": article["state"] == "moved" and article["rewritten"],
        "title": article["title"] or _("The head of the document"),
        "number": article["number"],
        "clause": article["clause"].partition(".")[0],
        "landlord": article["clause"].partition(".")[2],
        "rows": [one for one in map(_row, article["rows"]) if one["kind"] != "heading" or one["differs"]],
        "points": [_point(one) for one in article["points"]],
        "notes": list(_notes(article)),
        "texts": texts,
        "do": choice.get("do", ""),
        "where": choice.get("where", "model"),
        "can_take": can_be_taken(article),
        "can_edit": bool(texts),
        "from_clause": any(one["origin"] for one in article["replaced"]),
        "left": sum(1 for one in article["points"] if not one["taken"]),
        "names": {"keep": KEEP, "theirs": THEIRS, "edit": EDIT, "clause": IN_CLAUSE},
    }


def _row(row: Told) -> Told:
    """{kind, differs, ours, theirs}: for each side its cells, each as pieces (state, words)."""
    ours = [[tuple(piece) for piece in cell if piece[0] != "new"] for cell in row["cells"]]
    theirs = [[tuple(piece) for piece in cell if piece[0] != "gone"] for cell in row["cells"]]
    differs = any(piece[0] != "same" for cell in row["cells"] for piece in cell)
    return {
        "kind": row["kind"],
        "differs": differs,
        "ours": ours if any(ours) else [],
        "theirs": theirs if any(theirs) else [],
    }


def _point(point: Told) -> Told:
    return {"sentence": str(POINTS[point["why"]]), **{name: _short(point[name]) for name in ("ours", "theirs")},
            "taken": point["taken"]}  # fmt: skip


def _notes(article: Told) -> Iterator[str]:
    for one in article["changes"]:
        said = str(CHANGES[one["kind"]]) % {"who": one["who"] or _("Somebody"), "text": _short(one["text"])}
        yield _("%(said)s, %(day)s", said=said, day=_day(one["when"])) if _day(one["when"]) else said
    for one in article["remarks"]:
        who, text, on = one["who"] or _("Somebody"), _short(one["text"]), _short(one["on"])
        yield (
            _("%(who)s remarks on “%(on)s”: %(text)s", who=who, on=on, text=text)
            if on
            else _("%(who)s remarks: %(text)s", who=who, text=text)
        )
    for one in article["left"]:
        text = _short(one["text"])
        yield _("%(what)s: “%(text)s”", what=LEFT[one["kind"]], text=text) if text else str(LEFT[one["kind"]])


def _day(when: str) -> str:
    try:
        return format_date(datetime.fromisoformat(when.replace("Z", "+00:00")).date(), "long") if when else ""
    except ValueError:
        return ""


def _texts(at: int, article: Told, choice: Mapping[str, Any]) -> Iterator[Told]:
    """The stretches of the model somebody may write otherwise."""
    typed = choice.get("texts") or []
    for which, one in enumerate(article["replaced"]):
        yield {
            "name": f"text-{at}-{which}",
            "label": _label(one),
            "text": typed[which] if which < len(typed) else one["after"],
            "rows": min(max(one["after"].count("\n") + len(one["after"]) // 90 + 2, 4), 24),
        }


def _label(one: Told) -> str:
    if one["origin"]:
        return _("Text of the clause “%(name)s”", name=one["origin"].partition(".")[0])
    return _("Text of the model, put in here") if not one["before"] else _("Text of the model")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
