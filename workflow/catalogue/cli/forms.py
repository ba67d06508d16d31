"""Doors: relais form check, fill, eval, paper. They need no installation: only the engine and a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from documents.questionnaire.cover import Cover
from forms.definition import BrokenForm
from forms.evaluating import UnreadableAnswers, answers_from_json, described, evaluate_xml
from forms.evaluating import fill as fill_in
from forms.expressions import ExpressionError
from forms.findings import Finding, FormRefused
from forms.growing import UnknownPath
from forms.instance import Instance, RowLimit
from forms.paper import questionnaire
from forms.storing import UnreadableInstance
from forms.structure import Form
from forms.xform import UnreadableXForm
from forms.xlsform import compile_xlsform
from workflow.catalogue.cli.reading import UNREADABLE, content, form_of
from workflow.catalogue.cli.speaking import (
    FILE,
    SPOKEN,
    Translate,
    always_json,
    as_of,
    in_language,
    instant_of,
    printed_json,
    sentence,
    stop,
    translator,
)
from workflow.catalogue.rules import Beside
from workflow.web.press import NotPrinted, printed


@click.group()
def form() -> None:
    """Forms: check them, fill them, print them, try an expression."""


# -- check --------------------------------------------------------------------------------------------------------


@form.command()
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True)
@in_language
def check(file: Path, as_json: bool, lang: str) -> None:
    """Compile and lint an XLSForm. 0 with warnings, 1 when refused, 2 when the file cannot be read.

    Lists, pictures and sounds that the form names are looked for beside it.
    """
    say = translator(lang)
    try:
        found, code = _checked(file)
    except OSError as fault:
        stop(say("%(file)s cannot be read: %(reason)s") % {"file": file.name, "reason": fault.strerror}, 2)
    if as_json:
        click.echo(json.dumps({"ok": code == 0, "findings": [_told(one, say) for one in found]}, ensure_ascii=False))
    else:
        for one in sorted(found, key=lambda finding: finding.level):
            click.echo(_line(one, say))
        click.echo(_summary(found, code, say))
    raise SystemExit(code)


def _checked(file: Path) -> tuple[tuple[Finding, ...], int]:
    try:
        return compile_xlsform(content(file), file.name, media=Beside(file.parent)).findings, 0
    except FormRefused as refused:
        unreadable = any(finding.code in UNREADABLE for finding in refused.findings)
        return refused.findings, 2 if unreadable else 1


def _told(found: Finding, say: Translate) -> dict[str, Any]:
    place = {"sheet": found.sheet, "row": found.row, "column": found.column}
    words = {"message": sentence(say, found.message, found.params), "hint": sentence(say, found.hint, found.params)}
    return {"level": found.level, "code": found.code, **place, **words}


def _line(found: Finding, say: Translate) -> str:
    """One finding as a sentence: level, sheet, row, column, what is wrong, what to do."""
    place = [(say("sheet %(value)s"), found.sheet), (say("row %(value)s"), found.row)]
    place.append((say("column %(value)s"), found.column))
    where = ", ".join(words % {"value": value} for words, value in place if value)
    level = say("refused") if found.level == "refused" else say("warning")
    told = _told(found, say)
    start = f"{level} – {where}" if where else level
    return say("%(start)s: %(message)s") % {"start": start, "message": f"{told['message']} {told['hint']}".strip()}


def _summary(found: tuple[Finding, ...], code: int, say: Translate) -> str:
    if code:
        return say("This form cannot be used yet.")
    if found:
        return say("This form can be used. Remarks: %(count)s.") % {"count": len(found)}
    return say("This form can be used. No remark.")


# -- fill and eval ------------------------------------------------------------------------------------------------


@form.command()
@click.argument("file", type=FILE)
@click.argument("answers", type=FILE)
@as_of
@always_json
@in_language
def fill(file: Path, answers: Path, now: str | None, lang: str) -> None:
    """Evaluate a form over answers: values, relevance, obligation, errors as JSON. 0 whenever it could evaluate.

    Lists in other files are read beside FILE, or in the folder media beside it.
    """
    say = translator(lang)
    instant = instant_of(now, say)
    asked = _form(file, say)
    with _taken_from(answers, say):
        told = fill_in(asked, answers_from_json(answers.read_bytes()), instant, lang)
    for error in told["errors"]:
        message = sentence(say, error["message"], error.pop("params"))
        error["message"] = error.pop("custom") or message
    printed_json(told)


# An expression may begin with a minus sign: what is no option of ours is an argument.
@form.command("eval", context_settings={"ignore_unknown_options": True})
@click.argument("expression", type=click.UNPROCESSED)
@click.option("--instance", type=FILE, required=True, help="The answers, as XForm instance XML.")
@click.option("--context", "path", help="Path of the node at which the expression stands.")
@as_of
@always_json
@in_language
def evaluate(expression: str, instance: Path, path: str | None, now: str | None, lang: str) -> None:
    """Evaluate one expression over an instance: {"type": …, "value": …}. 1 when it cannot be evaluated."""
    say = translator(lang)
    try:
        value = evaluate_xml(expression, instance.read_text("utf-8"), instant_of(now, say), path)
    except ExpressionError as fault:
        stop(sentence(say, fault.message, fault.params), 1)
    except UnknownPath as fault:
        stop(say("There is nothing at %(path)s.") % {"path": fault.args[0]}, 1)
    except (OSError, UnicodeDecodeError, UnreadableInstance) as fault:
        stop(say("%(file)s cannot be read: %(reason)s") % {"file": instance.name, "reason": fault}, 2)
    kind, plain = described(value)
    printed_json({"type": kind, "value": plain})


# -- paper --------------------------------------------------------------------------------------------------------


@form.command()
@click.argument("file", type=FILE)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--lang", help="Language of the paper, one of those of the form; its own when there is no other.")
@click.option("--large", is_flag=True, help="Large print, 16 points.")
@click.option("--answers", type=FILE, help="Answers known already, as for `form fill`.")
@click.option("--reference", default="", help="Reference of the file it belongs to.")
@as_of
def paper(
    file: Path, out: Path, *, lang: str | None, large: bool, answers: Path | None, reference: str, now: str | None
) -> None:
    """Print a form to be filled with a pen: a numbered, tagged PDF. 1 when refused, 2 when a file cannot be read."""
    say = translator(lang if lang in SPOKEN else SPOKEN[0])
    instant, asked, filled = instant_of(now, say), _form(file, say), None
    if lang and lang not in asked.languages:
        known = ", ".join(asked.languages)
        stop(say("This form does not speak %(lang)s. It speaks %(known)s.") % {"lang": lang, "known": known}, 2)
    if answers:
        with _taken_from(answers, say):
            filled = Instance.from_answers(asked, answers_from_json(answers.read_bytes()), instant)
    sheet = questionnaire(asked, lang or asked.default_language, filled)
    try:
        out.write_bytes(printed(sheet, Cover(reference=reference), instant.today, large=large))
    except NotPrinted as fault:
        stop(say("This form could not be printed: %(reason)s") % {"reason": fault}, 1)
    except OSError as fault:
        stop(say("%(file)s cannot be written: %(reason)s") % {"file": out.name, "reason": fault.strerror}, 2)


@contextmanager
def _taken_from(answers: Path, say: Translate) -> Iterator[None]:
    """Ends the command when the answers in that file cannot be taken: 2 unreadable, 1 when they do not fit."""
    try:
        yield
    except UnreadableAnswers as fault:
        reason = sentence(say, fault.message, fault.params)
        stop(say("%(file)s cannot be read: %(reason)s") % {"file": answers.name, "reason": reason}, 2)
    except OSError as fault:
        stop(say("%(file)s cannot be read: %(reason)s") % {"file": answers.name, "reason": fault}, 2)
    except RowLimit as fault:
        stop(sentence(say, fault.message, fault.params), 1)
    except UnknownPath as fault:
        stop(say("The answers do not have the shape of the form: %(reason)s") % {"reason": fault.args[0]}, 1)


def _form(file: Path, say: Translate) -> Form:
    """The form of an XLSForm, or of the XForm XML it was compiled to."""
    try:
        return form_of(file)
    except FormRefused as refused:
        lines = [_line(finding, say) for finding in refused.findings if finding.level == "refused"]
        stop("\n".join(lines), 2 if any(finding.code in UNREADABLE for finding in refused.findings) else 1)
    except (OSError, UnicodeDecodeError, UnreadableXForm, BrokenForm) as fault:
        stop(say("%(file)s cannot be read: %(reason)s") % {"file": file.name, "reason": fault}, 2)
