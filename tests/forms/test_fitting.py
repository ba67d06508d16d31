"""A form fitted to one operation: its lists get the operation's own choices, whatever their names look like."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forms.definition import Form, load
from forms.fitting import choice_name, with_choices
from forms.xlsform import compile_xlsform

FORM = """
| survey |                      |         |                     |                     |          |
|        | type                 | name    | label::French (fr)  | label::English (en) | required |
|        | select_multiple who  | agreed  | Qui peut lire ?     | Who may read?       |          |
|        | select_one who       | first   | Qui en premier ?    | Who first?          | yes      |
|        | select_one yes_no    | told    | Expliqué ?          | Explained?          | yes      |
| choices |           |       |                    |                     |
|         | list_name | name  | label::French (fr) | label::English (en) |
|         | who       | any   | N’importe qui      | Anybody             |
|         | who       | other | Quelqu’un d’autre  | Somebody else       |
|         | yes_no    | oui   | Oui                | Yes                 |
|         | yes_no    | non   | Non                | No                  |
| settings |         |                  |
|          | form_id | default_language |
|          | fitted  | French (fr)      |
""".encode()
ACTIS = {"name": "actis", "label": {"fr": "ACTIS, votre bailleur", "en": "ACTIS, your landlord"}}


def fitted(**lists: Sequence[Mapping[str, Any]]) -> Form:
    return load(compile_xlsform(FORM, "form.md", lists).xml)


def offered(form: Form, question: str = "agreed", lang: str = "fr") -> dict[str, str]:
    """{name: words} of the choices of a question."""
    asked = form.questions[next(path for path in form.questions if path.endswith(f"/{question}"))]
    return {choice.value: choice.label.get(lang) for choice in asked.choices}


def test_a_list_gets_the_choices_of_the_operation_in_their_order() -> None:
    form = fitted(who=[ACTIS, {"name": "caf", "label": {"fr": "La CAF", "en": "The CAF"}}])
    assert offered(form) == {"actis": "ACTIS, votre bailleur", "caf": "La CAF"}
    assert list(offered(form)) == ["actis", "caf"]
    assert offered(form, lang="en")["actis"] == "ACTIS, your landlord"


def test_every_question_of_that_list_gets_them_and_the_others_stay() -> None:
    form = fitted(who=[ACTIS])
    assert set(offered(form, "first")) == {"actis"}
    assert offered(form, "told") == {"oui": "Oui", "non": "Non"}


def test_a_choice_without_words_is_the_one_the_form_has_under_that_name() -> None:
    form = fitted(who=[ACTIS, {"name": "other"}, {"name": "nowhere"}])
    assert offered(form) == {"actis": "ACTIS, votre bailleur", "other": "Quelqu’un d’autre"}


def test_a_language_without_words_takes_the_french_ones() -> None:
    assert offered(fitted(who=[{"name": "a", "label": {"fr": "Une mairie"}}]), lang="en") == {"a": "Une mairie"}


def test_a_choice_with_empty_words_shows_its_name() -> None:
    assert offered(fitted(who=[{"name": "a", "label": {"fr": "  ", "en": ""}}])) == {"a": "a"}


def test_a_list_is_never_left_without_choices() -> None:
    assert set(offered(fitted(who=[]))) == set(offered(fitted(who=[{"name": "nowhere"}]))) == {"any", "other"}


def test_a_list_the_form_does_not_have_changes_nothing() -> None:
    assert compile_xlsform(FORM, "form.md", {"elsewhere": [ACTIS]}).xml == compile_xlsform(FORM, "form.md").xml


def test_two_choices_of_one_name_are_offered_once() -> None:
    assert offered(fitted(who=[ACTIS, ACTIS | {"label": {"fr": "Encore"}}])) == {"actis": "ACTIS, votre bailleur"}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Toits | Murs", "Toits | Murs"),
        ("« L’Étoile » \"x\" 'y'", "« L’Étoile » \"x\" 'y'"),
        ("🏠 Logis", "🏠 Logis"),
        ("<b>Foyer</b> & Fils", "<b>Foyer</b> & Fils"),
        ("x" * 200, "x" * 200),
        ("Deux\nlignes", "Deux lignes"),
        ("Bruit\x07 et \x00nul", "Bruit et nul"),
        ("${agreed}", "$ {agreed}"),
        ("${personne}", "$ {personne}"),
        ("=1+1", "=1+1"),
        ("12", "12"),
        ("{{ x }} *y* #z", "{{ x }} *y* #z"),
    ],
)
def test_a_partner_is_called_as_it_was_typed_whatever_its_name_holds(typed: str, shown: str) -> None:
    assert offered(fitted(who=[{"name": "p", "label": {"fr": typed, "en": typed}}])) == {"p": shown}


def test_a_name_with_spaces_cannot_cut_an_answer_in_two() -> None:
    assert choice_name("Les Toits de Belledonne") == "Les-Toits-de-Belledonne"
    assert choice_name("🏠") == "autre"


@example({"0": "-"})
@given(st.dictionaries(st.text(min_size=1, max_size=30), st.text(max_size=60), min_size=1, max_size=8))
@settings(max_examples=60)
def test_any_names_give_a_form_that_compiles_with_choices_that_can_be_told_apart(told: dict[str, str]) -> None:
    form = fitted(who=[{"name": name, "label": {"fr": label}} for name, label in told.items()])
    names = list(offered(form))
    assert set(names) == {choice_name(name) for name in told}
    assert not any(" " in name for name in names)
    assert all(offered(form).values())


def test_the_workbook_that_is_fitted_is_left_as_it_was() -> None:
    sheets = {"choices": [{"list_name": "who", "name": "any", "label": "Anybody"}]}
    with_choices(sheets, {"who": [ACTIS]})
    assert sheets == {"choices": [{"list_name": "who", "name": "any", "label": "Anybody"}]}
