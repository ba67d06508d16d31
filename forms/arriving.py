"""Answers that arrive whole: what their envelope says, what of them may be written, what was found wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from forms.checking import AnswerError
from forms.growing import addressed
from forms.instance import Instance
from forms.storing import UnreadableInstance, read_xml
from forms.structure import Form, Group, Question, Repeat
from forms.upload_fields import KINDS
from forms.xform import UnreadableXForm, local, parse_xml

LARGEST = 2 * 1024 * 1024  # bytes of one instance: a thousand answers of two thousand characters
LONGEST_NAME = 100
REFERENCE, QUESTION = "reference", "relais_reference"
"""Where an instance names its dossier: `meta/reference`, or a question of that name anywhere in the form."""

FILE_MISSING = "This file has not arrived yet."


@dataclass(frozen=True, slots=True)
class Envelope:
    """What an instance says of itself before anybody knows its form. Empty texts where it says nothing."""

    form_id: str
    version: str
    instance_id: str
    deprecated_id: str
    reference: str


def envelope(xml: bytes | str) -> Envelope:
    """Read the outside of an instance. Raises UnreadableInstance: too large, no XML, with entities, too deep."""
    if len(xml) > LARGEST:
        raise UnreadableInstance("too large")
    try:
        root = parse_xml(xml)
    except UnreadableXForm as fault:
        raise UnreadableInstance(str(fault)) from fault
    meta = {
        local(part): (part.text or "").strip()
        for block in root
        if isinstance(block.tag, str) and local(block) == "meta"
        for part in block
        if isinstance(part.tag, str)
    }
    told = Envelope(
        root.get("id") or etree.QName(root).namespace or "",
        root.get("version") or "",
        meta.get("instanceID", ""),
        meta.get("deprecatedID", ""),
        meta.get(REFERENCE, "") or _asked(root),
    )
    if any(len(part) > LONGEST_NAME for part in (told.instance_id, told.deprecated_id, told.reference)):
        raise UnreadableInstance("a name is too long")
    return told


def _asked(root: etree._Element) -> str:
    found = next((part for part in root.iter("{*}" + QUESTION) if part.text), None)
    return (found.text or "").strip() if found is not None else ""


Before = Mapping[str, str]
"""Answers as they stood, by path with row numbers."""


def before_of(form: Form, xml: str) -> Before:
    """The answers of a stored instance as they stand in it, without building its tree or running any rule."""
    found: dict[str, str] = {}
    _gather(form, parse_xml(xml), form.root.path, form.root.path, found)
    return found


def _gather(form: Form, element: etree._Element, path: str, named: str, found: dict[str, str]) -> None:
    """path: of the form; named: the same with row numbers."""
    rows: dict[str, int] = {}
    for child in element:
        name = child.tag
        below, here = f"{path}/{name}", f"{named}/{name}"
        if below in form.questions:
            found[here] = child.text or ""
        elif below in form.groups:
            if isinstance(form.groups[below], Repeat):
                rows[name] = rows.get(name, 0) + 1
                here = f"{here}[{rows[name]}]"
            _gather(form, child, below, here, found)


def strangers(form: Form, xml: str) -> list[tuple[str, str]]:
    """(name, text) of everything filled in that the form has no place for: nobody reads it as an answer."""
    root = parse_xml(xml)
    parts = {part.name: part for part in form.root.children}
    own = (one for one in root if local(one) != "meta")
    return [told for one in own for told in _strange(parts.get(local(one)), one)]


def _strange(part: Group | Question | None, element: etree._Element) -> Iterator[tuple[str, str]]:
    if isinstance(part, Question) or local(element) == QUESTION:
        return
    if part is None and not len(element):
        text = (element.text or "").strip()
        yield from [(local(element), text)] if text else []
        return
    known = {child.name: child for child in part.children} if part else {}
    for child in element:
        yield from _strange(known.get(local(child)), child)


def keep_what_stood(instance: Instance, before: Before, kept: Collection[str]) -> None:
    """Put back what whoever sent this may not answer: the questions at the form paths in `kept`. To be called before
    anything of the instance is read.
    """
    if not kept:
        return
    for path, node, question in addressed(instance.root, instance.form):
        if question.path in kept and path in before:
            node.text = before[path]


def keep_pages(instance: Instance, xml: str, closed: Iterable[str]) -> None:
    """Put whole pages back as they stood, by their names. To be called before anything of the instance is read."""
    names = set(closed)
    if not names:
        return
    root, _identity = read_xml(instance.form, xml, None)
    for name in names & root.children.keys():
        for node in root.children[name]:
            node.parent = instance.root
        instance.root.children[name] = root.children[name]
    instance.engine.forget_places()


def awaited(instance: Instance, kept: Callable[[str], bool]) -> dict[str, str]:
    """{path: name} of the files that answers name and that are not here; `kept` knows the names of those that are."""
    return {
        path: node.text
        for path, node, question in instance.leaves()
        if question.kind in KINDS and node.text and not kept(node.text)
    }


def found_in(instance: Instance, missing: Iterable[str] = ()) -> list[AnswerError]:
    """Everything wrong with these answers, the files that are still missing included."""
    return [*instance.errors(), *(AnswerError(path, "file", FILE_MISSING) for path in missing)]
