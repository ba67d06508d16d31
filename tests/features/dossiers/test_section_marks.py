"""What each section of the answers is worth is kept beside them, so that a decision need not open them again."""

from tests import factories as made
from tests.cast import SONIA
from workflow.db import db
from workflow.dossiers import queries
from workflow.record.queries import facts


def recorded(row):
    """What the landlord's visa says it looked at."""
    made.decide(SONIA, row, "Approve", "visa_bailleur")
    return next(fact.data["section_hashes"] for fact in facts(row.subject) if fact.kind == "Approved")


def test_the_marks_kept_are_those_of_the_answers_as_they_are_stored(app):
    row = made.a_submitted_dossier()
    for stored in queries.sets(row):
        instance, _provenance = queries.opened(row, stored)
        assert stored.marks == queries.section_marks(row, instance)


def test_answers_stored_before_marks_were_kept_are_judged_all_the_same(app):
    row = made.a_submitted_dossier()
    stored = queries.present_set(row)
    kept = stored.marks
    stored.marks = None
    db.session.commit()
    told = recorded(row)
    assert told
    assert told.items() <= kept.items()
    assert queries.present_set(row).marks is None, "reading writes nothing"


def test_a_decision_names_the_marks_that_are_kept(app):
    row = made.a_submitted_dossier()
    kept = queries.present_set(row).marks
    assert recorded(row).items() <= kept.items()
