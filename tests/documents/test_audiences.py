"""What a model writes for an audience that may not read it is found before anybody writes the paper."""

import pytest

from documents import model
from documents.audiences import too_high

LEVELS = {"household.income": "V2", "household.health": "V3", "household.members.born": "V2"}
READERS = {"commission": ("V0", "V1"), "household": ("V0", "V1", "V2")}


def found(body: str, title: str = "Essai", landlord: str = "") -> set[tuple[str, str, int | None]]:
    head = f'---\ntitle: "{title}"\nabout: household\nkind: sheet\naudiences: [commission, household]\n---\n'
    loaded = model.load(head + body)
    told = too_high(loaded, LEVELS, READERS, landlord)
    return {(str(one.params["audience"]), str(one.params["path"]), one.line) for one in told}


def test_a_value_above_the_level_of_an_audience_is_found_with_its_line():
    assert found("Texte\n\n{{ household.income | euro }}") == {("commission", "household.income", 9)}
    assert found("{{ household.health }}") == {
        ("commission", "household.health", 7),
        ("household", "household.health", 7),
    }


def test_what_may_be_read_is_no_finding():
    assert found("{{ household.display }} {{ anything }}") == set()


@pytest.mark.parametrize(
    "body",
    [
        '{% if audience == "household" %}{{ household.income }}{% endif %}',
        '{% if audience != "commission" and household.display %}{{ household.income }}{% endif %}',
        '{% unless audience == "commission" %}{{ household.income }}{% endunless %}',
        '{% if audience == "commission" %}rien{% else %}{{ household.income }}{% endif %}',
        '{% case audience %}{% when "household" %}{{ household.income }}{% else %}rien{% endcase %}',
    ],
)
def test_a_branch_that_an_audience_never_reads_is_not_held_against_it(body):
    assert found(body) == set()


def test_a_branch_that_depends_on_something_else_may_be_read_by_everybody():
    body = '{% if audience == "household" or asked.all %}{{ household.income }}{% endif %}'
    assert found(body) == {("commission", "household.income", 7)}


def test_what_decides_what_is_written_is_told_too():
    assert found("{% if household.income > 1000 %}oui{% endif %}") == {("commission", "household.income", 7)}


def test_another_name_hides_nothing():
    loop = "{% for m in household.members %}\n{{ m.born }}\n{% endfor %}"
    assert found(loop) == {("commission", "household.members.born", 8)}
    assert found("{% assign x = household.income %}{{ x }}") == {("commission", "household.income", 7)}


def test_the_front_matter_is_read_as_well():
    assert found("Texte", title="Revenu {{ household.income }}") == {("commission", "household.income", 1)}


def test_levels_of_the_front_matter_come_before_those_of_the_house():
    head = '---\ntitle: "A"\nabout: household\nkind: sheet\naudiences: [{name: commission, levels: [V0, V2]}]\n---\n'
    assert too_high(model.load(head + "{{ household.income }}"), LEVELS, READERS) == ()
