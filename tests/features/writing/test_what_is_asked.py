"""What a model asks is understood the same way from a page and from a spreadsheet."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.front_matter import Ask
from workflow.writing.rules import asking
from workflow.writing.rules.asking import as_typed, left_open, read
from workflow.writing.rules.figures import Figure, figures, needs_sitting, read_in, texts_of
from workflow.writing.rules.hindering import Recipient, hindrance
from workflow.writing.rules.shaping import cut, source

DAY, NUMBER, CHOICE = Ask("le", "date"), Ask("reste", "number"), Ask("motif", "choice", choices=("visite", "bail"))


@pytest.mark.parametrize(
    ("ask", "told", "value"),
    [
        (DAY, "14/12/2026", "2026-12-14"),
        (DAY, "2026-12-14", "2026-12-14"),
        (DAY, datetime(2026, 12, 14, 0, 0), "2026-12-14"),  # noqa: DTZ001  what a cell holds
        (DAY, date(2026, 12, 14), "2026-12-14"),
        (NUMBER, "1 412,50 €", 1412.5),
        (NUMBER, 12.0, 12),
        (NUMBER, "", None),
        (CHOICE, "Bail", "bail"),
        (Ask("mot"), " deux \r\n lignes ", "deux\nlignes"),
        (Ask("mot"), None, ""),
    ],
)
def test_a_value_is_understood_as_one_types_it_or_as_a_cell_holds_it(ask, told, value):
    assert read(ask, told) == (value, None)


@pytest.mark.parametrize(("ask", "told"), [(DAY, "31/02/2026"), (NUMBER, "douze"), (NUMBER, "1e9"), (CHOICE, "jardin")])
def test_what_is_not_understood_is_kept_with_its_fault(ask, told):
    value, fault = read(ask, told)
    assert value == told
    assert fault


def test_a_question_without_an_answer_is_a_fault_only_where_one_is_required():
    assert read(Ask("mot", required=True), " ")[1] == (asking.MISSING, {})
    assert read(Ask("mot"), " ")[1] is None
    asks = (Ask("un", required=True), Ask("deux", "number"))
    assert left_open(asks, {"un": "oui", "deux": None}) == (asks[1],)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["text", "date", "number"]))
def test_whatever_is_typed_is_understood_once_it_was_understood(words, kind):
    ask = Ask("x", kind)
    value, fault = read(ask, words)
    if not fault:
        assert read(ask, as_typed(value)) == (value, None)


def test_who_is_not_the_household_is_handed_neither_its_name_nor_its_address():
    home = {"display": "Famille Test", "reference": "MIS-1", "address": "2 rue A", "dwelling": "B12", "landlord": "x"}
    data = {"household": home, "asked": {"paroles": "à moi"}, "date": "2026-12-14"}
    told = cut(data, "commission", "fr")
    assert "Famille Test" not in repr(told)
    assert "2 rue A" not in repr(told)
    assert told["household"]["display"] == "Ménage MIS-1"
    assert cut(data, "household", "fr")["household"] == home
    assert data["household"] is home, "what is cut is a copy"


def test_answers_travel_in_the_paper_only_where_it_has_one_reader():
    data = {"asked": {"le": "2026-12-14"}, "audience": "household", "date": "2026-12-14"}
    assert source(data, "RL", {}, 1)["asked"] == {"le": "2026-12-14"}
    assert "asked" not in source(data, "RL", {}, 2)


def test_the_figure_of_the_operation_wins_and_is_not_doubtful():
    library = {
        "delay": {"value": 7, "unit": "days", "since": "2005-01-01", "source": {"fr": "Repère, à fixer par tous"}}
    }
    own = Figure("delay", 9, "days", "Charte", "2020-01-01", "Délai", own=True)
    assert figures(library, [], "fr")["delay"].doubtful
    found = figures(library, [own], "fr")["delay"]
    assert (found.value, found.doubtful) == (9, False)


def test_the_figures_of_a_paper_are_those_of_its_words_its_clauses_and_its_annexes():
    clauses = {"recours": "{{ rules.a.value }}", "recours.actis": "{{ rules.b.value }}", "autre": "{{ rules.c.value }}"}
    models = {"guide": "{{ rules.d.value }}{{ sitting.date }}", "charte": "{{ rules.e.value }}"}
    text = '---\nannexes: [{title: "G", model: guide}]\n---\n{% clause "recours" %}{{ rules.f.value }}'
    told = texts_of(text, clauses, models)
    assert read_in(told) == {"a", "b", "d", "f"}
    assert needs_sitting(told)


def test_the_first_thing_that_hinders_a_letter_is_said():
    assert hindrance(Recipient("Famille A", "2 rue B", "surveyed", merged=False)) == []
    told = [
        Recipient("", "2 rue B", "surveyed", merged=False),
        Recipient("Famille A", "", "surveyed", merged=False),
        Recipient("Famille A", "2 rue B", "left", merged=False),
        Recipient("Famille A", "2 rue B", "purged", merged=False),
        Recipient("Famille A", "2 rue B", "surveyed", merged=True),
    ]
    assert len({hindrance(one)[0] for one in told}) == 5
