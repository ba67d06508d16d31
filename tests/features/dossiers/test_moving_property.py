"""Whatever changes in a form: once somebody judges, moving never changes what they saw, nor the votes already given."""

from pathlib import Path

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.visibility import view
from forms.xlsform import compile_xlsform
from tests import factories, museum
from tests.cast import CLAIRE, NADIA
from workflow.access import LENSES
from workflow.approvals.queries import standing
from workflow.catalogue.actions.publishing import Content, freeze
from workflow.catalogue.models import ProcedureVersion
from workflow.catalogue.queries import Published, current, version
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.actions.changing_version import change_version
from workflow.dossiers.models import Dossier
from workflow.errors import Refused

LANGUAGES = "label::Français (fr) | label::English (en)"
OURS = "bind::relais:level | bind::relais:purpose"
HEAD = f"| survey |\n| | type | name | {LANGUAGES} | calculation | relevant | {OURS} |"
NAMES = ("nom", "besoin", "loyer", "sante", "aide", "bref")
QUESTIONS = {
    "nom": ["text", "Nom", "", "", "V1", "identite"],
    "besoin": ["text", "Besoin", "", "", "V1", "besoins"],
    "loyer": ["integer", "Loyer", "", "", "V2", "budget"],
    "sante": ["text", "Santé", "", "", "V4", "accompagnement"],
    "aide": ["text", "Aide", "", "${sante} != ''", "V3", "accompagnement"],
    "bref": ["calculate", "Bref", "if(${loyer} > 500, 'cher', 'non')", "", "V1", "besoins"],
}
Form = dict[str, list[str]]


def written(questions: Form) -> bytes:
    rows = [
        f"| | {kind} | {name} | {label} | {label} (en) | {calculation} | {relevant} | {level} | {purpose} |"
        for name, (kind, label, calculation, relevant, level, purpose) in questions.items()
    ]
    body = ["| | begin group | A | Page | Page | | | | |", *rows, "| | end group | | | | | | | |"]
    return "\n".join([HEAD, *body]).encode()


@st.composite
def changed(draw: st.DrawFn) -> Form:
    """The same form with one to three things changed."""
    form = {name: list(told) for name, told in QUESTIONS.items()}
    for _number in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["label", "level", "purpose", "relevant", "calculation", "new", "gone"]))
        name = draw(st.sampled_from([one for one in NAMES if one in form]))
        if kind == "gone" and name not in ("loyer", "sante") and len(form) > 3:
            del form[name]
        elif kind == "new":
            form[f"q{len(form)}"] = ["text", "Nouvelle", "", "", draw(LEVELS), draw(PURPOSES)]
        elif kind == "label":
            form[name][1] += " ?"
        elif kind == "level":
            form[name][4] = draw(LEVELS)
        elif kind == "purpose":
            form[name][5] = draw(PURPOSES)
        elif kind == "relevant" and name != "loyer":
            form[name][3] = draw(st.sampled_from(["", "${loyer} > 100", "${loyer} > 900"]))
        elif "bref" in form:
            form["bref"][2] = draw(st.sampled_from(["if(${loyer} > 900, 'cher', 'non')", "'cher'", "${sante}"]))
    return form


LEVELS = st.sampled_from(["V1", "V2", "V3", "V4"])
PURPOSES = st.sampled_from(["identite", "besoins", "budget", "accompagnement"])


def a_judged_dossier(folder: Path) -> Dossier:
    """Filled in by Claire, before the landlord."""
    museum.publish(folder)
    base = version(current(museum.SLUG).hash)
    first = newer(base, QUESTIONS)
    row, _new = actions.open_dossier(factories.identity(CLAIRE), factories.a_household(0), first)
    said = {"nom": "Essai", "besoin": "Un ascenseur", "loyer": "600", "sante": "Fatigue", "aide": "Oui"}
    actions.write_answers(factories.identity(CLAIRE), row.reference, {"A": said})
    actions.submit(factories.identity(CLAIRE), row.reference, factories.version(row))
    db.session.commit()
    return row


def newer(base: Published, questions: Form) -> Published:
    """A version of the small procedure with these questions."""
    source = written(questions)
    row = db.session.get_one(ProcedureVersion, base.hash)
    content = Content(row.settings, compile_xlsform(source, "form.md").xml, row.circuit, row.models)
    return version(freeze(content, (source, "form.md")).hash)


def seen_by_the_landlord(row: Dossier) -> list[object]:
    instance, _provenance = queries.opened(row, queries.present_set(row))
    return [view(instance, LENSES["landlord"], lang) for lang in instance.form.languages]


def test_moving_never_changes_what_somebody_who_decides_saw(app: Flask, tmp_path: Path) -> None:
    row = a_judged_dossier(tmp_path / "museum")
    base, before = version(row.procedure), seen_by_the_landlord(row)
    marks, votes = queries.present_set(row).marks, standing(row.subject).state.votes
    outcomes: set[str] = set()

    @given(changed())
    @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    def once(questions: Form) -> None:
        try:
            outcomes.add(change_version(row, newer(base, questions), NADIA).code)
            assert seen_by_the_landlord(row) == before
            assert queries.present_set(row).marks == marks
            after = standing(row.subject)
            assert (after.state.votes, set(after.state.open)) == (votes, {"reading"})
            assert queries.open_steps(row) == ["reading"]
        except Refused as refused:
            outcomes.add(refused.code)
        finally:
            db.session.rollback()

    once()
    assert {"moves", "seen", "answers_change"} <= outcomes, "the forms drawn tell of every side"
