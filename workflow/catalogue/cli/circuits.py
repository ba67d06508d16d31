"""Doors: relais circuit check, simulate. They need no installation: only the engine and files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import yaml

from forms.definition import BrokenForm
from forms.expressions import ExpressionError
from forms.findings import FormRefused
from forms.growing import UnknownPath
from forms.instance import RowLimit
from forms.structure import Form
from forms.xform import UnreadableXForm
from workflow.catalogue.cli.conditions import findings, holding
from workflow.catalogue.cli.naming import UNCOMPARED, of_operations, of_the_house, of_the_procedure
from workflow.catalogue.cli.reading import form_near, form_of
from workflow.catalogue.cli.speaking import FILE, Translate, in_language, printed_json, sentence, stop, translator
from workflow.circuit.definition import Circuit, CircuitRefused, Finding, check, load
from workflow.circuit.reading import place_of, read
from workflow.circuit.simulate import ScenarioRefused, play, straight

MAX_BYTES = 1_000_000
with_form = click.option("--form", "form_file", type=FILE, help="The form it goes with; the one beside it otherwise.")
with_operation = click.option(
    "--operation", type=FILE, help="The operation whose committees, groups and organisations it may name."
)
as_json = click.option("--json", "as_json", is_flag=True)


@click.group()
def circuit() -> None:
    """Circuits: check them, play them through."""


# -- check --------------------------------------------------------------------------------------------------------


@circuit.command("check")
@click.argument("file", type=FILE)
@with_form
@with_operation
@as_json
@in_language
def check_file(file: Path, form_file: Path | None, operation: Path | None, as_json: bool, lang: str) -> None:
    """Read a circuit and say what is wrong: line, column, sentence. 0 with remarks, 1 when refused, 2 when unreadable.

    Questions, sections and conditions are compared with the form, roles and views with those there are, relations with
    the procedure beside it, committees and organisations with those of an operation; what was not compared is said.
    """
    say = translator(lang)
    text, names = _text(file, say), _names(file, _form(file, form_file, say), operation, say)
    found, refused = _found(text, names)
    left_out = [say(words) for kind, words in UNCOMPARED.items() if kind not in names]
    if as_json:
        printed_json({"ok": not refused, "findings": _told(found, say), "not_compared": left_out})
    else:
        for words in (*(_line(one, say) for one in found), *left_out, _summary(len(found), refused, say)):
            click.echo(words)
    raise SystemExit(1 if refused else 0)


def _names(file: Path, form: Form | None, operation: Path | None, say: Translate) -> dict[str, Any]:
    """All names that can be compared, as `check` takes them."""
    of_form = {"form_paths": form.questions, "sections": [one.name for one in form.sections]} if form else {}
    try:
        return of_form | of_the_house() | of_the_procedure(file) | of_operations(file, operation)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        stop(_unreadable(operation or file.with_name("procedure.yaml"), " ".join(str(fault).split()), say), 2)


def _found(text: str, names: Mapping[str, Any]) -> tuple[list[Finding], bool]:
    """Every remark in the order of the file, and whether one of them is a refusal."""
    try:
        loaded = load(text)
    except CircuitRefused as refused:
        return sorted(refused.findings, key=_where), True
    found = sorted((*check(loaded, **names), *findings(loaded)), key=_where)
    return found, any(one.level == "error" for one in found)


def _where(one: Finding) -> tuple[int, int]:
    return one.line or 0, one.column or 0


def _place(one: Finding) -> dict[str, Any]:
    return {"level": one.level, "code": one.code, "where": one.where, "line": one.line, "column": one.column}


def _told(found: Sequence[Finding], say: Translate) -> list[dict[str, Any]]:
    return [{**_place(one), "message": sentence(say, one.message, one.params)} for one in found]


def _line(one: Finding, say: Translate) -> str:
    level = say("refused") if one.level == "error" else say("warning")
    place = say("line %(line)s, column %(column)s") % {"line": one.line or 1, "column": one.column or 1}
    words = sentence(say, one.message, one.params)
    return say("%(start)s: %(message)s") % {"start": f"{level} – {place}", "message": words}


def _summary(count: int, refused: bool, say: Translate) -> str:
    if refused:
        return say("This circuit cannot be used yet.")
    if count:
        return say("This circuit can be used. Remarks: %(count)s.") % {"count": count}
    return say("This circuit can be used. No remark.")


# -- simulate -----------------------------------------------------------------------------------------------------


@circuit.command()
@click.argument("file", type=FILE)
@click.argument("scenarios", type=FILE, nargs=-1)
@with_form
@as_json
@in_language
def simulate(file: Path, scenarios: tuple[Path, ...], form_file: Path | None, as_json: bool, lang: str) -> None:
    """Play scenario files and print the course; without any, the straight path with invented people. A circuit that
    `check` refuses is not played: its mistakes are said.

    0 when all goes as expected, 1 when something differs, 2 when a file cannot be read. Conditions are judged over the
    answers of the scenario, by the rules of the form where there is one.
    """
    say = translator(lang)
    text, asked = _text(file, say), _form(file, form_file, say)
    found, refused = _found(text, _names(file, asked, None, say))
    if refused and as_json:
        printed_json({"ok": False, "findings": _told(found, say)})
        raise SystemExit(1)
    if refused:
        stop("\n".join(_line(one, say) for one in found), 1)
    loaded = load(text)
    played = {one.name: _played(loaded, one, asked, say) for one in scenarios}
    played = played or {say("the straight path"): straight(loaded)}
    if as_json:
        printed_json(next(iter(played.values())) if len(played) == 1 else {"scenarios": played})
    else:
        for name, told in played.items():
            _print_course(name, told, say)
    raise SystemExit(1 if any(told["differs"] for told in played.values()) else 0)


def _played(loaded: Circuit, file: Path, form: Form | None, say: Translate) -> dict[str, Any]:
    try:
        told, places = read(_text(file, say))
    except CircuitRefused as refused:  # no circuit, but written in the same way
        stop(_unreadable(file, "; ".join(_line(one, say) for one in refused.findings), say), 2)
    try:
        return play(loaded, told, holding(form))
    except ScenarioRefused as fault:
        place = dict(zip(("line", "column"), place_of(places, fault.where), strict=True))
        stop(_unreadable(file, f"{say('line %(line)s, column %(column)s') % place}, {fault}", say), 2)
    except (UnknownPath, RowLimit) as fault:
        stop(_unreadable(file, str(fault), say), 2)
    except ExpressionError as fault:
        stop(_unreadable(file, sentence(say, fault.message, fault.params), say), 1)


def _print_course(name: str, told: Mapping[str, Any], say: Translate) -> None:
    heads = [say("when"), say("who"), say("does"), say("at the step"), say("then waits at")]
    rows = [_row(line, say) for line in told["course"]]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    click.echo(name)
    for row in (heads, ["-" * width for width in widths], *rows):
        click.echo("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    end = {"phase": told["phase"], "open": ", ".join(told["open"]) or "–"}
    click.echo("  " + say("ends: %(phase)s; still open: %(open)s") % end)
    for one in told["differs"]:
        click.echo("  " + say("differs at %(where)s: expected %(expected)s, found %(found)s") % _plain(one))


def _row(line: Mapping[str, Any], say: Translate) -> list[str]:
    refused = say("refused: %(code)s") % {"code": line["refused"]} if line["refused"] else ""
    after = ", ".join(line["open"]) or line["phase"]
    return [line["at"][:16].replace("T", " "), line["by"] or "", line["do"], line["step"] or "", refused or after]


def _plain(one: Mapping[str, Any]) -> dict[str, str]:
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in one.items()}


# -- files --------------------------------------------------------------------------------------------------------


def _text(file: Path, say: Translate) -> str:
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            stop(_unreadable(file, say("it is too large"), say), 2)
        return content.decode("utf-8")
    except OSError as fault:
        stop(_unreadable(file, fault.strerror, say), 2)
    except UnicodeDecodeError:
        stop(_unreadable(file, say("it is not a text in UTF-8"), say), 2)


def _form(file: Path, given: Path | None, say: Translate) -> Form | None:
    """The form to compare with; None when there is none. One that cannot be used ends the command when it was named."""
    found = given or form_near(file)
    if found is None:
        return None
    try:
        return form_of(found)
    except (OSError, UnicodeDecodeError, UnreadableXForm, BrokenForm, FormRefused) as fault:
        reason = say("This form cannot be used yet.") if isinstance(fault, FormRefused) else fault
        words = _unreadable(found, reason, say)
        if given:
            stop(words, 2)
        click.echo(words, err=True)
        return None


def _unreadable(file: Path, reason: object, say: Translate) -> str:
    return say("%(file)s cannot be read: %(reason)s") % {"file": file.name, "reason": reason}
