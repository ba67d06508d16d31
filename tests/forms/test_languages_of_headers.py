"""The languages of a form as its headers spell them."""

from __future__ import annotations

import pytest

from forms.languages import languages


def told(headers: list[str], default: str = "") -> list[tuple[str, str]]:
    survey = {"type": "text", "name": "q"} | dict.fromkeys(headers, "Q")
    sheets = {"survey": [survey], "survey_header": [dict.fromkeys(survey)]}
    settings = {"settings": [{"default_language": default}]} if default else {}
    return [(one.level, one.code) for one in languages(sheets | settings)]


@pytest.mark.parametrize(
    "headers",
    [
        ["label"],
        ["label", "label::Français (fr)", "hint::Français (fr)"],
        ["label::English (en)", "label::English (en-GB)"],
        ["label::French", "label::Français"],
        ["media::image", "media::image::fr", "label::fr", "bind::jr:constraintMsg::fr"],
        ["label::fr", "bind::relais:level", "relevant"],
    ],
)
def test_languages_spelled_one_way_are_left_alone(headers: list[str]) -> None:
    assert told(headers) == []


@pytest.mark.parametrize(
    ("headers", "level"),
    [
        (["label::Français (fr)", "hint::fr"], "refused"),
        (["label::Français (fr)", "label::français (fr)"], "refused"),
        (["label::fr", "media::image::Français (fr)"], "refused"),
        (["label::Français", "hint::français"], "warning"),
        (["label::Français (fr)", "constraint_message::Francais"], "warning"),
    ],
)
def test_one_language_in_two_spellings_is_told(headers: list[str], level: str) -> None:
    assert told(headers) == [(level, "language_twice")]


@pytest.mark.parametrize(
    ("headers", "default", "codes"),
    [
        (["label::fr"], "fr", []),
        (["label"], "fr", []),
        (["label", "label::fr"], "en", []),
        (["label::Français (fr)"], "fr", [("warning", "default_language")]),
        (["label::fr"], "en", [("warning", "default_language")]),
    ],
)
def test_a_default_language_that_no_header_speaks_is_told(
    headers: list[str], default: str, codes: list[tuple[str, str]]
) -> None:
    assert told(headers, default) == codes
