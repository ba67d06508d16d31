"""XLSForm → XForm XML. The only file that speaks to pyxform.

A form is compiled once, when it is published; what pyxform lets through is then read by our own linter, and every
finding is led back to the sheet, row and column where the author can mend it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.parsers.expat import ExpatError

from lxml.etree import LxmlError
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from forms.blaming import crashed, with_row
from forms.criticism.written import Written
from forms.definition import read
from forms.findings import Finding, FormRefused, cut
from forms.fitting import Choice, with_choices
from forms.headers import without_inner
from forms.lint import lint
from forms.measures import oversized
from forms.places import Places, column_of
from forms.problems import Problem
from forms.refusals import finding_of, remark_of
from forms.screening import screened
from forms.sheets import tables_of
from forms.storing import legal
from forms.workbook import read_book, refuse
from forms.workbook.refusing import too_much
from forms.xform import UnreadableXForm

__all__ = ["NAMESPACE", "Compiled", "Finding", "FormRefused", "compile_xlsform"]

NAMESPACE = 'relais="urn:relais:xlsform:1"'
# What pyxform raises, besides its own errors, on sheets it did not expect.
_CRASHES = (AttributeError, IndexError, KeyError, TypeError, ValueError, ExpatError, RecursionError, AssertionError)
_CRASHES += (LxmlError,)
_NOTHING: Mapping[str, bytes] = {}


@dataclass(frozen=True, slots=True)
class Compiled:
    """The XForm XML, and the warnings that did not stop it."""

    xml: str
    findings: tuple[Finding, ...]


def compile_xlsform(
    source: bytes,
    filename: str,
    lists: Mapping[str, Sequence[Choice]] | None = None,
    media: Mapping[str, bytes] = _NOTHING,
) -> Compiled:
    """Compile and check one XLSForm (.xlsx, .xlsm, .xls, .md, .csv). Raises FormRefused.

    lists: choices that take the place of those of the form, by list name (see `forms.fitting`). media: the files the
    form names (lists, pictures, sounds), by name.
    """
    sheets, found = tables_of(read_book(source, filename))
    _stop(found)
    _refuse_without_survey(sheets, found)
    found.extend(screened(sheets))
    found.extend(oversized(sheets))
    _stop(found)
    fitted = _with_namespace(with_choices(sheets, lists) if lists else sheets, filename)
    xml = _convert(fitted, found)
    found.extend(_linted(xml, fitted, media))
    _stop(found)
    return Compiled(xml, tuple(cut(found)))


def _stop(found: list[Finding]) -> None:
    if any(finding.level == "refused" for finding in found):
        raise FormRefused(tuple(cut(found)))


def _refuse_without_survey(sheets: Mapping[str, Any], found: list[Finding]) -> None:
    if not sheets.get("survey_header", [{}])[0]:
        message = "No survey sheet was found in this file."
        hint = "An XLSForm has a sheet called survey with the columns type, name and label."
        raise FormRefused((Finding("refused", "no_survey", "survey", None, "", message, {}, hint), *cut(found)))


def _first(sheets: Mapping[str, Any]) -> Mapping[str, str]:
    """The settings."""
    return next(filter(None, sheets.get("settings") or ()), {})


def _with_namespace(sheets: dict[str, Any], filename: str) -> dict[str, Any]:
    """pyxform writes ill-formed XML when our columns are used without our namespace."""
    first = dict(_first(sheets))
    if "urn:relais:xlsform:1" not in str(first.get("namespaces", "")):
        first["namespaces"] = f"{first.get('namespaces', '')} {NAMESPACE}".strip()
    header = [dict(row) for row in sheets.get("settings_header") or [{}]]
    header[0].setdefault("namespaces", None)
    stem = legal(filename.rpartition("/")[2].rpartition(".")[0]).strip() or "form"
    return {**sheets, "settings": [first], "settings_header": header, "fallback_form_name": stem}


def _convert(sheets: dict[str, Any], found: list[Finding]) -> str:
    """The XForm; remarks of pyxform are added to `found`."""
    try:
        result = convert(copy.deepcopy(without_inner(sheets)), form_name="data")
    except PyXFormError as error:
        raise FormRefused((with_row(finding_of(str(error)), sheets), *cut(found))) from error
    except MemoryError as full:
        raise too_much() from full
    except _CRASHES as crash:
        raise FormRefused((crashed(crash, sheets), *cut(found))) from crash
    remarks = (remark for remark in map(remark_of, result.warnings) if remark is not None)
    found.extend(with_row(remark, sheets) for remark in remarks)
    return result.xform


def _linted(xml: str, sheets: dict[str, Any], media: Mapping[str, bytes]) -> Iterator[Finding]:
    try:
        form, faults = read(xml, media)
    except UnreadableXForm as fault:
        raise refuse("compiler", "The form cannot be compiled: %(reason)s", reason=str(fault)) from fault
    places = Places(sheets, form.root.path)
    for problem in lint(form, faults, media, _written(sheets)):
        if not (_declared(problem, places) or _elsewhere(problem, places)):
            yield _located(problem, places)
    if not any(question.asked for question in form.questions.values()):
        hint = "Add a row with a type such as text, integer or select_one."
        yield Finding("warning", "asks_nothing", "survey", None, "", "This form asks nothing.", {}, hint)


def _written(sheets: Mapping[str, Any]) -> Written:
    headers = {column_of("choices", header) for header in (sheets.get("choices_header") or [{}])[0]}
    settings = {column_of("settings", header): text for header, text in _first(sheets).items()}
    twins = str(settings.get("allow_choice_duplicates", "")).lower() in {"yes", "true", "true()"}
    return Written(frozenset(headers - {"list_name"}), twins)


def _declared(problem: Problem, places: Places) -> bool:
    """The author has said that a result gives its sources away to nobody."""
    place = places.of(problem.path)
    return problem.code == "laundered_level" and place is not None and place.has("derived")


def _elsewhere(problem: Problem, places: Places) -> bool:
    """A choice of a list beside the form, which has no languages and may have more than a question offers; a question
    that pyxform made, for which its author has no column.
    """
    made = problem.code == "missing_level" and problem.path not in places.found
    return made or (problem.path.startswith("choices/") and places.of(problem.path) is None)


def _located(problem: Problem, places: Places) -> Finding:
    place = places.of(problem.path)
    column = "" if place is None else places.column(place, problem)
    sheet, row = ("", None) if place is None else (place.sheet, place.row)
    return Finding(problem.level, problem.code, sheet, row, column, problem.message, problem.params, problem.hint)
