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


class UnreadableXForm(Exception):
    """The text is not an XForm."""


@dataclass(slots=True)
class Document:
    """The parts of one XForm, by path. `texts` holds itext: language name → id → form ("" or "guidance") → element."""

    title: str
    primary: etree._Element
    secondary: dict[str, etree._Element] = field(default_factory=dict)
    binds: dict[str, etree._Element] = field(default_factory=dict)
    controls: dict[str, etree._Element] = field(default_factory=dict)
    groups: dict[str, etree._Element] = field(default_factory=dict)
    repeats: dict[str, etree._Element] = field(default_factory=dict)
    setvalues: dict[tuple[str, str], str] = field(default_factory=dict)
    texts: dict[str, dict[str, dict[str, etree._Element]]] = field(default_factory=dict)
    default_language: str = ""


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


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
    for bind in model.findall(f"{XF}bind"):
        document.binds[bind.get("nodeset", "")] = bind
    _read_setvalues(html, document)
    _read_texts(model, document)
    _read_body(html.find(f"{H}body"), document)
    return document


def _read_setvalues(html: etree._Element, document: Document) -> None:
    for element in html.iter(f"{XF}setvalue"):
        value = element.get("value") or (f"'{element.text}'" if element.text else "''")
        for event in element.get("event", "").split():
            document.setvalues[element.get("ref", ""), event] = value


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
