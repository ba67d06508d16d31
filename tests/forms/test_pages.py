"""One page: what it shows, what a post does to the answers, what it gives back when something is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from forms.compiler import Item, apply, change_rows, name_of, page, page_form, path_of
from forms.definition import Form
from forms.instance import Instance, Now, RowLimit
from forms.visibility import Lens


def flat(items: tuple[Item, ...]) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for item in items:
        found[item.path] = item
        found |= flat(item.children)
        for row in item.rows:
            found |= flat(row.children)
    return found


def test_the_pages_are_the_groups_at_the_top(household_form: Form) -> None:
    assert [section.path for section in household_form.sections] == ["/data/A", "/data/C", "/data/E"]


def test_a_page_shows_its_questions_in_the_language_of_the_reader(household: Instance) -> None:
    rent = flat(page(household, "/data/E", "fr"))["/data/E/rent"]
    assert (rent.label, rent.hint, rent.value, rent.shown) == ("Loyer", "Sans les charges", "520,5", "520,50")
    assert (rent.required, rent.readonly, rent.kind_of_question) == (True, False, "decimal")
    assert flat(page(household, "/data/E", "en"))["/data/E/rent"].label == "Rent"


def test_a_computed_question_is_shown_with_its_formula_and_cannot_be_typed(household: Instance) -> None:
    effort = flat(page(household, "/data/E", "fr"))["/data/E/effort"]
    assert (effort.readonly, effort.shown) == (True, "24,3")
    assert effort.explanation == "(520,50 − 180) ÷ 1\u202f400 × 100"


def test_a_question_that_is_not_relevant_is_not_on_the_page(household: Instance) -> None:
    shown = flat(page(household, "/data/C", "fr"))
    assert "/data/C/person[1]/C12" in shown
    assert "/data/C/person[2]/C12" not in shown


def test_a_page_that_is_not_relevant_is_empty(household: Instance) -> None:
    household.set("/data/A/A13", "non")
    assert page(household, "/data/E", "fr") == ()


def test_a_note_mentions_a_calculation(household: Instance) -> None:
    assert flat(page(household, "/data/E", "fr"))["/data/E/total"].label == "Reste à charge de 2 personne(s)"


def test_a_reader_s_page_leaves_out_what_the_lens_hides(household: Instance) -> None:
    shown = flat(page(household, "/data/C", "fr", lens=Lens(frozenset({"V1"}))))
    assert "/data/C/person[1]/C12" not in shown
    assert "/data/C/person[1]/C1" in shown


def test_a_post_is_written_in_canonical_form(household: Instance) -> None:
    household.set("/data/E/areas", "")
    posted = MultiDict([("data:E:rent", "1 234,50 €"), ("data:E:areas", "centre"), ("data:E:areas", "mistral")])
    assert apply(household, posted, "/data/E") == []
    assert household.get("/data/E/rent") == "1234.50"
    assert household.get("/data/E/areas") == "centre mistral"


def test_nothing_typed_is_lost_when_it_is_wrong(household: Instance) -> None:
    errors = apply(household, {"data:E:rent": "cinq cents", "data:E:income": "1400"}, "/data/E")
    assert [(error.path, error.kind) for error in errors] == [("/data/E/rent", "type")]
    rent = flat(page(household, "/data/E", "fr", errors))["/data/E/rent"]
    assert rent.value == "cinq cents"
    assert rent.error is errors[0]


def test_the_author_s_sentence_stands_beside_the_field(household: Instance) -> None:
    errors = apply(household, {"data:E:rent": "-5"}, "/data/E")
    assert (
        flat(page(household, "/data/E", "fr", errors))["/data/E/rent"].error_text == "Un loyer ne peut pas être négatif"
    )


def test_unticked_boxes_are_emptied_because_browsers_do_not_send_them(household: Instance) -> None:
    apply(household, {"data:E:rent": "500"}, "/data/E")
    assert household.get("/data/E/areas") == ""


def test_a_partial_post_leaves_the_boxes_alone(household: Instance) -> None:
    apply(household, {"data:E:rent": "500"}, "/data/E", whole=False)
    assert household.get("/data/E/areas") == "mistral centre"


def test_a_post_cannot_write_calculations_other_pages_or_hidden_questions(household: Instance) -> None:
    posted = {
        "data:E:effort": "1",
        "data:A:A13": "non",
        "data:C:person~1:C12": "aucune",
        "data:C:person~1:C1": "Amina B.",
    }
    apply(household, posted, "/data/C", lens=Lens(frozenset({"V1"})))
    assert household.get("/data/E/effort") == "24.3"
    assert household.get("/data/A/A13") == "oui"
    assert household.get("/data/C/person[1]/C12") == "tutelle"
    assert household.get("/data/C/person[1]/C1") == "Amina B."


def test_a_post_to_an_unknown_page_is_refused(household: Instance) -> None:
    with pytest.raises(KeyError):
        apply(household, {}, "/data/Z")


def test_buttons_add_and_remove_rows(household: Instance) -> None:
    assert change_rows(household, {"add_row": "/data/C/person"}) == "/data/C/person[3]"
    assert change_rows(household, {"remove_row": "/data/C/person[1]"}) == "/data/C/person"
    assert household.get("/data/C/person[1]/C1") == "Sami Belkacem"
    assert change_rows(household, {}) is None


@pytest.mark.parametrize("path", ["/data/E", "/data/zzz", "x", "/data/C/person[99]", "/data/C/person[²]"])
def test_a_button_for_a_row_that_does_not_exist_does_nothing(household: Instance, path: str) -> None:
    before = household.to_xml()
    assert change_rows(household, {"remove_row": path}) is None
    assert household.to_xml() == before


def test_a_full_repeat_offers_no_new_row(household_form: Form, now: Now) -> None:
    instance = Instance.from_answers(household_form, {"A": {"A13": "oui"}}, now, row_limit=1)
    assert not flat(page(instance, "/data/C", "fr"))["/data/C/person"].may_add
    with pytest.raises(RowLimit):
        change_rows(instance, {"add_row": "/data/C/person"})


def test_a_wtforms_page_carries_the_posted_values_and_the_errors(household: Instance) -> None:
    form = page_form(household, "/data/E", "fr").bind(MultiDict([("data:E:rent", "-5"), ("data:E:city", "g")]))
    errors = form.save()
    assert [error.kind for error in form["data:E:rent"].errors] == ["constraint"]
    assert form["data:E:rent"].data == "-5"
    assert [error.path for error in errors] == ["/data/E/rent"]
    assert "data:E:effort" not in form


def test_a_wtforms_page_begins_with_the_stored_answers(household: Instance) -> None:
    form = page_form(household, "/data/E", "fr")
    assert form["data:E:rent"].data == "520,5"
    assert form["data:E:areas"].data == ["mistral", "centre"]


_step = st.tuples(st.from_regex(r"[A-Za-z_][\w.-]{0,8}", fullmatch=True), st.none() | st.integers(1, 999))


@given(st.lists(_step, min_size=1, max_size=6))
def test_a_name_in_the_page_leads_back_to_its_path(steps: list) -> None:
    path = "/" + "/".join(name if row is None else f"{name}[{row}]" for name, row in steps)
    assert path_of(name_of(path)) == path


UNTOUCHED = """
| survey |
| | type | name | label | appearance |
| | dateTime | at | At | |
| | time | hour | Hour | |
| | date | month | Month | month-year |
| | date | long_ago | Long ago | |
| | text | words | Words | |
| | select_multiple c | several | Several | |
| | acknowledge | told | Told | |
| choices |
| | list_name | name | label |
| | c | a | A |
| | c | b | B |
"""


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_page_sent_back_untouched_changes_no_answer(form_of, now: Now, lang: str) -> None:
    told = {
        "at": "2026-11-23T14:00:12.345+01:00",
        "hour": "10:30:00.000+01:00",
        "month": "2026-11-23",
        "long_ago": "0099-01-02",
        "words": "two  spaces",
        "several": ["b", "a"],
        "told": True,
    }
    instance = Instance.from_answers(form_of(UNTOUCHED), told, now)
    before = instance.answers()
    apply(instance, {item.name: item.value for item in page(instance, "/data", lang)}, "/data")
    assert instance.answers() == before


def test_a_box_that_was_not_ticked_is_not_shown_as_ticked(form_of, now: Now) -> None:
    instance = Instance.from_answers(form_of(UNTOUCHED), {"told": "no"}, now)
    [told] = [item for item in page(instance, "/data", "fr") if item.name == "data:told"]
    assert not told.value
    assert [error.path for error in instance.errors()] == ["/data/told"]
