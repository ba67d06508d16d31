"""Reading what people type, showing what is stored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.fields import field_for
from forms.plain_fields import Posted
from forms.structure import Question


def field(kind: str, **more):
    return field_for(Question("/data/q", "q", kind, **more))


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("decimal", "412,50", "412.50"),
        ("decimal", "1 234,5", "1234.5"),
        ("decimal", "1\u00a0234,5 €", "1234.5"),
        ("decimal", "1\u202f234", "1234"),
        ("decimal", "1.234,50", "1234.50"),
        ("decimal", "1,234.50", "1234.50"),
        ("decimal", "-3", "-3"),
        ("decimal", "−3", "-3"),
        ("decimal", "007,0", "7.0"),
        ("decimal", ",5", "0.5"),
        ("decimal", "٤١٢٫٥", "412.5"),
        ("decimal", "cher", "cher"),
        ("decimal", "1,2,3", "1,2,3"),
        ("integer", "1 200", "1200"),
        ("integer", "3,0", "3"),
        ("integer", "3,5", "3,5"),
        ("integer", "12 ans", "12 ans"),
        ("date", "23/11/2026", "2026-11-23"),
        ("date", "3.1.2026", "2026-01-03"),
        ("date", "23-11-2026", "2026-11-23"),
        ("date", "2026-11-23", "2026-11-23"),
        ("date", "31/02/2026", "31/02/2026"),
        ("date", "demain", "demain"),
        ("time", "14h30", "14:30"),
        ("time", "9 h", "09:00"),
        ("time", "14:30", "14:30"),
        ("time", "25:00", "25:00"),
        ("datetime", "23/11/2026 14h30", "2026-11-23T14:30"),
        ("text", "  a   b ", "a b"),
        ("multiline", "a\r\nb\n", "a\nb"),
        ("acknowledge", "on", "OK"),
    ],
)
def test_what_people_type_is_read_generously_and_kept_when_it_cannot_be(kind: str, typed: str, stored: str) -> None:
    assert field(kind).parse(typed) == stored


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("integer", "12", "1.5"),
        ("decimal", "12.5", "12,5"),
        ("date", "2026-11-23", "2026-02-30"),
        ("time", "14:30", "1430"),
        ("datetime", "2026-11-23T14:30", "2026-11-23"),
        ("geopoint", "45.18 5.72 212 10", "95 5"),
    ],
)
def test_only_canonical_answers_of_the_kind_are_accepted(kind: str, good: str, bad: str) -> None:
    assert field(kind).refusal(good) is None
    assert field(kind).refusal(bad)


def test_a_range_has_two_ends() -> None:
    scale = field("range", type="int", limits={"start": 1.0, "end": 5.0})
    assert [bool(scale.refusal(text)) for text in ("1", "5", "0", "6", "2.5", "x")] == [False, False, *[True] * 4]


@pytest.mark.parametrize(
    ("kind", "stored", "lang", "shown"),
    [
        ("decimal", "1234.50", "fr", "1\u202f234,50"),
        ("decimal", "1234.50", "en", "1,234.50"),
        ("decimal", "0.30000000000000004", "fr", "0,3"),
        ("integer", "1234567", "fr", "1\u202f234\u202f567"),
        ("date", "2026-11-23", "fr", "23 novembre 2026"),
        ("date", "2026-11-01", "fr", "1er novembre 2026"),
        ("date", "2026-11-23", "pt", "23 de novembro de 2026"),
        ("date", "2026-11-23", "nulle part", "23/11/2026"),
        ("date", "demain", "fr", "demain"),
        ("time", "14:30", "fr", "14 h 30"),
        ("time", "14:30", "en", "14:30"),
        ("decimal", "cher", "fr", "cher"),
        ("calculate", "24.3", "fr", "24,3"),
        ("calculate", "lourd", "fr", "lourd"),
    ],
)
def test_answers_are_shown_in_the_manner_of_the_language(kind: str, stored: str, lang: str, shown: str) -> None:
    assert field(kind).show(stored, lang) == shown


@pytest.mark.parametrize(
    ("kind", "appearance"), [("date", ""), ("date", "month-year"), ("date", "year"), ("datetime", "")]
)
@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
def test_a_box_shows_a_day_as_it_is_typed(kind: str, appearance: str, lang: str) -> None:
    asked = field(kind, appearance=appearance)
    stored = asked.parse("23/11/2026 14:30" if kind == "datetime" else "01/01/2026")
    assert asked.parse(asked.edit(stored, lang)) == stored
    assert asked.refusal(stored) is None


def test_money_has_two_decimals_or_none() -> None:
    money = field("decimal", appearance="money")
    assert [money.show(text, "fr") for text in ("520.5", "520", "520.504")] == ["520,50", "520", "520,50"]


@given(st.decimals(-999_999_999, 999_999_999, allow_nan=False, places=2), st.sampled_from(["fr", "en", "ar"]))
def test_what_a_box_shows_is_read_back_as_the_same_number(number, lang: str) -> None:
    decimal = field("decimal")
    stored = decimal.parse(str(number))
    assert decimal.parse(decimal.edit(stored, lang)) == stored
    assert decimal.export(decimal.parse(decimal.show(stored, lang))) == decimal.export(stored)


@given(st.text(max_size=30), st.sampled_from(["integer", "decimal", "date", "time", "datetime", "geopoint"]))
def test_reading_never_fails_and_reading_twice_changes_nothing(typed: str, kind: str) -> None:
    asked = field(kind)
    once = asked.parse(typed)
    assert asked.parse(once) == once
    asked.refusal(once)
    asked.show(once, "fr")
    asked.export(once)


@pytest.mark.parametrize("text", ["45 5 0 0; 46 6 0 0;", "45 5;46 6", "45.1 5.7 0.0 0.0; 46.0 6.0 0.0 0.0"])
def test_a_line_may_be_written_as_telephones_write_it(text: str) -> None:
    assert field("geotrace").refusal(text) is None
    assert field("geotrace").edit(text, "en").count("\n") == 1


def test_an_order_names_no_choice_twice() -> None:
    assert field("rank").refusal("b a b") is not None
    assert field("rank").refusal("b a") is None


def test_a_box_is_ticked_by_its_tick_alone() -> None:
    assert field("acknowledge").refusal("OK") is None
    assert field("acknowledge").refusal("no") is not None
    assert field("acknowledge").export("no") is False


@pytest.mark.parametrize("text", ["c b a", "-.{:=ìNý", "45.18 5.72", "45.18 5.72 210 4.5", "91 5.72", ""])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_place_sent_back_as_it_was_drawn_is_the_same_whatever_was_typed(text: str, lang: str) -> None:
    place = field("geopoint")
    assert place.sent_back(str(place.read(Posted((), place.parts(text, lang)))), text)
