"""French is complete: every sentence a page, a mail, a command or an engine may say has its French words."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from documents.verification import MESSAGES as VERDICTS
from forms import checking, counting, externals, growing, listing, reasons
from workflow.circuit.offers import CONSEQUENCES
from workflow.circuit.refusals import MESSAGES as REFUSALS
from workflow.dossiers import rules
from workflow.exchange.rules import beginning, overview
from workflow.exchange.rules.importing import refusals
from workflow.exchange.rules.importing.columns import BY_NAME
from workflow.operations import rules as operations
from workflow.people.rules import passwords, periods
from workflow.people.rules import words as people
from workflow.signing.rules import channels, words
from workflow.writing.rules import asking, dating, hindering, rows

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "templates/translations/fr/LC_MESSAGES/messages.po"
METHODS = [("workflow/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/emails/**.txt", "jinja2")]
ENGINES = (counting, externals, growing, listing, reasons)
TABLES = (
    *(rules, beginning, overview, refusals, operations, passwords, periods, people),
    *(asking, dating, hindering, rows, channels, words),
)
PROBLEMS = ("Refused", "Invalid", "Moved", "NotFound", "Forbidden", "FieldError", "Wrong", "Lack")


def _french() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        entries = [entry for entry in read_po(file, locale="fr") if entry.id]
    return {
        (entry.id if isinstance(entry.id, str) else entry.id[0]): entry.string
        if isinstance(entry.string, str)
        else " ".join(filter(None, entry.string))
        for entry in entries
    }


def _said_by_pages() -> set[str]:
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "later": None, "N_": None}
    found = extract_from_dir(str(ROOT), METHODS, {"**": {"silent": "false"}}, keywords, directory_filter=_ours)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def _ours(folder: str) -> bool:
    return Path(folder).name not in (".venv", "var", "node_modules", ".git", "tests", "translations")


def _said_by_refusals() -> set[str]:
    """The msgids that problems are raised with: the last plain sentence among their first arguments."""
    found = set()
    for path in (ROOT / "workflow").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "id", "")
            if isinstance(node, ast.Call) and name in PROBLEMS:
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                found |= {text for text in texts if " " in text}
    return found


def _sentences(table: object) -> Iterator[str]:
    """What the tables of a rules module say: constants in capitals, whose values begin like a sentence."""
    if isinstance(table, str):
        if re.match(r"[A-Z“%][^_]*[a-z]", table):
            yield table
    elif isinstance(table, Mapping):
        for name, value in table.items():
            if not isinstance(name, str) or name.isupper() or (not name.startswith("_") and "__name__" not in table):
                yield from _sentences(value)
    elif isinstance(table, list | tuple):
        for value in table:
            yield from _sentences(value)
    elif is_dataclass(table) and not isinstance(table, type):
        yield from _sentences([getattr(table, field.name) for field in fields(table)])


def _said_by_engines() -> set[str]:
    labels = {label for label, _ in (*rules.STATES.values(), *rules.FORM_STATES.values())} | set(
        rules.CONTACTS.values()
    )
    labels |= {text for module in (*TABLES, *ENGINES) for text in _sentences(vars(module))}
    labels |= {column.label for column in BY_NAME.values()}
    constants = {checking.REQUIRED, checking.CONSTRAINT, checking.CHOICE}
    return set(REFUSALS.values()) | set(CONSEQUENCES.values()) | set(VERDICTS.values()) | labels | constants


def test_every_sentence_has_its_french() -> None:
    french = _french()
    said = _said_by_pages() | _said_by_refusals() | _said_by_engines()
    assert len(said) > 300, "the extraction found too little to be believed"
    assert sorted(text for text in said if not french.get(text)) == []


def test_the_french_keeps_the_same_blanks_to_fill() -> None:
    wrong = []
    for english, french in _french().items():
        wanted = set(re.findall(r"%\((\w+)\)", english))
        if not set(re.findall(r"%\((\w+)\)", french)) <= wanted | {"num"}:
            wrong.append(english)
    assert wrong == []


def test_french_marks_stand_after_a_space_that_does_not_break() -> None:
    wrong = [
        text
        for text in _french().values()
        if re.search(r"(?<![\u00a0\u202f\s:/h0-9«])[;?!»](?=\s|$)| [:;?!»](?=\s|$)", text)
    ]
    assert wrong == []
