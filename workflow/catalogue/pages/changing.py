"""Doors: one change to a form, each on a page of its own: words, choices, place, a question that is added."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import g, request
from flask_babel import gettext as _
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from forms.adapting import ADDABLE, Change, conditions, fresh_name, named_choices, taken_back
from forms.structure import Group
from workflow.access import LENSES
from workflow.catalogue import queries
from workflow.catalogue.actions import adapting as actions
from workflow.catalogue.actions.adapting import Unfit
from workflow.catalogue.pages import words
from workflow.catalogue.pages.adapting import door
from workflow.catalogue.pages.alike import alike, told_apart
from workflow.catalogue.pages.described import ADDED_KINDS
from workflow.catalogue.pages.workshop import Workshop, reason, seen_parts, workshop
from workflow.catalogue.queries.adapting import preview
from workflow.errors import FieldError, Invalid, NotFound, Refused
from workflow.web import fields, spoken
from workflow.web.editing import Desk, edit

LONGEST = 1000
CHOICES = ("one", "several")
LEVELS = ("V1", "V2", "V3", "V4")


def _desk(shop: Workshop, title: str, back: str, verb: str = "", lead: str = "") -> Desk:
    verb = verb or _("Keep this change")
    return Desk(title, lead, back, shop.crumbs, verb, template="catalogue/adapt_sheet.html", more={"shop": shop})


def _sheet(**made: Any) -> type[fields.Sheet]:
    """A form with one field for each language of the questionnaire."""
    return type("AdaptSheet", (fields.Sheet,), made)


def _in(shop: Workshop, label: str, lang: str) -> str:
    """The label of a field, with its language where the form speaks several."""
    return _("%(what)s, %(lang)s", what=label, lang=spoken.named(lang)) if len(shop.form.languages) > 1 else label


def _save(shop: Workshop, form: fields.Sheet, change: Callable[[], Change | None]) -> Callable[[], Any]:
    """Draft the change; a reason why not becomes a sentence of the page."""

    def save() -> None:
        made = change()
        if made is None:
            return
        try:
            actions.amend(g.identity, shop.holder, shop.slug, made, form.shown_version)
        except Unfit as unfit:
            raise Refused(unfit.code, "%(reason)s", reason=reason(unfit.no)) from unfit

    return save


def _again(shop: Workshop, made: Callable[[Workshop], fields.Sheet]) -> Callable[[], tuple[fields.Sheet, int]]:
    """The same form filled from what is stored now."""

    def fresh() -> tuple[fields.Sheet, int]:
        operation = shop.holder.id if shop.holder.kind == "operation" else ""
        now = workshop(shop.slug, operation, "" if operation else shop.holder.id)
        return made(now), now.seen

    return fresh


# -- words ---------------------------------------------------------------------------------------------------------


@door("/text", "GET", "POST")
def adapt_text(slug: str, operation: str = "", organisation: str = "") -> Any:
    shop, at = workshop(slug, operation, organisation), request.args.get("at", "")
    part = shop.part(at)
    form = _text_form(shop, at, grouped=isinstance(part, Group))
    lead = _(
        "Write it as it should be read aloud to a person. Whoever fills the form reads the hint below the question."
    )
    desk = _desk(shop, _("Change the words"), shop.url("adapt_question", at=at), lead=lead)
    grouped = isinstance(part, Group)
    again = _again(shop, lambda now: _text_form(now, at, grouped=grouped, formdata=None))
    return edit(desk, form, _save(shop, form, lambda: _texts(shop, form, at)), _("The words are changed."), again)


def _text_form(shop: Workshop, at: str, *, grouped: bool, **how: Any) -> fields.Sheet:
    shown = shop.preview.shown.get(at)
    if shown is None:
        raise NotFound()
    made: dict[str, Any] = {}
    data = {"version": str(shop.seen)}
    title = _("Title of the group") if grouped else _("Question")
    for lang in shop.form.languages:
        made[f"label_{lang}"] = fields.paragraph(_in(shop, title, lang), LONGEST)
        data[f"label_{lang}"] = shown.label.get(lang, "")
        if not grouped:
            made[f"hint_{lang}"] = fields.paragraph(_in(shop, _("Hint"), lang), LONGEST)
            data[f"hint_{lang}"] = shown.hint.get(lang, "")
    return _sheet(**made)(data=data, **how)


def _texts(shop: Workshop, form: fields.Sheet, at: str) -> Change | None:
    """Only what was typed anew. Raises Invalid through the form when the question has no words left."""
    shown = shop.preview.shown[at]
    told: dict[str, dict[str, str]] = {}
    for lang in shop.form.languages:
        for aspect, known in (("label", shown.label), ("hint", shown.hint)):
            typed = _typed(form, f"{aspect}_{lang}")
            if typed is not None and typed != " ".join(known.get(lang, "").split()):
                told.setdefault(aspect, {})[lang] = typed
    return Change("text", at, told) if told else None


def _typed(form: fields.Sheet, name: str) -> str | None:
    return " ".join((form[name].data or "").split()) if name in form else None


# -- choices -------------------------------------------------------------------------------------------------------


@door("/choices", "GET", "POST")
def adapt_choices(slug: str, operation: str = "", organisation: str = "") -> Any:
    shop, at = workshop(slug, operation, organisation), request.args.get("at", "")
    shop.part(at)
    form = _choices_form(shop, at)
    lead = _("An answer already given keeps its choice. A choice that is taken away is no longer offered.")
    desk = _desk(shop, _("Change the choices"), shop.url("adapt_question", at=at), lead=lead)
    again = _again(shop, lambda now: _choices_form(now, at, formdata=None))
    return edit(desk, form, _save(shop, form, lambda: _chosen(shop, form, at)), _("The choices are changed."), again)


def _below(shop: Workshop, at: str) -> Sequence[tuple[str, Mapping[str, str]]]:
    """The choices of a question without what was changed in them: (value, words by language)."""
    change = shop.change("choices", at)
    shown = shop.preview.shown
    if change is not None:
        shown = preview(shop.holder, shop.slug, taken_back(shop.changes, shop.changes.index(change))).shown
    if at not in shown or not shown[at].list_name:
        raise NotFound()
    return shown[at].choices


def _choices_form(shop: Workshop, at: str, **how: Any) -> fields.Sheet:
    change = shop.change("choices", at)
    told = change.told if change else {}
    made: dict[str, Any] = {}
    data: dict[str, Any] = {"version": str(shop.seen)}
    groups: list[tuple[str, list[str]]] = []
    for number, (value, label) in enumerate(_below(shop, at), 1):
        names = [f"choice_{number}_{lang}" for lang in shop.form.languages]
        for name, lang in zip(names, shop.form.languages, strict=True):
            made[name] = fields.words(_in(shop, _("Words"), lang), LONGEST)
            data[name] = told.get("labels", {}).get(value, {}).get(lang, label.get(lang, ""))
        made[f"offer_{number}"] = BooleanField(_("Offer this choice"))
        data[f"offer_{number}"] = value not in told.get("hidden", ())
        groups.append((_("Choice %(number)s", number=number), [*names, f"offer_{number}"]))
    for lang in shop.form.languages:
        made[f"more_{lang}"] = fields.paragraph(_in(shop, _("One choice a line"), lang), LONGEST)
        data[f"more_{lang}"] = "\n".join(one["label"].get(lang, "") for one in told.get("added", ()))
    groups.append((_("Further choices"), [f"more_{lang}" for lang in shop.form.languages]))
    return _sheet(**made, groups=groups)(data=data, **how)


def _chosen(shop: Workshop, form: fields.Sheet, at: str) -> Change | None:
    before, change = _below(shop, at), shop.change("choices", at)
    labels: dict[str, dict[str, str]] = {}
    for number, (value, label) in enumerate(before, 1):
        for lang in shop.form.languages:
            typed = _typed(form, f"choice_{number}_{lang}") or ""
            if typed and typed != " ".join(label.get(lang, "").split()):
                labels.setdefault(value, {})[lang] = typed
    hidden = [value for number, (value, _label) in enumerate(before, 1) if not form[f"offer_{number}"].data]
    known = change.told.get("added", ()) if change else ()
    added = named_choices(_lines(shop, form, "more"), known, [value for value, _label in before])
    told = {"labels": labels, "hidden": hidden, "added": added}
    told_apart(shop.form.languages, before, told)
    return Change("choices", at, told) if any(told.values()) or change else None


def _lines(shop: Workshop, form: fields.Sheet, stem: str) -> list[dict[str, str]]:
    """What was typed line by line, in each language: [{language: text}], for lines of the first language."""
    first, *others = sorted(shop.form.languages, key=lambda lang: lang != shop.form.default_language)
    typed = {lang: (form[f"{stem}_{lang}"].data or "").split("\n") for lang in (first, *others)}
    found = []
    for number, text in enumerate(typed[first]):
        if text.strip():
            more = {lang: typed[lang][number].strip() for lang in others if number < len(typed[lang])}
            found.append({first: text.strip(), **{lang: words for lang, words in more.items() if words}})
    return found


# -- place ---------------------------------------------------------------------------------------------------------


@door("/move", "GET", "POST")
def adapt_move(slug: str, operation: str = "", organisation: str = "") -> Any:
    shop, at = workshop(slug, operation, organisation), request.args.get("at", "")
    shop.part(at)
    form = _place_form(shop, at)
    lead = _("“%(question)s” is asked there from now on.", question=shop.label(at))
    desk = _desk(shop, _("Ask it elsewhere"), shop.section_url(at), lead=lead)
    again = _again(shop, lambda now: _place_form(now, at, formdata=None))
    return edit(desk, form, _save(shop, form, lambda: _placed(form, at)), _("The question is moved."), again)


def _place_form(shop: Workshop, at: str, **how: Any) -> fields.Sheet:
    made = _sheet(place=fields.choice(_("Where it is asked"), _("Choose where it is asked.")))
    form = made(data={"version": str(shop.seen)}, **how)
    form.choose(place=list(_places(shop, shop.form.root, at, "")))
    return form


def _places(shop: Workshop, group: Group, at: str, above: str) -> list[tuple[str, str]]:
    """(group and what stands before, words) of every place where a question may go."""
    inside = shop.at(group.path)
    title = " › ".join(filter(None, (above, group.label[shop.lang] or group.name if inside else "")))
    found = []
    if inside:
        found.append((f"{inside}|", _("At the beginning of “%(group)s”", group=title)))
    for part in seen_parts(group):
        here = shop.at(part.path)
        if isinstance(part, Group):
            found += _places(shop, part, at, title)
        elif here != at and inside:
            label = part.label[shop.lang] or part.name
            found.append((f"{inside}|{here}", _("%(group)s: after “%(question)s”", group=title, question=label)))
    return found


def _placed(form: fields.Sheet, at: str) -> Change:
    into, _bar, after = form["place"].data.partition("|")
    return Change("move", at, {"into": into, "after": after})


# -- a question that is added --------------------------------------------------------------------------------------


@door("/add", "GET", "POST")
def adapt_add(slug: str, operation: str = "", organisation: str = "") -> Any:
    """A new question behind another one; with `at`, one that was added here before."""
    shop, at = workshop(slug, operation, organisation), request.args.get("at", "")
    before = shop.change("add", at) if at else None
    if at and before is None:
        raise NotFound()
    told = dict(before.told) if before else {key: request.args.get(key, "") for key in ("into", "after")}
    group = shop.form.groups.get(shop.path(told["into"]))
    if group is None:
        raise NotFound()
    form = _question_form(shop, group, told)
    lead = _("In “%(group)s”.", group=group.label[shop.lang] or shop.title)
    title = _("Change this question") if before else _("Add a question")
    back = shop.url("adapt_question", at=at) if at else shop.section_url(told["after"] or f"{told['into']}/")
    desk = _desk(shop, title, back, "" if before else _("Add this question"), lead)
    done = _("The question is changed.") if before else _("The question is added.")
    again = _again(shop, lambda now: _question_form(now, group, told, formdata=None))
    return edit(desk, form, _save(shop, form, lambda: _asked(shop, form, told, at)), done, again)


def _question_form(shop: Workshop, group: Group, told: Mapping[str, Any], **how: Any) -> fields.Sheet:
    made: dict[str, Any] = {}
    data: dict[str, Any] = {"version": str(shop.seen), "kind": told.get("kind", ""), "required": told.get("required")}
    langs = shop.form.languages
    for stem, label in (("label", _("Question")), ("hint", _("Hint, below the question"))):
        for lang in langs:
            made[f"{stem}_{lang}"] = fields.words(_in(shop, label, lang), LONGEST)
            data[f"{stem}_{lang}"] = told.get(stem, {}).get(lang, "")
    made["kind"] = fields.choice(_("What is answered"), _("Say what is answered."))
    for lang in langs:
        made[f"choices_{lang}"] = fields.paragraph(_in(shop, _("Choices, one a line"), lang), LONGEST)
        data[f"choices_{lang}"] = "\n".join(one["label"].get(lang, "") for one in told.get("choices", ()))
    made["required"] = BooleanField(_("An answer is needed"))
    made["only_if"] = fields.choice(_("Ask it only if"))
    made["level"] = RadioField(_("Who may read the answer"), [InputRequired(_("Say who may read the answer."))])
    purposes = queries.version(shop.preview.base).settings.get("purposes", {})
    if purposes:
        made["purpose"] = fields.choice(_("What the answer serves for"), _("Say what the answer serves for."))
    asked = told.get("only_if") or {}
    data["only_if"] = f"{asked['question']}|{asked['value']}" if asked else ""
    data |= {"level": told.get("level") or _level(shop, group), "purpose": told.get("purpose", "")}
    form = _sheet(**made, groups=_groups(list(made), langs))(data=data, **how)
    form.choose(
        kind=[(code, str(ADDED_KINDS[code])) for code in ADDABLE],
        **({"purpose": [(code, spoken.label(label)) for code, label in purposes.items()]} if purposes else {}),
    )
    form["level"].choices = [(code, _capital(words.readers_of(code))) for code in LEVELS]
    form["only_if"].choices = [("", _("Always ask it")), *_conditions(shop, group)]
    return form


def _groups(names: list[str], langs: Sequence[str]) -> list[tuple[str, list[str]]]:
    choices = [f"choices_{lang}" for lang in langs]
    first = [name for name in names if name.startswith(("label_", "hint_", "kind"))]
    rest = [name for name in names if name not in {*first, *choices}]
    return [("", first), (_("Where one chooses"), choices), (_("Who answers, who reads"), rest)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _level(shop: Workshop, group: Group) -> str:
    """That of the questions around it, at first."""
    known = [one.level for one in group.questions() if one.asked]
    return max(known, default="V2")


def _conditions(shop: Workshop, group: Group) -> list[tuple[str, str]]:
    found = []
    for question, choices in conditions(shop.form, group.path, shop.lang):
        label = question.label[shop.lang] or question.name
        at = shop.at(question.path)
        found += [
            (f"{at}|{value}", _("“%(question)s”: %(choice)s", question=label, choice=words)) for value, words in choices
        ]
    return found


def _asked(shop: Workshop, form: fields.Sheet, told: Mapping[str, Any], at: str) -> Change:
    """Raises Invalid with what is missing."""
    first = shop.form.default_language
    label = {lang: text for lang in shop.form.languages if (text := _typed(form, f"label_{lang}"))}
    kind = form["kind"].data
    choices = named_choices(_lines(shop, form, "choices"), told.get("choices", ())) if kind in CHOICES else []
    _complete(form, {first: label.get(first, "")}, kind, choices)
    asked: dict[str, Any] = {
        "kind": kind,
        "label": label,
        "hint": {lang: text for lang in shop.form.languages if (text := _typed(form, f"hint_{lang}"))},
        "required": bool(form["required"].data),
        "level": form["level"].data,
        "purpose": form["purpose"].data if "purpose" in form else "",
        "into": told["into"],
        "after": told["after"],
    }
    if choices:
        asked["choices"] = choices
    if form["only_if"].data:
        question, _bar, value = form["only_if"].data.rpartition("|")
        asked["only_if"] = {"question": question, "value": value}
    return Change("add", at or _place(shop, told["into"], label[first]), asked)


def _place(shop: Workshop, into: str, label: str) -> str:
    taken = {one.rpartition("/")[2] for one in shop.preview.shown} | {one.name for one in shop.changes}
    name = fresh_name(shop.holder.prefix, label, taken)
    return f"{into}/{name}" if into else name


def _complete(form: fields.Sheet, label: Mapping[str, str], kind: str, choices: Sequence[Any]) -> None:
    (lang, text), wrong = next(iter(label.items())), []
    if not text:
        wrong.append(FieldError(f"label_{lang}", "Write the question."))
    if kind in CHOICES and len(choices) < 2:
        wrong.append(FieldError(f"choices_{lang}", "Write at least two choices, one a line."))
    wrong += alike([(f"choices_{lang}", choice["label"].get(lang, ""), True) for choice in choices])
    if kind in {"text", "paragraph"} and "purpose" in form and _for_the_committee(form):
        message = "What is typed freely is not shown to the committee: choose another purpose, or offer choices."
        wrong.append(FieldError("purpose", message))
    if wrong:
        raise Invalid(wrong)


def _for_the_committee(form: fields.Sheet) -> bool:
    seen = LENSES["commission"]
    return form["level"].data in seen.levels and form["purpose"].data in (seen.purposes or ())
