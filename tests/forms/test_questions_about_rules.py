"""Whatever was answered: where a value comes from and why something is hidden can always be asked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.growing import address, leaves
from forms.instance import Instance
from forms.structure import Question
from tests.forms import test_reasons, test_scenarios_choices, test_scenarios_defaults, test_scenarios_relevance
from tests.forms import test_scenarios_repeats as rows
from tests.forms.scenario import NOW, form_of

FORMS = [
    form_of(table)
    for table in (
        test_scenarios_relevance.RULES,
        test_scenarios_relevance.GROUPS,
        test_scenarios_choices.CASCADE,
        test_scenarios_choices.FROM_ROWS,
        test_scenarios_defaults.TRIGGERS,
        test_scenarios_defaults.DAYS,
        rows.PERSONS,
        rows.PREVIOUS,
        rows.NESTED,
        rows.COUNTED,
    )
] + [test_reasons.FORM]
_texts = st.one_of(
    st.sampled_from(["", "yes", "0", "1", "2", "-3.5", "fr", "isere", "2026-03-01"]), st.text(max_size=5)
)


@st.composite
def filled(draw: st.DrawFn) -> Instance:
    """Any of the small forms, its questions answered anyhow, a row added or taken away."""
    instance = Instance.new(draw(st.sampled_from(FORMS)), NOW, row_limit=6)
    for _ in range(draw(st.integers(0, 6))):
        found = [address(node, instance.form) for node, _ in leaves(instance.root, instance.form)]
        instance.set(draw(st.sampled_from(found)), draw(_texts))
        instance.recompute()
    return instance


def allowed(question: Question) -> bool:
    return len(question.name) % 2 == 0


@settings(max_examples=120, deadline=None)
@given(filled())
def test_every_question_can_be_asked_about(instance: Instance) -> None:
    for path in [address(node, instance.form) for node, _ in leaves(instance.root, instance.form)]:
        instance.explain(path, "fr")
        hidden = instance.why_hidden(path, "fr", allowed)
        assert (hidden is None) == instance.relevant(path)
        assert (instance.why_required(path, "fr", allowed) is None) or instance.required(path)
        instance.why_refused(path, "fr", allowed)
        for read in hidden.reads if hidden else ():
            assert read.withheld or allowed(instance.question(read.path))


@settings(max_examples=120, deadline=None)
@given(filled())
def test_what_was_answered_comes_back_from_the_store(instance: Instance) -> None:
    again = Instance.from_xml(instance.form, instance.to_xml(), NOW, 6, submitted=False)
    assert again.values() == instance.values()
    assert [error.path for error in again.errors()] == [error.path for error in instance.errors()]
    assert again.to_xml() == instance.to_xml()


@pytest.mark.parametrize("form", FORMS, ids=[str(place) for place in range(len(FORMS))])
def test_a_blank_form_can_be_handed_on_and_read_again(form: object) -> None:
    instance = Instance.new(form, NOW)
    final = instance.pruned()
    assert Instance.from_xml(form, final.to_xml(), NOW).answers().keys() == instance.answers().keys()
