"""From the bind and the control of an XForm to the kind of a question."""

from __future__ import annotations

from lxml import etree

from forms.xform import local

MOVED_LABEL = "generated_table_list_label_"
"""How pyxform calls the note that it makes of the label of a group drawn as a table."""

_BY_TYPE = {
    "int": "integer",
    "integer": "integer",
    "decimal": "decimal",
    "date": "date",
    "time": "time",
    "dateTime": "datetime",
    "geopoint": "geopoint",
    "geotrace": "geotrace",
    "geoshape": "geoshape",
    "barcode": "barcode",
}
_BY_CONTROL = {
    "select1": "select_one",
    "select": "select_multiple",
    "rank": "rank",
    "range": "range",
    "trigger": "acknowledge",
}


def kind_of(bind: etree._Element | None, control: etree._Element | None, answered: bool = False) -> str:
    """One of the kinds listed in `forms.structure.Question`.

    answered: the form writes an answer there by itself. A text that nobody may change is a note, unless it has one.
    """
    attributes = {} if bind is None else bind.attrib
    if control is None:
        return "calculate" if "calculate" in attributes else "hidden"
    found = local(control)
    if found in {"select1", "select"} and "label" in control.get("appearance", "").split():
        return "note"  # only its choices are seen: the head of a table
    if found in _BY_CONTROL:
        return _BY_CONTROL[found]
    if found == "upload":
        return _upload(control)
    found = _typed(attributes.get("type", "string").rpartition(":")[2], attributes, control)
    return "text" if found == "note" and answered else found


def _upload(control: etree._Element) -> str:
    family = control.get("mediatype", "").partition("/")[0]
    return family if family in {"image", "audio", "video"} else "file"


def _typed(type_name: str, attributes: object, control: etree._Element) -> str:
    if type_name in _BY_TYPE:
        return _BY_TYPE[type_name]
    if attributes.get("readonly") == "true()" and "calculate" not in attributes:  # type: ignore[attr-defined]
        return "note"
    return "multiline" if "multiline" in control.get("appearance", "").split() else "text"
