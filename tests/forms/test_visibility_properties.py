"""Whatever the form and whoever reads: nothing of a hidden question leaves the engine, in any of its outputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.compiler import apply, name_of, page, page_form
from forms.definition import Form, load
from forms.growing import address, leaves
from forms.instance import Instance, Now
from forms.structure import Question
from forms.validity import stale_answers, stale_blocks
from forms.versions import diff
from forms.visibility import FACT_LEVELS, Lens, data, errors_for, facts, may_see, view
from forms.xlsform import compile_xlsform

NOW = Now(date(2026, 3, 15), datetime(2026, 3, 15, 10, tzinfo=UTC), lambda: 0.5, lambda: "a-b-c")
LEVELS = ["V0", "V1", "V2", "V3", "V4"]
PURPOSES = ["besoins", "identite", "budget", ""]
KINDS = ["text", "number", "quoting", "choice", "borrowed", "sum", "wrong", "consequence", "note"]
GROUPS = ["R", "G", "H", ""]  # two pages, a repeat that is a page, and questions of no group
HEADER = (
    "| | type | name | label | hint | constraint | constraint_message | calculation | required | bind::relais:level "
    "| bind::relais:purpose | bind::relais:index | bind::relais:validity | bind::relais:consequence |"
)


@dataclass(frozen=True)
class Asked:
    """One question of a random form, by its number."""

    kind: str
    group: str
    level: str
    purpose: str
    about: int  # which earlier question it quotes, adds up or stands for


_asked = st.builds(
    Asked,
    st.sampled_from(KINDS),
    st.sampled_from(GROUPS),
    st.sampled_from(LEVELS),
    st.sampled_from(PURPOSES),
    st.integers(0, 20),
)
_forms = st.lists(_asked, min_size=2, max_size=9)
_lenses = st.builds(
    Lens,
    st.frozensets(st.sampled_from(LEVELS)),
    st.none() | st.frozensets(st.sampled_from(PURPOSES[:3]), min_size=1),
    st.none() | st.frozensets(st.sampled_from(["R", "G", "H", "data"]), min_size=1),
    st.frozensets(st.sampled_from(PURPOSES[:3]), max_size=2),
)


def form_of(questions: list[Asked]) -> Form:
    """Questions q0, q1… with labels LABEL0x…; what they quote, add up or offer is a question of the same place."""
    rows = ["| survey |", HEADER]
    for group in GROUPS:
        inside = [(number, asked) for number, asked in enumerate(questions) if asked.group == group]
        kind = "repeat" if group == "R" else "group"
        if not inside:
            continue
        rows += [f"| | begin {kind} | {group} | Group | | | | | | | | | | |"] if group else []
        lent = [number for number, asked in enumerate(questions) if (asked.group, asked.kind) == ("R", "text")]
        rows += [_row(number, asked, inside, lent if group != "R" else []) for number, asked in inside]
        rows += [f"| | end {kind} | | | | | | | | | | | | |"] if group else []
    rows += ["| choices |", "| | list_name | name | label |"]
    rows += [f"| | list{number} | c{number} | CHOICE{number}x |" for number in range(len(questions))]
    return load(compile_xlsform("\n".join(rows).encode(), "form.md").xml)


def _row(number: int, asked: Asked, inside: list[tuple[int, Asked]], lent: list[int]) -> str:
    earlier = [other for other, one in inside if other < number and one.kind in {"text", "number"}]
    about = f"q{earlier[asked.about % len(earlier)]}" if earlier else ""
    numbers = [f"${{q{other}}}" for other, one in inside if other < number and one.kind == "number"]
    kind, label, constraint, calculation, consequence = "text", f"LABEL{number}x", "", "", ""
    if asked.kind == "number":
        kind = "integer"
    elif asked.kind == "quoting" and about:
        label = f"LABEL{number}x ${{{about}}}"
    elif asked.kind == "choice":
        kind = f"select_one list{number}"
    elif asked.kind == "borrowed" and lent:
        kind = f"select_one ${{q{lent[asked.about % len(lent)]}}}"
    elif asked.kind == "sum" and numbers:
        kind, calculation = "integer", " + ".join(numbers) + " + 1"
    elif asked.kind == "wrong":
        constraint = "false()"
    elif asked.kind == "consequence" and about:
        consequence = about
    elif asked.kind == "note":
        kind = "note"
    cells = [kind, f"q{number}", label, f"HINT{number}x", constraint, f"ERROR{number}x" if constraint else ""]
    return f"| | {' | '.join([*cells, calculation, '', asked.level, asked.purpose, 'yes', '1', consequence])} |"


def filled(form: Form) -> Instance:
    """Every question answered with words of its own, in two rows where there are rows."""
    instance = Instance.new(form, NOW)
    if "/data/R" in form.groups:
        instance.add_row("/data/R")
    for node, question in list(leaves(instance.root, form)):
        if question.asked:
            offered = instance.choices_at(node, question)
            instance.set(address(node, form), offered[0].value if offered else _answer(question, node.position()))
    return instance


def _answer(question: Question, row: int) -> str:
    number = int(question.name.removeprefix("q"))
    return f"7{number:02}{row}13" if question.kind == "integer" else f"SECRET{number}x"


def words_of(number: int) -> Iterator[str]:
    """What must not be read of a hidden question: its words, its answer however it is written, its name."""
    for kind in ("LABEL", "HINT", "ERROR", "SECRET", "CHOICE"):
        yield f"{kind}{number}x"
    for row in (1, 2):
        text = f"7{number:02}{row}13"
        yield from (text, f"{text[:-3]}\u202f{text[-3:]}", f"{text[:-3]},{text[-3:]}")
    yield from (f"'q{number}'", f"/q{number}'", f":q{number}'", f"q{number}_shown")


def everything_told(instance: Instance, lens: Lens) -> str:
    """All that leaves the engine for that reader."""
    form = instance.form
    old, empty = date(2025, 1, 1), Instance.new(form, NOW)
    days = {address(node, form): old for node, _ in leaves(instance.root, form)}
    told: list[object] = [view(instance, lens, "default"), data(instance, lens, "default")]
    told += [diff(empty, instance, "default", lens), diff(instance, empty, "default", lens)]
    told += [stale_answers(instance, days, NOW.today, "default", lens)]
    told += [stale_blocks(instance, days, NOW.today + timedelta(days=9), "default", lens)]
    told += [errors_for(instance, instance.errors(), lens)]
    for section in form.sections:
        errors = apply(instance, {}, section.path, whole=False, lens=lens)
        told += [errors, page(instance, section.path, "default", errors, lens)]
        told += [(field.name, field.label, field.data) for field in page_form(instance, section.path, "default", lens)]
    told += [why for path in days if may_see(instance.question(path), lens) for why in reasons(instance, path, lens)]
    return repr(told)


def reasons(instance: Instance, path: str, lens: Lens) -> list[object]:
    """Why that answer is not asked, needed, refused, for that reader."""
    asked = (instance.why_hidden, instance.why_required, instance.why_refused)
    return [ask(path, "default", lambda question: may_see(question, lens)) for ask in asked]


def check_nothing_leaks(questions: list[Asked], lens: Lens) -> None:
    form = form_of(questions)
    instance = filled(form)
    told = everything_told(instance, lens)
    for path, question in form.questions.items():
        if not may_see(question, lens):
            found = [words for words in words_of(int(question.name[1:])) if words in told]
            assert found == [], path
    hidden = {question.name for question in form.questions.values() if question.level not in FACT_LEVELS}
    assert hidden.isdisjoint(fact.name for fact in facts(instance))


@given(_forms, _lenses)
@settings(max_examples=60)
def test_nothing_of_a_hidden_question_is_told(questions: list[Asked], lens: Lens) -> None:
    check_nothing_leaks(questions, lens)


@pytest.mark.proof
@given(_forms, _lenses)
@settings(max_examples=2000)
def test_nothing_of_a_hidden_question_is_told_in_thousands_of_forms(questions: list[Asked], lens: Lens) -> None:
    check_nothing_leaks(questions, lens)


@given(_forms, _lenses)
@settings(max_examples=40)
def test_a_post_of_a_reader_changes_nothing_that_is_hidden_from_them(questions: list[Asked], lens: Lens) -> None:
    form = form_of(questions)
    instance = filled(form)
    before = {address(node, form): node.text for node, _ in leaves(instance.root, form)}
    posted = {name_of(path): "typed" for path in before}
    for section in form.sections:
        apply(instance, posted, section.path, lens=lens)
    for node, question in leaves(instance.root, form):
        if not may_see(question, lens) and not question.computed:
            assert node.text == before[address(node, form)]


def test_the_random_forms_do_show_what_is_not_hidden() -> None:
    questions = [Asked(kind, group, "V1", "", 0) for group in GROUPS[:3] for kind in KINDS]
    told = everything_told(filled(form_of(questions)), Lens(frozenset(LEVELS)))
    assert all(f"LABEL{number}x" in told for number in range(len(questions)))
    assert "SECRET0x" in told
    assert "ERROR6x" in told
    assert form_of(questions).questions["/data/G/q13"].borrowed_page == "/data/R"
