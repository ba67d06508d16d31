"""Values never become markup, whatever signs they hold."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import filters
from documents.content import Heading, KeyValues, Paragraph, Table, plain
from documents.values import clean

NASTY = st.text(
    st.one_of(
        st.sampled_from("*_`#[]()<>|{}%$@\\&~-+=!\"':;\n\ue000\ue001\ue002 0123"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)
MODEL = (
    "# T {{ v }}\n\nAvant {{ v }} **{{ v }}** après.\n\n| a | b |\n|---|---|\n| {{ v }} | x |\n\n{% keyvalues rows %}\n"
)


@settings(max_examples=150, deadline=None)
@given(NASTY)
def test_a_value_comes_out_as_it_went_in_and_changes_no_structure(write_up, value):
    rendered = write_up(MODEL, {"v": value, "rows": [{"label": value or "l", "value": value}]})
    heading, paragraph, table, pairs, _ = rendered.document.blocks
    assert (type(heading), type(paragraph), type(table), type(pairs)) == (Heading, Paragraph, Table, KeyValues)
    text = clean(value)
    assert plain(heading.runs) == f"T {text}"
    assert plain(paragraph.runs) == f"Avant {text} {text} après."
    assert plain(table.rows[0][0]) == text
    assert plain(pairs.rows[0][1]) == text


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.decimals()))
def test_no_filter_ever_fails_on_a_value(value):
    for lang in ("fr", "en"):
        for function in filters.for_language(lang).values():
            assert isinstance(function(value), str)


@pytest.mark.parametrize(
    ("name", "value", "french", "english"),
    [
        ("euro", 520.5, "520,50\u00a0€", "€520.50"),
        ("euro", Decimal("1234.5"), "1\u00a0234,50\u00a0€", "€1,234.50"),
        ("euro", "412,50", "412,50\u00a0€", "€412.50"),
        ("nombre", 1234.5, "1\u00a0234,5", "1,234.5"),
        ("pourcent", 24.3, "24,3\u00a0%", "24.3%"),
        ("date_longue", "2026-11-23", "lundi 23 novembre 2026", "Monday, 23 November 2026"),
        ("date_longue", datetime.date(2026, 11, 1), "dimanche 1er novembre 2026", "Sunday, 1 November 2026"),
        ("date_courte", "2026-11-23", "23/11/2026", "23/11/2026"),
        ("oui_non", True, "oui", "yes"),
        ("oui_non", "non", "non", "no"),
        ("liste", ["a", "b", "c"], "a, b et c", "a, b and c"),
        ("euro", None, "", ""),
        ("euro", "beaucoup", "beaucoup", "beaucoup"),
    ],
)
def test_filters_speak_the_language_of_the_paper(name, value, french, english):
    assert filters.for_language("fr")[name](value) == french
    assert filters.for_language("en")[name](value) == english
