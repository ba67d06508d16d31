"""A common form is changed in small ways: what was asked changes, everything else stays, nothing is dropped unsaid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.adapting import (
    ADDABLE,
    Change,
    Needs,
    adapt,
    fresh_name,
    named_choices,
    shown,
    stored,
    taken_back,
    told,
    with_change,
)
from forms.comparing import compare
from forms.definition import load
from forms.findings import FormRefused
from forms.rewriting import as_xlsx
from forms.structure import Form
from forms.xlsform import compile_xlsform

WRITTEN = """
| survey |
| | type | name | label::fr | label::en | hint::fr | required | relevant | calculation |LEVEL|PURPOSE|SECTION|INDEX|
| | begin group | A | Le logement | The dwelling | | | | | | | | |
| | select_one oui_non | cave | Une cave ? | A cellar? | | yes | | | V1 | logement | A | |
| | text | ou | Où est-elle ? | Where is it? | À pied | | ${cave} = 'oui' | | V1 | logement | A | |
| | select_one oui_non | garage | Un garage ? | A garage? | | | | | V1 | logement | A | |
| | integer | loyer | Loyer | Rent | | yes | | | V2 | budget | A | |
| | integer | aide | Aide | Benefit | | yes | | | V2 | budget | A | |
| | integer | reste | Reste | Rest | | | | ${loyer} - ${aide} | V2 | budget | A | |
| | select_one zone | zone | Secteur | Area | | yes | | | V1 | logement | A | yes |
| | end group | | | | | | | | | | | |
| | begin group | B | Les personnes | The people | | | | | | | | |
| | begin repeat | enfant | Enfant | Child | | | | | | | | |
| | text | prenom | Prénom | First name | | yes | | | V1 | identite | B | |
| | end repeat | | | | | | | | | | | |
| | text | mot | Un mot pour ${prenom2} | A word | | | | | V1 | suivi | B | |
| | text | prenom2 | Votre prénom | Your name | | | | | V1 | suivi | B | |
| | end group | | | | | | | | | | | |
| choices |
| | list_name | name | label::fr | label::en |
| | oui_non | oui | Oui | Yes |
| | oui_non | non | Non | No |
| | zone | nord | Nord | North |
| | zone | sud | Sud | South |
"""
SURVEY = re.sub(r"[A-Z]{5,}", lambda found: f"bind::relais:{found.group().lower()}", WRITTEN).encode()
NEEDS = Needs({"/data/B/mot": (("It serves for the step “%(step)s”.", {"step": "Visa"}),)}, frozenset({"zone"}))


@pytest.fixture(scope="module")
def common() -> Form:
    return load(compile_xlsform(SURVEY, "form.md").xml)


def adapted(common: Form, *changes: Change) -> Form:
    made = adapt(SURVEY, "form.md", common, changes, NEEDS)
    assert not made.missed
    return load(compile_xlsform(made.workbook, made.filename).xml)


def refused(common: Form, *changes: Change) -> str:
    """Why the last of these changes is not possible."""
    no = adapt(SURVEY, "form.md", common, changes, NEEDS).missed[len(changes) - 1]
    return f"{no.why % no.params} {no.so}".strip()


def differences(common: Form, *changes: Change) -> list[tuple[str, str]]:
    return [(found.kind, found.name) for found in compare(common, adapted(common, *changes), "fr")]


def test_other_words_change_nothing_else(common: Form) -> None:
    change = Change("text", "A/ou", {"label": {"fr": "Où se trouve-t-elle ?"}, "hint": {"fr": "", "en": "On foot"}})
    found = adapted(common, change).questions["/data/A/ou"]
    assert (found.label["fr"], found.label["en"], found.hint.has("fr")) == (
        "Où se trouve-t-elle ?",
        "Where is it?",
        False,
    )
    assert {name for _kind, name in differences(common, change)} == {"ou"}


def test_a_group_gets_another_title(common: Form) -> None:
    assert differences(common, Change("text", "B", {"label": {"fr": "Le ménage"}})) == [("label", "B")]
    assert refused(common, Change("text", "A/cave", {"label": {"fr": " "}})) == "A question needs words."


def test_choices_of_one_question_leave_the_others_of_the_same_list_alone(common: Form) -> None:
    added = named_choices([{"fr": "Peut-être", "en": "Maybe"}], (), ["oui", "non"])
    told = {"labels": {"oui": {"fr": "Oui, un"}}, "added": added}
    form = adapted(common, Change("choices", "A/garage", told))
    assert [choice.label["fr"] for choice in form.questions["/data/A/garage"].choices] == [
        "Oui, un",
        "Non",
        "Peut-être",
    ]
    assert [choice.label["fr"] for choice in form.questions["/data/A/cave"].choices] == ["Oui", "Non"]


def test_a_choice_that_decides_something_or_is_one_of_the_last_two_stays(common: Form) -> None:
    more = [{"name": "peut_etre", "label": {"fr": "Peut-être"}}]
    hidden = Change("choices", "A/cave", {"hidden": ["oui"], "added": more})
    assert "Où est-elle" in refused(common, hidden)
    assert refused(common, Change("choices", "A/garage", {"hidden": ["oui"]})) == "At least two choices must remain."
    assert "The operation itself fills" in refused(common, Change("choices", "A/zone", {"hidden": ["sud"]}))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (Change("hide", "A/cave"), "It decides whether “Où est-elle ?” is asked. It cannot be hidden."),
        (Change("hide", "A/loyer"), "It serves to calculate “Reste”. It cannot be hidden."),
        (Change("hide", "B/prenom2"), "It is quoted in “Un mot pour …”. It cannot be hidden."),
        (Change("hide", "A/zone"), "Lists and figures use its answer. It cannot be hidden."),
        (Change("hide", "B/mot"), "It serves for the step “Visa”. It cannot be hidden."),
        (Change("hide", "A"), "Lists and figures use its answer. It cannot be hidden."),
        (Change("required", "A/loyer", {"required": False}), "It serves to calculate “Reste”."),
        (Change("required", "A/zone", {"required": False}), "Lists and figures use its answer."),
        (Change("required", "A/reste", {"required": True}), "Nobody answers this."),
        (Change("move", "A/cave", {"into": "A", "after": "A/ou"}), "must come before “Où est-elle ?”"),
        (Change("move", "B/mot", {"into": "A", "after": ""}), "It serves for the step “Visa”. It cannot be put there."),
        (Change("move", "B/enfant/prenom", {"into": "A", "after": ""}), "It is asked line by line in one place"),
        (Change("move", "A", {"into": "B", "after": ""}), "A group of questions stays where it is"),
        (Change("text", "A/parti", {"label": {"fr": "Ici"}}), "no longer in the common form"),
    ],
)
def test_what_something_else_needs_stays_and_the_reason_says_what(common: Form, change: Change, why: str) -> None:
    assert why in refused(common, change)


def test_a_question_nobody_needs_any_more_can_be_hidden_after_what_needed_it(common: Form) -> None:
    form = adapted(common, Change("hide", "A/ou"), Change("hide", "A/cave"))
    assert form.questions["/data/A/cave"].relevant.text == "false()"


def test_an_added_question_is_asked_where_it_was_put_and_reads_like_its_neighbours(common: Form) -> None:
    name = fresh_name("op", "Combien de vélos ?", ())
    asked = {"kind": "integer", "label": {"fr": "Combien de vélos ?", "en": "How many bicycles?"}, "into": "A"}
    asked |= {"after": "A/cave", "required": True, "level": "V1", "purpose": "logement"}
    asked |= {"only_if": {"question": "A/cave", "value": "oui"}}
    form = adapted(common, Change("add", f"A/{name}", asked))
    question = form.questions[f"/data/A/{name}"]
    assert list(form.questions).index(question.path) == list(form.questions).index("/data/A/cave") + 1
    assert (question.kind, question.level, question.section, question.purpose) == ("integer", "V1", "A", ("logement",))
    assert question.relevant.text.replace(" ", "") == "/data/A/cave='oui'"
    assert [kind for kind, _name in differences(common, Change("add", f"A/{name}", asked))] == ["added"]


@pytest.mark.parametrize("kind", list(ADDABLE))
def test_every_kind_that_can_be_added_gives_a_form_without_remarks(common: Form, kind: str) -> None:
    choices = named_choices([{"fr": "Un", "en": "One"}, {"fr": "Deux", "en": "Two"}])
    asked = {
        "kind": kind,
        "label": {"fr": "Et ?", "en": "And?"},
        "into": "B",
        "after": "",
        "level": "V2",
        "choices": choices,
    }
    made = adapt(SURVEY, "form.md", common, [Change("add", "B/op__et", {**asked, "purpose": "suivi"})])
    assert not made.blamed(compile_xlsform(made.workbook, made.filename).findings).get(0)


def test_a_common_form_that_comes_later_keeps_the_changes_that_still_have_a_place(common: Form) -> None:
    changes = (
        Change("text", "A/garage", {"label": {"fr": "Un box ?"}}),
        Change("text", "A/aide", {"label": {"fr": "L’aide"}}),
    )
    later = SURVEY.replace(
        b"| | select_one oui_non | garage | Un garage ? | A garage? | | | | | V1 | logement | A | |\n", b""
    )
    form = load(compile_xlsform(later, "form.md").xml)
    made = adapt(later, "form.md", form, changes)
    assert list(made.missed) == [0]
    assert load(compile_xlsform(made.workbook, made.filename).xml).questions["/data/A/aide"].label["fr"] == "L’aide"


def test_a_question_that_the_common_form_moved_is_found_by_its_name(common: Form) -> None:
    made = adapt(SURVEY, "form.md", common, [Change("text", "elsewhere/garage", {"label": {"fr": "Un box ?"}})])
    assert not made.missed


def test_what_the_check_says_is_said_of_the_change(common: Form) -> None:
    asked = {"kind": "text", "label": {"fr": "Quoi, ${rien} ?"}, "into": "B", "after": "", "level": "V2"}
    made = adapt(SURVEY, "form.md", common, [Change("hide", "A/garage"), Change("add", "B/op__quoi", asked)])
    with pytest.raises(FormRefused) as stopped:
        compile_xlsform(made.workbook, made.filename)
    assert any(one.level == "refused" for one in made.blamed(stopped.value.findings)[1])


def test_a_question_that_moved_keeps_the_changes_made_to_it(common: Form) -> None:
    changes: tuple[Change, ...] = ()
    for change in (
        Change("move", "A/garage", {"into": "B", "after": ""}),
        Change("text", "B/garage", {"label": {"fr": "Un box ?"}}),
        Change("move", "B/garage", {"into": "B", "after": "B/mot"}),
    ):
        changes = with_change(changes, change)
    assert [one.do for one in changes] == ["text", "move"]
    form = adapted(common, *changes)
    assert form.questions["/data/B/garage"].label["fr"] == "Un box ?"
    assert taken_back(changes, 1) == changes[:1]


def test_taking_back_an_added_question_takes_what_was_said_about_it(common: Form) -> None:
    asked = {"kind": "text", "label": {"fr": "Quoi ?"}, "into": "B", "after": ""}
    changes = with_change((), Change("add", "B/op__quoi", asked))
    changes = with_change(changes, Change("required", "B/op__quoi", {"required": True}))
    assert taken_back(changes, 0) == ()


def test_changes_are_kept_as_plain_data_and_come_back_the_same() -> None:
    changes = (Change("hide", "A/garage"), Change("text", "A/ou", {"label": {"fr": "Où ?"}}))
    assert told(stored(changes)) == changes


def test_choices_keep_their_names_when_others_are_added_between_them() -> None:
    first = named_choices([{"fr": "Petit"}, {"fr": "Grand"}])
    again = named_choices([{"fr": "Petit"}, {"fr": "Moyen"}, {"fr": "Grand"}, {"fr": "Moyen"}], first)
    assert [one["name"] for one in again] == ["petit", "moyen", "grand", "moyen_2"]


def test_a_workbook_that_was_a_text_gives_the_same_form_and_always_the_same_bytes() -> None:
    folder = Path(__file__).parent
    for source in (SURVEY, (folder / "household.md").read_bytes()):
        workbook, name = as_xlsx(source, "form.md")
        assert compile_xlsform(workbook, name).xml == compile_xlsform(source, "form.md").xml
        assert as_xlsx(workbook, name) == (workbook, name)


# -- whatever is asked ---------------------------------------------------------------------------------------------

PLACES = [*shown(SURVEY, "form.md", "fr"), "A/parti", ""]
plain = st.text(st.characters(blacklist_categories=("Cs",)), max_size=12)
texts = st.one_of(plain, st.sampled_from(["${rien}", "${cave}", "-", "a | b", "<b>", "_x0041_", "=1+1"]))
at = st.sampled_from(PLACES)
labels = st.dictionaries(st.sampled_from(["fr", "en", "ar"]), texts, max_size=2)
choices = st.lists(
    st.builds(lambda name, label: {"name": name, "label": {"fr": label}}, st.sampled_from("abc"), texts), max_size=2
)
changes = st.lists(
    st.one_of(
        st.builds(lambda at, label, hint: Change("text", at, {"label": label, "hint": hint}), at, labels, labels),
        st.builds(lambda at: Change("hide", at), at),
        st.builds(lambda at, needed: Change("required", at, {"required": needed}), at, st.booleans()),
        st.builds(lambda at, into, after: Change("move", at, {"into": into, "after": after}), at, at, at),
        st.builds(
            lambda at, hidden, added: Change("choices", at, {"hidden": hidden, "added": added}),
            at,
            st.lists(st.sampled_from(["oui", "nord"]), max_size=1),
            choices,
        ),
        st.builds(
            lambda kind, label, into, after, question: Change(
                "add",
                f"{into}/op__{kind}".lstrip("/"),
                {
                    "kind": kind,
                    "label": {"fr": label},
                    "into": into,
                    "after": after,
                    "choices": [{"name": "x", "label": {"fr": "X"}}, {"name": "y", "label": {"fr": "Y"}}],
                    "only_if": {"question": question, "value": "oui"} if question else {},
                },
            ),
            st.sampled_from(list(ADDABLE)),
            texts,
            st.sampled_from(["A", "B", "B/enfant", ""]),
            at,
            at,
        ),
    ),
    max_size=4,
)


@given(changes)
@settings(max_examples=40, deadline=None)
def test_any_changes_give_a_form_or_say_which_of_them_is_in_the_way(asked: Sequence[Change]) -> None:
    common = load(compile_xlsform(SURVEY, "form.md").xml)
    made = adapt(SURVEY, "form.md", common, asked, NEEDS)
    try:
        form = load(compile_xlsform(made.workbook, made.filename).xml)
    except FormRefused as stopped:
        assert any(place >= 0 for place in made.blamed(stopped.findings)), stopped
        return
    moved = {one.name for place, one in enumerate(asked) if place not in made.missed}
    touched = {found.name for found in compare(common, form, "fr") if found.kind != "reordered"}
    inside = {
        one.name for name in moved for group in form.groups.values() if group.name == name for one in group.questions()
    }
    assert touched <= moved | inside
