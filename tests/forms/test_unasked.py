"""What a set of answers leaves out, page by page: together when the same answers are the reason, never past a lens."""

from __future__ import annotations

from forms.comparing import as_written
from forms.definition import load
from forms.instance import Instance
from forms.pages import Item, page
from forms.unasked import Unasked, unasked
from forms.visibility import EVERYTHING, Lens
from forms.xlsform import compile_xlsform
from tests.forms.scenario import NOW

TABLE = """
| survey |
| | type | name | label::fr | label::en | relevant | required | constraint | repeat_count | calculation | LEVEL | FOR |
| | select_one yn | lives | Vit ici | Lives here | | | | | | V1 | |
| | begin_group | home | Logement | Dwelling | | | | | | V1 | |
| | decimal | income | Ressources | Income | | | | | | V2 | |
| | decimal | rent | Loyer | Rent | ${lives} = 'yes' | ${income} > 0 | . < ${income} | | | V1 | |
| | decimal | heat | Chauffage | Heating | ${lives} = 'yes' | | | | | V1 | |
| | decimal | help | Aide | Help | ${income} > 0 | | | | | V1 | |
| | calculate | poor | | | | | | | if(${income} < 500, 1, 0) | V1 | |
| | text | need | Besoin | Need | ${poor} = 1 | yes | | | | V1 | |
| | note | said | Merci | Thanks | ${lives} = 'yes' | | | | | V1 | |
| | text | ill | Maladie | Illness | | | | | | V4 | |
| | text | must | Il faut | Needs | ${lives} = 'yes' | | | | | V1 | ill |
| | text | lift | Ascenseur | Lift | ${must} != '' | | | | | V1 | |
| | text | never | Jamais | Never | false() | | | | | V1 | |
| | begin_group | detail | Détail | Detail | ${lives} = 'yes' | | | | | V1 | |
| | text | what | Quoi | What | | | | | | V1 | |
| | end_group | | | | | | | | | | |
| | end_group | | | | | | | | | | |
| | begin_group | kids | Enfants | Children | | | | | | V1 | |
| | integer | n | Combien | How many | | | | | | V1 | |
| | begin_repeat | child | Enfant | Child | | | | ${n} | | V1 | |
| | integer | age | Âge | Age | | | | | | V1 | |
| | text | school | École | School | ${age} > 5 | | | | | V1 | |
| | end_repeat | | | | | | | | | | |
| | begin_repeat | pet | Animal | Pet | ${lives} = 'yes' | | | | | V1 | |
| | text | called | Nom | Name | | | | | | V1 | |
| | end_repeat | | | | | | | | | | |
| | end_group | | | | | | | | | | |
| | begin_group | later | Suite | Then | ${lives} = 'yes' | | | | | V1 | |
| | text | one | Un | One | | | | | | V1 | |
| | text | two | Deux | Two | false() | | | | | V1 | |
| | end_group | | | | | | | | | | |
| choices |
| | list_name | name | label::fr | label::en |
| | yn | yes | Oui | Yes |
| | yn | no | Non | No |
"""
WRITTEN = TABLE.replace("LEVEL", "bind::relais:level").replace("FOR", "bind::relais:consequence")
FORM = load(compile_xlsform(WRITTEN.encode(), "form.md").xml)
LANDLORD = Lens(frozenset({"V0", "V1"}))


def answered(**answers: object) -> Instance:
    return Instance.from_answers(FORM, answers, NOW)


def parts(instance: Instance, page: str, lens: Lens = EVERYTHING) -> list[Unasked]:
    found = {one.path: one for one in unasked(instance, lens, "fr")}
    return list(found[f"/data/{page}"].parts) if f"/data/{page}" in found else []


Told = tuple[str, list[str], list[tuple[str, str]]]


def told(instance: Instance, page: str, lens: Lens = EVERYTHING) -> list[Told]:
    """Where, what is left out, the answers that leave it out."""
    return [_told(one) for one in parts(instance, page, lens)]


def _told(one: Unasked) -> Told:
    labels = [reason.params["label"] for reason in one.reasons]
    return one.where, labels, [(read.label, read.shown) for read in one.reads]


def test_questions_left_out_because_of_the_same_answers_are_told_together() -> None:
    first = told(answered(lives="no", home={"income": 900}), "home")[0]
    assert first == ("", ["Loyer", "Chauffage", "Il faut", "Détail"], [("Vit ici", "Non")])


def test_a_part_stands_for_what_it_holds_and_notes_are_not_asked() -> None:
    labels = [label for _, found, _ in told(answered(lives="no"), "home") for label in found]
    assert "Quoi" not in labels
    assert "Merci" not in labels


def test_a_page_left_out_is_told_once() -> None:
    found = {one.path: one for one in unasked(answered(lives="no"), EVERYTHING, "fr")}
    later = found["/data/later"]
    assert (later.whole, later.label, len(later.parts)) == (True, "Suite", 1)
    assert not found["/data/home"].whole


def test_what_is_asked_is_not_told() -> None:
    instance = answered(lives="yes", home={"income": 400, "must": "calme"})
    assert [label for _, found, _ in told(instance, "home") for label in found] == ["Jamais"]
    assert told(instance, "home")[0][2] == []


def test_a_calculation_without_a_name_is_told_by_what_it_reads() -> None:
    assert ("", ["Besoin"], [("Ressources", "900")]) in told(answered(lives="yes", home={"income": 900}), "home")


def test_rows_say_which_they_are_and_rows_too_many_are_told_once() -> None:
    instance = answered(lives="yes", kids={"n": 2, "child": [{"age": 3}, {"age": 8}, {"age": 9}, {"age": 9}]})
    found = parts(instance, "kids")
    assert [(one.where, one.reasons[0].kind, one.reasons[0].path) for one in found] == [
        ("Enfant 1", "question", "/data/kids/child[1]/school"),
        ("", "row", "/data/kids/child[3]"),
    ]


def test_a_list_that_may_not_have_any_line_is_told_whether_it_has_lines_or_not() -> None:
    kept = answered(lives="no", kids={"n": 0, "pet": [{"called": "Rex"}, {"called": "Miro"}]})
    emptied = answered(lives="no", kids={"n": 0})
    emptied.remove_row("/data/kids/pet", 1)
    for instance in (kept, emptied):
        assert told(instance, "kids") == [("", ["Animal"], [("Vit ici", "Non")])]
    assert parts(emptied, "kids")[0].reasons[0].path == "/data/kids/pet"


def test_a_reader_is_told_of_no_question_and_no_answer_their_lens_hides() -> None:
    instance = answered(lives="no", home={"income": 123456})
    found = told(instance, "home", LANDLORD)
    assert ("", ["Aide"], [("Ressources", "123456")]) not in found
    assert ("", ["Besoin", "Ascenseur"], [("", "")]) in found
    assert "123456" not in str(unasked(instance, LANDLORD, "fr"))
    assert "Ressources" not in str(unasked(instance, LANDLORD, "fr"))


def test_a_consequence_is_named_only_before_who_reads_its_cause() -> None:
    """Even as the answer that another rule reads: that there is one says that there is a cause."""
    for ill in ("", "Asthme"):
        instance = answered(lives="no", home={"ill": ill, "must": "sans marche"})
        assert "Il faut" not in str(unasked(instance, LANDLORD, "fr"))
        assert "Il faut" in str(unasked(instance, EVERYTHING, "fr"))


def test_nothing_is_told_to_who_sees_nothing() -> None:
    assert unasked(answered(lives="no"), Lens(frozenset()), "fr") == ()


def test_the_author_reads_the_rule_as_it_was_written() -> None:
    reason = parts(answered(lives="no"), "home")[0].reasons[0]
    assert as_written(reason.rule) == "${lives} = 'yes'"


# -- beside a question


def rent(instance: Instance, lens: Lens = EVERYTHING) -> Item:
    items = page(instance, "/data/home", "fr", instance.errors("/data/home"), lens)
    return next(item for item in items if item.path == "/data/home/rent")


def test_a_missing_answer_says_which_other_answers_need_it() -> None:
    why = rent(answered(lives="yes", home={"income": 800})).why
    assert why is not None
    assert [(read.label, read.shown) for read in why.reads] == [("Ressources", "800")]


def test_a_refused_answer_says_which_other_answers_it_does_not_go_with() -> None:
    item = rent(answered(lives="yes", home={"income": 800, "rent": 900}))
    assert item.why is not None
    assert item.error is not None
    assert (item.error.kind, [read.label for read in item.why.reads]) == ("constraint", ["Ressources"])


def test_an_answer_that_is_given_and_right_asks_for_no_reason() -> None:
    assert rent(answered(lives="yes", home={"income": 800, "rent": 500})).why is None


def test_a_rule_that_reads_no_other_answer_has_nothing_to_explain() -> None:
    items = page(answered(lives="yes", home={"income": 100}), "/data/home", "fr")
    need = next(item for item in items if item.path == "/data/home/need")
    assert (need.required, need.why) == (True, None)


def test_beside_a_question_a_hidden_answer_stays_hidden() -> None:
    why = rent(answered(lives="yes", home={"income": 123456}), LANDLORD).why
    assert why is not None
    assert [(read.label, read.withheld) for read in why.reads] == [("", True)]
    assert "123456" not in str(why)
