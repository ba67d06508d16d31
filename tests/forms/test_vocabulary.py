"""The vocabulary knows every word that pyxform knows, and docs/xlsform.md says the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from pyxform import aliases, constants
from pyxform.question import MultipleChoiceQuestion, Option
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT
from pyxform.survey import Survey

from forms.vocabulary import BINDS, CHOICES, SETTINGS, SHEETS, SURVEY, TYPES, Word, snake

PAGE = (Path(__file__).parents[2] / "docs" / "xlsform.md").read_text("utf-8")
TABLES = {
    "Sheets": SHEETS,
    "Types of questions": TYPES,
    "Columns of survey": SURVEY,
    "Columns of survey after `bind::`": BINDS,
    "Columns of choices": CHOICES,
    "Columns of settings": SETTINGS,
}


def unknown(words: set[str], table: Mapping[str, Word]) -> list[str]:
    return sorted(word for word in words if snake(word) not in table and word not in table and not word.startswith("_"))


def test_every_sheet_is_known() -> None:
    assert unknown(constants.SUPPORTED_SHEET_NAMES, SHEETS) == []


def test_every_type_is_known() -> None:
    groups = {f"{edge}_{name}" for edge in ("begin", "end") for name in ("group", "repeat", "loop")}
    words = {*QUESTION_TYPE_DICT, *aliases.select, *aliases.cascading, *aliases._type_alias_map, *aliases.osm, *groups}
    assert unknown(words, TYPES) == []


def test_every_column_of_survey_is_known() -> None:
    assert unknown({*aliases.survey_header, *MultipleChoiceQuestion.get_slot_names()}, SURVEY) == []


def test_every_column_of_choices_is_known() -> None:
    assert unknown({*aliases.list_header, *Option.get_slot_names()}, CHOICES) == []


def test_every_setting_is_known() -> None:
    assert unknown({*aliases.settings_header, *Survey.get_slot_names()}, SETTINGS) == []


def test_every_attribute_of_bind_is_known() -> None:
    columns = (meant for meant in aliases.survey_header.values() if isinstance(meant, tuple))
    assert unknown({names[1] for names in columns if names[0] == "bind"}, BINDS) == []


@pytest.mark.parametrize("title", TABLES)
def test_the_page_says_what_the_table_says(title: str) -> None:
    section = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    told = dict(re.findall(r"^\| `([^`]+)` \| (\w+) \|", section, re.MULTILINE))
    assert told == {name: word.verdict for name, word in TABLES[title].items() if not word.same_as}


def test_what_is_not_run_says_why() -> None:
    words = [(name, word) for table in TABLES.values() for name, word in table.items()]
    assert [name for name, word in words if bool(word.why) != (word.verdict != "run")] == []


def test_another_name_leads_to_a_word_that_is_known() -> None:
    lost = [
        name for table in TABLES.values() for name, word in table.items() if word.same_as and word.same_as not in table
    ]
    assert lost == []
