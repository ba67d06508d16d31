"""Every finding says what to do about it: with a hint of its own, or with the advice for its code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from forms.advice import ADVICE
from forms.findings import Finding

FORMS = Path(__file__).parents[2] / "forms"

# Where each maker of findings takes its code and its hint: places of the arguments.
MAKERS = {
    "Finding": (1, 7),
    "Problem": (1, 6),
    "Remark": (1, 4),
    "ExpressionError": (2, 3),
    "refuse": (0, 2),
    "warn": (0, 2),
    "_known": (1, 4),
}


def made(path: Path) -> Iterator[tuple[str, bool]]:
    """(code, whether a hint is given) of each finding made in a file; codes that are variables are passed on."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in MAKERS:
            continue
        code_at, hint_at = MAKERS[name]
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        code = node.args[code_at] if len(node.args) > code_at else named.get("code")
        hint = node.args[hint_at] if len(node.args) > hint_at else named.get("hint")
        if isinstance(code, ast.Constant) and isinstance(code.value, str):
            empty = hint is None or (isinstance(hint, ast.Constant) and not hint.value)
            yield code.value, not empty


def test_every_code_has_a_hint() -> None:
    found = [one for path in FORMS.rglob("*.py") for one in made(path)]
    assert len({code for code, _ in found}) > 90, "the extraction found too little to be believed"
    assert sorted({code for code, hinted in found if not hinted and code not in ADVICE}) == []


def test_advice_is_a_sentence_without_places_to_fill() -> None:
    assert [code for code, text in ADVICE.items() if "%" in text or not text.endswith(".")] == []


def test_a_finding_without_a_hint_takes_the_advice_for_its_code() -> None:
    assert Finding("refused", "cycle", "survey", 2, "", "It turns.").hint == ADVICE["cycle"]
    assert Finding("refused", "cycle", "survey", 2, "", "It turns.", {}, "Stop.").hint == "Stop."
