"""Texts of a form in all its languages, and the lists of choices that carry them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from lxml import etree

from forms.expressions.nodes import Call, Expression, Path, Text
from forms.structure import NOTHING, Choice, Formula, Wording
from forms.tree import Node
from forms.xform import JR, XF, Document, file_name, local

_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
_ITEXT = re.compile(r"jr:itext\('([^']*)'\)\s*\Z")
# pyxform writes a hyphen where a translation is missing.
_MISSING = "-"
MEDIA = ("image", "big-image", "audio", "video")
# What pyxform itself writes for `or_other`, in English whatever the languages of the form.
OTHER, SPECIFY = "Other", "Specify other."
_GENERATED: Mapping[str, Mapping[str, str]] = {
    OTHER: {"fr": "Autre", "en": "Other"},
    SPECIFY: {"fr": "Précisez", "en": "Please specify"},
}
MakeFormula = Callable[[str | None, str, str], Formula | None]


class Wordings:
    """Finds the wording of labels, hints and messages; outputs inside them become formulas."""

    def __init__(self, document: Document, formula: MakeFormula) -> None:
        self.texts = document.texts
        self.formula = formula
        self.languages = tuple(document.texts) or ("default",)
        self.default = document.default_language or self.languages[0]

    def label(self, control: etree._Element, path: str) -> Wording:
        return self.of_element(control.find(f"{XF}label"), path)

    def hint(self, control: etree._Element, path: str) -> Wording:
        return self.of_element(control.find(f"{XF}hint"), path)

    def guidance(self, control: etree._Element, path: str) -> Wording:
        element = control.find(f"{XF}hint")
        found = None if element is None else _ITEXT.match(element.get("ref", ""))
        return self.of_id(found.group(1), path, "guidance") if found else NOTHING

    def message(self, bind: etree._Element | None, name: str, path: str) -> Wording:
        text = "" if bind is None else bind.get(f"{JR}{name}", "")
        found = _ITEXT.match(text)
        if found:
            return self.of_id(found.group(1), path)
        return Wording({self.default: (text,)}, self.default) if text else NOTHING

    def of_element(self, element: etree._Element | None, path: str) -> Wording:
        if element is None:
            return NOTHING
        found = _ITEXT.match(element.get("ref", ""))
        if found:
            return self.of_id(found.group(1), path)
        parts = self.parts(element, path)
        return Wording({self.default: parts}, self.default) if parts else NOTHING

    def media(self, control: etree._Element, path: str) -> Mapping[str, Wording]:
        """The files shown with a question, by medium."""
        element = control.find(f"{XF}label")
        found = None if element is None else _ITEXT.match(element.get("ref", ""))
        return self.media_of_id(found.group(1)) if found else {}

    def media_of_id(self, name: str) -> Mapping[str, Wording]:
        found = {}
        for medium in MEDIA:
            elements = {language: known.get(name, {}).get(medium) for language, known in self.texts.items()}
            names = {language: file_name(one.text or "") for language, one in elements.items() if one is not None}
            texts = {language: (file,) for language, file in names.items() if file}
            if texts:
                found[medium] = Wording(texts, self.default)
        return found

    def generated(self, text: str) -> Wording:
        """What pyxform wrote in English only, in each language of the form that is known here."""
        known = _GENERATED[text]
        return Wording({language: (known.get(language, text),) for language in self.languages}, self.default)

    def of_id(self, name: str, path: str, form: str = "") -> Wording:
        texts: dict[str, tuple[str | Formula, ...]] = {}
        for language, known in self.texts.items():
            element = known.get(name, {}).get(form)
            parts = () if element is None else self.parts(element, path)
            if parts and parts != (_MISSING,):
                texts[language] = parts
        return Wording(texts, self.default) if texts else NOTHING

    def by_id(self) -> Mapping[str, Wording]:
        names = {name for known in self.texts.values() for name in known}
        return {name: self.of_id(name, "") for name in sorted(names)}

    def parts(self, element: etree._Element, path: str) -> tuple[str | Formula, ...]:
        found: list[str | Formula] = [element.text or ""]
        for output in element:
            if local(output) == "output":
                found.append(self.formula(output.get("value"), path, "label") or "")
            found.append(output.tail or "")
        found = [part for part in found if part]
        if found and isinstance(found[0], str):
            found[0] = found[0].lstrip()
        if found and isinstance(found[-1], str):
            found[-1] = found[-1].rstrip()
        return tuple(typographic(part) if isinstance(part, str) else part for part in found if part)


def typographic(text: str) -> str:
    """The apostrophe of words, which pyxform turns into the straight one: L'occupation → L’occupation."""
    return _APOSTROPHE.sub("\u2019", text)


def tree_of(instance: Iterable[etree._Element]) -> Node:
    """A secondary instance as a tree; `instance('x')` is its outer node, `/root/item` stands below."""
    outer = Node("instance", None, "")
    for child in instance:
        outer.append(_branch(child, outer))
    return outer


def _branch(element: etree._Element, parent: Node) -> Node:
    node = Node(local(element), parent, "", text="" if len(element) else (element.text or "").strip())
    for child in element:
        node.append(_branch(child, node))
    return node


def choice_of(item: Node, value: str, label: str, wordings: Wordings) -> Choice:
    """One item of a list; `value` and `label` name its columns."""
    columns = {child.name: child.text for child in item}
    named = "itextId" in label
    text = columns.get("itextId", "") if named else ""
    plain = typographic(columns.get("label" if named else label, ""))
    wording = wordings.of_id(text, "") if text else Wording({wordings.default: (plain,)}, wordings.default)
    if columns.get(value) == "other" and {wording[lang] for lang in wording} == {OTHER}:
        wording = wordings.generated(OTHER)
    further = {name: text for name, text in columns.items() if name not in {"itextId", value, label}}
    return Choice(columns.get(value, ""), wording, further, wordings.media_of_id(text) if text else {})


def instance_name(tree: Expression) -> str | None:
    """The list that an itemset draws from; none when it draws from the answers themselves."""
    if isinstance(tree, Call) and tree.name == "randomize" and tree.arguments:
        return instance_name(tree.arguments[0])
    base = tree.base if isinstance(tree, Path) else None
    if isinstance(base, Call) and base.name == "instance" and isinstance(base.arguments[0], Text):
        return base.arguments[0].value
    return None
