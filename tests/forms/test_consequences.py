"""Cause hidden, consequence shared: the officer reads both, everybody else only what the dwelling needs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from forms.compiler import Item, apply, page
from forms.consequences import COPIED, MARK, NEEDED, repeats
from forms.definition import Form
from forms.instance import Instance, Now
from forms.versions import diff
from forms.visibility import EVERYTHING, Lens, data, facts, hindrances, view
from forms.xlsform import FormRefused, compile_xlsform

OTHERS = Lens(frozenset({"V0", "V1"}))
TABLE = """
| survey |
| | type | name | label | bind::relais:level | bind::relais:purpose | bind::relais:consequence | bind::relais:index |
| | begin group | H | Health | | | | |
| | text | illness | Which illness? | V3 | accompagnement | | |
| | text | other | Other matter | V1 | suivi | | |
| | text | violence | Is somebody in danger? | V4 | accompagnement | | |
| | text | need | What the dwelling needs | V1 | besoins | ${illness} violence | yes |
| | begin repeat | person | Person | V1 | | | |
| | text | name | Name | V1 | identite | | |
| | text | handicap | Disability | V3 | accompagnement | | |
| | text | fitting | Fittings | V1 | besoins | ${handicap} | |
| | end repeat | | | | | | |
| | end group | | | | | | |
"""
ILL = "/data/H/illness"
NEED = "/data/H/need"


@pytest.fixture
def form(form_of: Callable[[str], Form]) -> Form:
    return form_of(TABLE)


@pytest.fixture
def officer(form: Form, now: Now) -> Instance:
    """What the officer has noted: an illness, and no word yet of what it means for the dwelling."""
    return Instance.from_answers(form, {"H": {"illness": "Fibrose pulmonaire", "other": "Rien"}}, now)


def names(items: tuple[Item, ...]) -> list[str]:
    return [item.path.rpartition("/")[2] for item in items]


def item_of(instance: Instance, path: str, lens: Lens = EVERYTHING) -> Item:
    return next(item for item in page(instance, "/data/H", "fr", lens=lens) if item.path == path)


def post(instance: Instance, *values: str, lens: Lens = EVERYTHING) -> list[str]:
    posted = MultiDict([("data:H:need", value) for value in values])
    return [error.message for error in apply(instance, posted, "/data/H", lens=lens)]


def test_a_consequence_knows_its_causes_however_they_are_written(form: Form) -> None:
    assert form.questions[NEED].causes == (ILL, "/data/H/violence")
    assert form.questions["/data/H/person/fitting"].causes == ("/data/H/person/handicap",)


def test_a_consequence_of_nothing_is_refused_with_its_place() -> None:
    with pytest.raises(FormRefused) as refused:
        compile_xlsform(TABLE.replace("${illness} violence", "ilness").encode(), "form.md")
    (found,) = [one for one in refused.value.findings if one.level == "refused"]
    assert (found.code, found.row, found.column, found.params) == (
        "unknown_cause",
        6,
        "bind::relais:consequence",
        {"name": "ilness"},
    )


def test_the_consequence_stands_right_under_its_cause(officer: Instance, form_of: Callable[[str], Form]) -> None:
    assert names(page(officer, "/data/H", "fr")) == ["illness", "other", "violence", "need", "person"]
    upside_down = TABLE.replace("${illness} violence", "${illness}")
    moved = Instance.new(form_of(upside_down), officer.now)
    assert names(page(moved, "/data/H", "fr")) == ["illness", "need", "other", "violence", "person"]


def test_nobody_is_asked_to_word_a_consequence_that_is_calculated(form_of: Callable[[str], Form], now: Now) -> None:
    table = """
        | survey |
        | | type | name | label | calculation | bind::relais:level | bind::relais:consequence |
        | | begin group | H | Health | | | |
        | | text | secret | Is the address secret? | | V4 | |
        | | text | order | Tell nobody | if(${secret} != '', 'yes', '') | V1 | ${secret} |
        | | end group | | | | | |
    """
    instance = Instance.from_answers(form_of(table), {"H": {"secret": "Oui"}}, now)
    assert not item_of(instance, "/data/H/order").consequence


def test_an_answered_cause_asks_for_its_consequence(officer: Instance) -> None:
    assert [(error.path, error.kind, error.message) for error in officer.errors()] == [(NEED, "required", NEEDED)]
    assert officer.required(NEED)
    assert item_of(officer, NEED).required
    officer.set(ILL, "")
    assert officer.errors() == []
    assert not item_of(officer, NEED).required


def test_the_officer_may_say_that_there_is_no_consequence(officer: Instance) -> None:
    assert item_of(officer, NEED).none == MARK
    assert post(officer, "", MARK) == []
    item = item_of(officer, NEED)
    assert (officer.get(NEED), item.none_said, item.value) == (MARK, True, "")
    assert post(officer, "") == [NEEDED]


def test_a_ticked_box_never_costs_a_written_word(officer: Instance) -> None:
    assert post(officer, "Rez-de-chaussée ou ascenseur", MARK) == []
    assert officer.get(NEED) == "Rez-de-chaussée ou ascenseur"


def test_others_read_the_consequence_and_nothing_of_the_cause(officer: Instance) -> None:
    officer.set(NEED, "Air sain, ascenseur")
    told = repr((view(officer, OTHERS, "fr"), data(officer, OTHERS, "fr"), page(officer, "/data/H", "fr", lens=OTHERS)))
    assert "Air sain" in told
    assert "Fibrose" not in told
    assert "illness" not in told
    item = item_of(officer, NEED, OTHERS)
    assert (item.consequence, item.none, item.caution, item.required) == (False, "", "", False)


@pytest.mark.parametrize("answer", ["", MARK])
def test_who_may_not_read_the_cause_is_not_told_that_there_is_one(officer: Instance, form: Form, answer: str) -> None:
    officer.set(NEED, answer)
    blank = Instance.from_answers(form, {"H": {"other": "Rien"}}, officer.now)
    for told in (view, data):
        assert told(officer, OTHERS, "fr") == told(blank, OTHERS, "fr")
    assert page(officer, "/data/H", "fr", lens=OTHERS) == page(blank, "/data/H", "fr", lens=OTHERS)
    assert post(officer, "", lens=OTHERS) == []
    assert officer.get(NEED) == answer
    assert diff(blank, officer, "fr", OTHERS) == []
    assert facts(officer) == []


def test_who_may_not_read_the_cause_can_hand_the_answers_on(officer: Instance) -> None:
    assert [error.message for error in hindrances(officer, EVERYTHING)] == [NEEDED]
    assert hindrances(officer, OTHERS) == []


@pytest.mark.parametrize("cause", ["", "Fibrose pulmonaire"])
def test_a_need_that_follows_from_a_hidden_answer_is_neither_told_nor_in_the_way(
    form_of: Callable[[str], Form], now: Now, cause: str
) -> None:
    table = """
        | survey |
        | | type | name | label | required | bind::relais:level |
        | | begin group | H | Health | | |
        | | text | illness | Which illness? | | V3 |
        | | text | need | What the dwelling needs | ${illness} != '' | V1 |
        | | text | secret | Anything else? | yes | V3 |
        | | end group | | | |
    """
    instance = Instance.from_answers(form_of(table), {"H": {"illness": cause, "need": "Air sain"}}, now)
    assert not item_of(instance, NEED, OTHERS).required
    assert post(instance, "", lens=OTHERS) == []
    assert hindrances(instance, OTHERS) == []
    assert item_of(instance, NEED).required == bool(cause)
    assert len(hindrances(instance, EVERYTHING)) == (2 if cause else 1)


def test_each_row_asks_for_its_own_consequence(form: Form, now: Now) -> None:
    people = [{"name": "Amina", "handicap": "Fauteuil roulant"}, {"name": "Sami"}]
    household = Instance.from_answers(form, {"H": {"person": people}}, now)
    assert [error.path for error in household.errors()] == ["/data/H/person[1]/fitting"]
    household.set("/data/H/person[1]/fitting", "Douche de plain-pied")
    assert household.errors() == []


def test_words_copied_from_the_cause_are_pointed_out_and_not_refused(officer: Instance) -> None:
    assert post(officer, "fibrose PULMONAIRE, ascenseur") == []
    assert item_of(officer, NEED).caution == COPIED
    post(officer, "Logement sec, ascenseur")
    assert item_of(officer, NEED).caution == ""


@pytest.mark.parametrize(
    ("cause", "wording", "copied"),
    [
        ("Diabète", "Près de l’hôpital : diabètes", True),
        ("Sclérose en plaques depuis 2019, ne peut plus monter les escaliers", "Sclérose en plaques : ascenseur", True),
        ("Sclérose en plaques depuis 2019, ne peut plus monter les escaliers", "Sans escaliers", False),
        ("Violences du conjoint, adresse à protéger", "Hors du secteur Mistral", False),
        ("Oui", "Oui, un ascenseur", False),
        ("", "Un ascenseur", False),
        ("…", "…", False),
    ],
)
def test_only_words_that_give_the_cause_away_are_pointed_out(cause: str, wording: str, copied: bool) -> None:
    assert repeats(cause, wording) is copied


_words = st.lists(st.text("bcdfgh", min_size=4, max_size=7), min_size=1, max_size=6)


@given(_words, _words, st.lists(st.text("jklmnp", min_size=4, max_size=7), max_size=4))
def test_a_whole_cause_copied_is_always_seen_and_other_words_never(
    cause: list[str], more: list[str], other: list[str]
) -> None:
    assert repeats(" ".join(cause), " ".join([*more, *cause, *other]).upper())
    assert not repeats(" ".join(cause), " ".join(other))


def test_a_confidential_need_without_a_consequence_is_a_warning() -> None:
    table = TABLE.replace("V3 | accompagnement", "V3 | besoins").replace("${handicap}", "")
    found = [one for one in compile_xlsform(table.encode(), "form.md").findings if one.code == "no_consequence"]
    assert [(one.level, one.row, one.column) for one in found] == [("warning", 9, "bind::relais:level")]
