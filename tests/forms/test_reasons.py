"""Why is this hidden, needed, refused? The rule is named, and the answers it read, as far as the reader sees them."""

from __future__ import annotations

import pytest

from forms.growing import UnknownPath
from forms.instance import Instance
from forms.reasons import Reason
from forms.structure import Question
from tests.forms.scenario import NOW, form_of

TABLE = """
| survey |
| | type | name | label::fr | label::en | relevant | required | constraint | repeat_count | calculation |
| | select_one yn | lives | Vit ici | Lives here | | | | | |
| | decimal | income | Ressources | Income | | | | | |
| | begin_group | budget | Budget | Budget | ${lives} = 'yes' | | | | |
| | decimal | rent | Loyer | Rent | ${income} > 0 and ${lives} = 'yes' | | | | |
| | decimal | share | Part | Share | | | | | ${rent} div ${income} |
| | text | why | Pourquoi ${rent} | Why ${rent} | ${share} > 0.5 or ${lives} = 'no' | ${income} < 500 | LONG | | |
| | end_group | | | | | | | | |
| | integer | n | Enfants | Children | | | | | |
| | begin_repeat | child | Enfant | Child | | | | ${n} | |
| | text | name | Nom | Name | | | | | |
| | integer | age | Âge | Age | | | | | |
| | text | school | École de ${name} | School of ${name} | ${age} > 5 | | | | |
| | end_repeat | | | | | | | | |
| choices |
| | list_name | name | label::fr | label::en |
| | yn | yes | Oui | Yes |
| | yn | no | Non | No |
"""
FORM = form_of(TABLE.replace("LONG", "string-length(.) > ${income} div 100"))


def answered(**answers: object) -> Instance:
    return Instance.from_answers(FORM, answers, NOW)


def said(reason: Reason | None) -> list[tuple[str, str]]:
    assert reason is not None
    return [(read.label, read.shown) for read in reason.reads]


def test_what_is_asked_needs_no_reason() -> None:
    instance = answered(lives="yes", income=1000)
    assert instance.why_hidden("/data/budget/rent", "fr") is None
    assert instance.why_hidden("/data/budget", "fr") is None


def test_a_hidden_question_names_its_rule_and_the_answers_it_read() -> None:
    reason = answered(lives="yes", income=0).why_hidden("/data/budget/rent", "fr")
    assert reason is not None
    assert (reason.kind, reason.path, reason.params) == ("question", "/data/budget/rent", {"label": "Loyer"})
    assert said(reason) == [("Ressources", "0")]
    assert reason.rule.split() == ["/data/income", ">", "0", "and", "/data/lives", "=", "'yes'"]


def test_of_conditions_that_must_all_hold_only_those_that_fail_are_told() -> None:
    reason = answered(lives="yes").why_hidden("/data/budget/rent", "en")
    assert said(reason) == [("Income", "")]


def test_of_conditions_of_which_one_suffices_all_are_told() -> None:
    reason = answered(lives="yes", income=1000, budget={"rent": 100}).why_hidden("/data/budget/why", "en")
    assert said(reason) == [("Lives here", "Yes"), ("Share", "0.1")]


def test_a_hidden_group_answers_for_all_that_it_holds() -> None:
    instance = answered(lives="no", income=1000)
    reason = instance.why_hidden("/data/budget/why", "fr")
    assert reason is not None
    assert (reason.kind, reason.path, reason.params["label"]) == ("group", "/data/budget", "Budget")
    assert said(reason) == [("Vit ici", "Non")]


def test_a_row_beyond_the_count_says_how_many_there_are() -> None:
    instance = answered(n=1, child=[{"name": "Ana"}, {"name": "Bo"}])
    reason = instance.why_hidden("/data/child[2]/name", "fr")
    assert reason is not None
    assert (reason.kind, reason.path) == ("row", "/data/child[2]")
    assert reason.params == {"label": "Enfant", "count": 1}
    assert said(reason) == [("Enfants", "1")]
    assert reason.message % reason.params == "“Enfant” has 1 lines, according to other answers: this is one too many."


def test_a_rule_in_a_row_reads_the_answers_of_that_row() -> None:
    instance = answered(n=2, child=[{"name": "Ana", "age": 12}, {"name": "Bo", "age": 3}])
    assert instance.why_hidden("/data/child[1]/school", "fr") is None
    reason = instance.why_hidden("/data/child[2]/school", "fr")
    assert reason is not None
    assert reason.params["label"] == "École de Bo"
    assert [read.path for read in reason.reads] == ["/data/child[2]/age"]
    assert said(reason) == [("Âge", "3")]


def test_a_needed_answer_says_why() -> None:
    instance = answered(lives="yes", income=400, budget={"rent": 300})
    assert said(instance.why_required("/data/budget/why", "fr")) == [("Ressources", "400")]
    instance.set("/data/income", "550")
    assert instance.why_required("/data/budget/why", "fr") is None
    assert instance.why_required("/data/income", "fr") is None


def test_a_refused_answer_says_what_it_does_not_go_with() -> None:
    instance = answered(lives="yes", income=400, budget={"rent": 300, "why": "dear"})
    assert said(instance.why_refused("/data/budget/why", "en")) == [("Income", "400")]
    instance.set("/data/budget/why", "much too dear")
    assert instance.why_refused("/data/budget/why", "en") is None


def without_income(question: Question) -> bool:
    return question.name not in {"income", "rent"}


def test_an_answer_the_reader_may_not_see_is_neither_named_nor_shown() -> None:
    reason = answered(lives="yes", income=0).why_hidden("/data/budget/rent", "fr", without_income)
    assert reason is not None
    assert [(read.path, read.label, read.shown, read.withheld) for read in reason.reads] == [("", "", "", True)]
    assert reason.rule == ""


def test_several_withheld_answers_are_told_once_and_labels_do_not_give_them_away() -> None:
    instance = answered(lives="yes", income=400, budget={"rent": 12345})
    instance.set("/data/income", "1000000")
    reason = instance.why_hidden("/data/budget/why", "fr", lambda question: question.name in {"why", "lives"})
    assert reason is not None
    assert reason.params["label"] == "Pourquoi …"
    assert said(reason) == [("Vit ici", "Oui"), ("", "")]
    assert "12345" not in str(reason)


def test_hidden_answers_are_read_as_blank() -> None:
    instance = answered(lives="yes", income=1000, budget={"rent": 900})
    instance.set("/data/income", "0")
    reason = instance.why_hidden("/data/budget/why", "en")
    assert said(reason) == [("Lives here", "Yes"), ("Share", "")]


@pytest.mark.parametrize("path", ["/data/nothing", "/data/child[9]", "x", ""])
def test_a_path_that_leads_nowhere_has_no_reason(path: str) -> None:
    with pytest.raises(UnknownPath):
        answered().why_hidden(path, "fr")
