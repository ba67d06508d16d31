"""What a reader may see: the question is hidden, not only its answer."""

from __future__ import annotations

from datetime import date

from forms.compiler import page
from forms.definition import Form
from forms.instance import Instance, Now
from forms.structure import LEVELS
from forms.visibility import EVERYTHING, Lens, View, data, facts, view

COMMISSION = Lens(frozenset({"V0", "V1"}), exclude_purposes=frozenset({"identite", "contact"}))
LANDLORD = Lens(frozenset({"V0", "V1", "V2"}))


def everything_in(found: View) -> str:
    return repr(found)


def test_a_reader_of_v1_sees_neither_the_question_nor_the_answer_of_v3(household: Instance) -> None:
    text = everything_in(view(household, LANDLORD, "fr"))
    assert "Mesure de protection" not in text
    assert "tutelle" not in text.lower()
    assert "Mesure de protection" in everything_in(view(household, EVERYTHING, "fr"))


def test_the_commission_sees_no_names_even_inside_labels(household: Instance) -> None:
    text = everything_in(view(household, COMMISSION, "fr"))
    assert "Belkacem" not in text
    assert "Âge de …" in text


def test_the_page_of_a_reader_does_not_leak_names_through_labels_either(household: Instance) -> None:
    assert "Belkacem" not in repr(page(household, "/data/C", "fr", lens=COMMISSION))


def test_a_formula_is_not_spelled_out_to_who_may_not_see_its_answers(household: Instance) -> None:
    bands_only = Lens(frozenset({"V2"}), exclude_purposes=frozenset())
    rows = {item.name: item for item in page(household, "/data/E", "fr", lens=bands_only)}
    assert rows["data:E:effort"].explanation
    hidden = Lens(frozenset({"V1", "V2"}), sections=frozenset({"E"}))
    assert all("1\u202f400" not in item.label for item in page(household, "/data/E", "fr", lens=hidden))


def test_a_repeat_without_a_visible_question_disappears_with_its_count(household: Instance) -> None:
    only_identity_hidden = Lens(frozenset({"V2"}))
    found = view(household, only_identity_hidden, "fr")
    assert [section.label for section in found.sections] == ["Budget"]
    assert "person" not in data(household, only_identity_hidden, "fr").get("C", {})


def test_a_repeat_becomes_a_table_with_one_line_per_row(household: Instance) -> None:
    table = view(household, LANDLORD, "fr").sections[1].tables[0]
    assert table.header == ("Nom", "Âge de …")
    assert table.rows == (("Amina Belkacem", "41"), ("Sami Belkacem", "9"))


def test_purposes_and_sections_narrow_the_view(household: Instance) -> None:
    budget = Lens(frozenset({"V1", "V2"}), purposes=frozenset({"budget"}))
    assert {row.name for row in view(household, budget, "fr").rows()} == {"rent", "aid", "income", "effort"}
    interview = Lens(frozenset({"V1"}), sections=frozenset({"A"}))
    assert {row.name for row in view(household, interview, "fr").rows()} == {"A13", "A5"}


def test_what_is_not_relevant_is_in_no_view(household: Instance) -> None:
    household.set("/data/A/A13", "non")
    assert [section.label for section in view(household, EVERYTHING, "fr").sections] == ["Entretien"]
    assert data(household, EVERYTHING, "fr")["E"] == {}
    assert {fact.name for fact in facts(household)} == {"A13", "A5"}


def test_documents_get_typed_values_and_how_they_read(household: Instance) -> None:
    found = data(household, LANDLORD, "fr")
    assert (found["E"]["rent"], found["E"]["rent_shown"]) == (520.5, "520,50")
    assert (found["E"]["areas"], found["E"]["areas_shown"]) == (("mistral", "centre"), "Mistral, Centre")
    assert found["C"]["person"][0]["C1"] == "Amina Belkacem"
    assert "C12" not in found["C"]["person"][0]


def test_facts_are_indexed_answers_that_lists_may_read(household: Instance) -> None:
    found = {fact.name: fact for fact in facts(household)}
    assert set(found) == {"A13", "A5", "persons", "band"}
    assert found["A5"].date == date(2026, 3, 2)
    assert found["band"].text == "soutenable"


def test_an_indexed_question_of_a_higher_level_never_becomes_a_fact(form_of, now: Now) -> None:
    table = """
| survey |
| | type | name | label | bind::relais:level | bind::relais:index |
| | text | secret | Secret | V3 | yes |
| | text | money | Money | V2 | yes |
"""
    form: Form = form_of(table)
    assert facts(Instance.from_answers(form, {"secret": "x", "money": "y"}, now)) == []


BORROWED = """
| survey |
| | type | name | label | bind::relais:level | bind::relais:purpose |
| | begin repeat | person | Person | V1 | |
| | text | nm | Name | V3 | identite |
| | text | town | Town | V1 | contact |
| | end repeat | | | | |
| | select_one ${nm} | who | Who | V1 | suivi |
| | select_one ${town} | where | Where | V1 | suivi |
"""


def test_answers_of_no_declared_level_lend_the_usual_one(form_of, now: Now) -> None:
    form: Form = form_of(BORROWED.replace("| V1 | |\n", "| | |\n", 1).replace("V3 | identite", " | "))
    assert form.questions["/data/who"].level == "V2"


def test_answers_on_a_page_that_is_hidden_lend_nothing_to_another(form_of, now: Now) -> None:
    form: Form = form_of(BORROWED)
    instance = Instance.from_answers(form, {"person": [{"nm": "Amina", "town": "Vizille"}], "where": "Vizille"}, now)
    elsewhere = Lens(frozenset(LEVELS), sections=frozenset({"data"}))
    assert "Vizille" not in repr((view(instance, elsewhere, "fr"), data(instance, elsewhere, "fr")))


def test_a_question_whose_choices_are_answers_is_as_secret_as_those_answers(form_of, now: Now) -> None:
    people = [{"nm": "Amina Belkacem", "town": "Vizille"}]
    form: Form = form_of(BORROWED)
    instance = Instance.from_answers(form, {"person": people, "who": "Amina Belkacem", "where": "Vizille"}, now)
    assert [choice.label["default"] for choice in instance.choices("/data/who")] == ["Amina Belkacem"]
    assert instance.errors() == []
    assert "Belkacem" not in repr(view(instance, LANDLORD, "fr"))
    without_contact = Lens(frozenset({"V1"}), exclude_purposes=frozenset({"contact"}))
    assert "Vizille" not in repr((view(instance, without_contact, "fr"), data(instance, without_contact, "fr")))
