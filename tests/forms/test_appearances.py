"""Every word of the column `appearance` has one line in the documentation, and a drawing that exists."""

from __future__ import annotations

import re
from pathlib import Path

from forms.appearances import APPEARANCES, EQUAL, IGNORED, REFUSED, style_of, words_of

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTED = ROOT / "docs" / "appearances.md"
MACROS = [ROOT / "templates" / "macros" / name for name in ("form.html", "kinds.html")]
LINE = re.compile(r"^\| `([^`]+)` \| (equal|ignored|refused) \| (.+) \|$", re.MULTILINE)
DRAWN_BY_THE_ENGINE = {"numbers", "url", "masked", "month", "year", "matrix", "filter"}


def test_the_documentation_says_what_the_table_does() -> None:
    told = sorted(LINE.findall(DOCUMENTED.read_text("utf-8")))
    same = {"note", "acknowledge"}  # their words are those of choices, or none
    known = sorted(
        (word, effect.verdict, effect.note)
        for family, words in APPEARANCES.items()
        if family not in same
        for word, effect in words.items()
    )
    assert told == known


def test_every_effect_is_one_of_three_and_says_a_sentence() -> None:
    effects = [effect for words in APPEARANCES.values() for effect in words.values()]
    assert {effect.verdict for effect in effects} <= {EQUAL, IGNORED, REFUSED}
    assert all(effect.note.endswith(".") for effect in effects)


def test_every_drawing_that_is_asked_for_is_drawn() -> None:
    styles = {effect.style for words in APPEARANCES.values() for effect in words.values() if effect.style}
    drawn = set(re.findall(r'"(\w+)"', " ".join(path.read_text("utf-8") for path in MACROS)))
    assert styles - DRAWN_BY_THE_ENGINE - drawn == set()


def test_the_first_word_with_a_drawing_of_its_own_counts() -> None:
    assert style_of("select_one", "quick w4 minimal columns") == "list"
    assert style_of("text", "") == ""
    assert words_of("ex:a.b(c='d e') w1") == ["ex:a.b(c='d e')", "w1"]
