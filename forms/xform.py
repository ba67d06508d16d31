"""The XForm as XML: find the parts of the document by their names. No meaning here, only reading."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

XF = "{http://www.w3.org/2002/xforms}"
H = "{http://www.w3.org/1999/xhtml}"
JR = "{http://openrosa.org/javarosa}"
RELAIS = "{urn:relais:xlsform:1}"
_LANGUAGE = re.compile(r"\(([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\)\s*\Z")
_CONTROLS = frozenset({"input", "select", "select1", "rank", "range", "trigger", "upload"})


_SCHEME = "jr://"
LAST_SAVED = "jr://instance/last-saved"
LOADED, NEW_ROW = "odk-instance-first-load", "odk-new-repeat"
_CHANGED = "xforms-value-changed"


class UnreadableXForm(Exception):
    """The text is not an XForm."""


@dataclass(frozen=True, slots=True)
class SetValue:
    """When the answer at `source` changes, `target` becomes the worth of the expression `value`."""

    source: str
    target: str
    value: str


@dataclass(slots=True)
class Document:
    """The parts of one XForm, by path. `texts` holds itext: language name → id → form ("", "guidance", or a medium such
    as "image") → element; `sources` says where secondary instances come from: id → `jr://…`.
    """

    title: str
    primary: etree._Element
    secondary: dict[str, etree._Element] = field(default_factory=dict)
    binds: dict[str, etree._Element] = field(default_factory=dict)
    controls: dict[str, etree._Element] = field(default_factory=dict)
    groups: dict[str, etree._Element] = field(default_factory=dict)
    repeats: dict[str, etree._Element] = field(default_factory=dict)
    setvalues: dict[tuple[str, str], str] = field(default_factory=dict)
    changes: list[SetValue] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    texts: dict[str, dict[str, dict[str, etree._Element]]] = field(default_factory=dict)
    default_language: str = ""


def local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def parse_xml(xml: str | bytes) -> etree._Element:
    """Parse without entities, network or document type. Raises UnreadableXForm."""
    source = xml.encode() if isinstance(xml, str) else xml
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(source, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise UnreadableXForm(str(fault)) from fault
    if root.getroottree().docinfo.doctype:
        raise UnreadableXForm("document type")
    return root


def read_document(xml: str) -> Document:
    """Raises UnreadableXForm."""
    html = parse_xml(xml)
    model = html.find(f"{H}head/{XF}model")
    instances = [] if model is None else model.findall(f"{XF}instance")
    if model is None or not instances or not len(instances[0]):
        raise UnreadableXForm("no model")
    document = Document(html.findtext(f"{H}head/{H}title") or "", instances[0][0])
    for instance in instances[1:]:
        document.secondary[instance.get("id", "")] = instance
        if instance.get("src"):
            document.sources[instance.get("id", "")] = instance.get("src", "")
    for bind in model.findall(f"{XF}bind"):
        document.binds[bind.get("nodeset", "")] = bind
    _read_setvalues(html, document)
    _read_texts(model, document)
    _read_body(html.find(f"{H}body"), document)
    return document


def _read_setvalues(html: etree._Element, document: Document) -> None:
    for element in html.iter(f"{XF}setvalue"):
        target, value = element.get("ref", ""), element.get("value") or _quoted(element.text or "")
        for event in element.get("event", "").split():
            if event == _CHANGED:
                parent = element.getparent()
                source = "" if parent is None else parent.get("ref", "")
                document.changes.append(SetValue(source, target, value))
            else:
                document.setvalues[target, event] = value


def _quoted(text: str) -> str:
    """A text as an expression; with both kinds of quotes in it, the straight ones give way."""
    return f'"{text}"' if "'" in text and '"' not in text else "'{}'".format(text.replace("'", "\u2019"))


def _read_texts(model: etree._Element, document: Document) -> None:
    translations = model.findall(f"{XF}itext/{XF}translation")
    for translation in translations:
        language = language_code(translation.get("lang", ""))
        known = document.texts.setdefault(language, {})
        for text in translation.findall(f"{XF}text"):
            values = {value.get("form", ""): value for value in text.findall(f"{XF}value")}
            known[text.get("id", "")] = values
        if translation.get("default") is not None or not document.default_language:
            document.default_language = language


def language_code(name: str) -> str:
    """`Français (fr)` → `fr`; a name without a code stays as it is."""
    found = _LANGUAGE.search(name)
    return found.group(1) if found else name


def _read_body(body: etree._Element | None, document: Document) -> None:
    if body is None:
        return
    for element in body.iter(etree.Element):
        kind = local(element)
        if kind in _CONTROLS:
            document.controls[element.get("ref", "")] = element
        elif kind == "group" and element.get("ref"):
            document.groups[element.get("ref", "")] = element
        elif kind == "repeat":
            document.repeats[element.get("nodeset", "")] = element


def file_name(source: str) -> str:
    """`jr://file-csv/cities.csv`, `jr://images/a.png` → the name of the file; empty for what is no file."""
    return source.rpartition("/")[2] if source.startswith(_SCHEME) and source != LAST_SAVED else ""


def files_of(document: Document) -> tuple[str, ...]:
    """Names of the files that a form needs beside itself: lists, pictures, sounds."""
    values = (
        value.text or ""
        for known in document.texts.values()
        for forms in known.values()
        for form, value in forms.items()
        if form
    )
    names = map(file_name, (*document.sources.values(), *values))
    return tuple(sorted({name for name in names if name}))
