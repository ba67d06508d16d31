"""XLSForm → XForm XML. The only file that speaks to pyxform.

A form is compiled once, when it is published; what pyxform lets through is then read by our own linter, and every
finding is led back to the sheet, row and column where the author can mend it.
"""

from __future__ import annotations

import copy
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile

from lxml.etree import LxmlError
from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import DefinitionData, get_xlsform
from pyxform.xls2xform import convert
from xlrd import XLRDError

from forms.definition import read
from forms.findings import Finding, FormRefused
from forms.fitting import Choice, with_choices
from forms.lint import Problem, lint
from forms.refusals import finding_of
from forms.sheets import Place, places, slips
from forms.workbook import markdown_text, refuse, suffix_of, unreadable
from forms.xform import UnreadableXForm

__all__ = ["NAMESPACE", "Compiled", "Finding", "FormRefused", "compile_xlsform"]

NAMESPACE = 'relais="urn:relais:xlsform:1"'
# What pyxform and the readers below it raise, besides their own errors, on a workbook they did not expect.
_CRASHES = (AttributeError, IndexError, KeyError, TypeError, ValueError, ExpatError, RecursionError, AssertionError)
_CRASHES += (OSError, EOFError, struct.error, zlib.error, BadZipFile, LxmlError, XLRDError)


@dataclass(frozen=True, slots=True)
class Compiled:
    """The XForm XML, and the warnings that did not stop it."""

    xml: str
    findings: tuple[Finding, ...]


def compile_xlsform(source: bytes, filename: str, lists: Mapping[str, Sequence[Choice]] | None = None) -> Compiled:
    """Compile and check one XLSForm (.xlsx, .xls, .md). Raises FormRefused.

    lists: choices that take the place of those of the form, by list name (see `forms.fitting`).
    """
    read_sheets = _sheets(source, filename)
    sheets = _with_namespace(with_choices(read_sheets, lists) if lists else read_sheets, filename)
    found = [finding for name in ("survey", "choices", "settings") for finding in slips(name, sheets.get(name) or ())]
    if any(finding.level == "refused" for finding in found):
        raise FormRefused(tuple(found))
    xml = _convert(sheets)
    found.extend(_linted(xml, sheets))
    if any(finding.level == "refused" for finding in found):
        raise FormRefused(tuple(found))
    return Compiled(xml, tuple(found))


def _sheets(source: bytes, filename: str) -> dict[str, Any]:
    suffix = suffix_of(source, filename)
    material: bytes = markdown_text(source).encode() if suffix == ".md" else source
    try:
        data = get_xlsform(material, file_type=suffix)
    except PyXFormError as error:
        finding = finding_of(str(error))
        raise (FormRefused((finding,)) if suffix == ".md" or finding.code != "no_survey" else unreadable()) from error
    except _CRASHES as crash:
        raise unreadable() from crash
    return asdict(data) if isinstance(data, DefinitionData) else dict(data)


def _with_namespace(sheets: dict[str, Any], filename: str) -> dict[str, Any]:
    """pyxform writes ill-formed XML when our columns are used without our namespace."""
    settings = [dict(row) for row in sheets.get("settings") or [{}]]
    first = settings[0]
    if "urn:relais:xlsform:1" not in str(first.get("namespaces", "")):
        first["namespaces"] = f"{first.get('namespaces', '')} {NAMESPACE}".strip()
    header = [dict(row) for row in sheets.get("settings_header") or [{}]]
    header[0].setdefault("namespaces", None)
    stem = filename.rpartition("/")[2].rpartition(".")[0] or "form"
    return {**sheets, "settings": settings, "settings_header": header, "fallback_form_name": stem}


def _convert(sheets: dict[str, Any]) -> str:
    try:
        return convert(copy.deepcopy(sheets), form_name="data").xform
    except PyXFormError as error:
        raise FormRefused((_with_row(finding_of(str(error)), sheets),)) from error
    except _CRASHES as crash:
        raise refuse("compiler", "The form cannot be compiled: %(reason)s", reason=str(crash)) from crash


def _with_row(finding: Finding, sheets: dict[str, Any]) -> Finding:
    """Some sentences of pyxform quote a value without saying where: its first row in that column is where to mend."""
    value = finding.params.get("value")
    if finding.row is not None or not value or not finding.column:
        return finding
    for number, row in enumerate(sheets.get(finding.sheet) or (), 2):
        if str(row.get(finding.column, "")).strip() == value:
            return replace(finding, row=number)
    return finding


def _linted(xml: str, sheets: dict[str, Any]) -> Iterator[Finding]:
    try:
        form, faults = read(xml)
    except UnreadableXForm as fault:
        raise refuse("compiler", "The form cannot be compiled: %(reason)s", reason=str(fault)) from fault
    where = places(sheets.get("survey") or (), form.root.path)
    for problem in lint(form, faults):
        yield _located(problem, where.get(problem.path))


def _located(problem: Problem, place: Place | None) -> Finding:
    column = "" if place is None else place.column(problem.aspect, problem.lang)
    return Finding(
        problem.level,
        problem.code,
        "survey" if place else "",
        place.row if place else None,
        column,
        problem.message,
        problem.params,
        problem.hint,
    )
