"""A page posts all its answers at once: what one of them sets off is not written over by what it showed before."""

from __future__ import annotations

from forms.compiler import apply
from forms.instance import Instance
from tests.forms.scenario import NOW, form_of

FORM = form_of("""
| survey |
| | type | name | label | trigger | calculation |
| | begin_group | p | Page | | |
| | select_one city | city | City | | |
| | text | street | Street | ${city} | |
| | text | before | Before | ${after} | 'set off' |
| | text | after | After | | |
| | end_group | | | | |
| choices |
| | list_name | name | label |
| | city | g | Grenoble |
| | city | v | Voiron |
""")


def page(**answers: str) -> dict[str, str]:
    return {f"data:p:{name}": text for name, text in answers.items()}


def filled() -> Instance:
    instance = Instance.new(FORM, NOW)
    apply(instance, page(city="g", street="rue des Lilas", before="", after=""), "/data/p")
    return instance


def test_both_answers_of_one_page_are_kept() -> None:
    assert filled().get("/data/p/street") == "rue des Lilas"


def test_what_the_page_showed_before_does_not_come_back() -> None:
    instance = filled()
    apply(instance, page(city="v", street="rue des Lilas", before="", after=""), "/data/p")
    assert (instance.get("/data/p/city"), instance.get("/data/p/street")) == ("v", "")


def test_what_was_typed_after_the_answer_that_empties_it_is_kept() -> None:
    instance = filled()
    apply(instance, page(city="v", street="place Stalingrad", before="", after=""), "/data/p")
    assert instance.get("/data/p/street") == "place Stalingrad"


def test_an_answer_further_down_may_set_off_one_above() -> None:
    instance = filled()
    apply(instance, page(city="g", street="rue des Lilas", before="", after="x"), "/data/p")
    assert instance.get("/data/p/before") == "set off"


def test_the_same_page_again_changes_nothing() -> None:
    instance = filled()
    before = instance.to_xml()
    apply(instance, page(city="g", street="rue des Lilas", before="", after=""), "/data/p")
    assert instance.to_xml() == before
