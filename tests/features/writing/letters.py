"""One letter for many households, step by step, as the pages send it."""

from tests.features.writing.conftest import page_words, today, typed
from workflow.catalogue.queries.paper_models import model_in_use
from workflow.db import db
from workflow.writing.models import LetterLine, LetterRun

LETTERS = "/operations/mistral/letters"
TO_ALL = {"model": "convocation"}


def asks():
    return model_in_use("mistral", "convocation").asks


def version(run):
    db.session.rollback()
    return str(db.session.get_one(LetterRun, run).version)


def lines(run):
    db.session.rollback()
    return db.session.query(LetterLine).filter_by(run_id=run).order_by(LetterLine.rank).all()


def begun(client, **wanted):
    sent = client.post(f"{LETTERS}/new", data=TO_ALL | {"day": today()} | wanted)
    assert sent.status_code == 303, page_words(sent)
    return sent.location.rpartition("/")[2]


def answered(client, run, **more):
    told = typed(asks()) | {"version": version(run)} | more
    sent = client.post(f"{LETTERS}/{run}/answers", data=told)
    assert sent.status_code == 303, page_words(sent)


def started(client, run):
    return client.post(f"{LETTERS}/{run}/start", data={"version": version(run)})


def written(client, worked, **more):
    run = begun(client)
    answered(client, run, **more)
    assert started(client, run).status_code == 303
    worked()
    return run
