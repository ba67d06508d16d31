"""Papers written outside a procedure stand among all papers, for exactly those who may have them."""

import io
import zipfile

from tests import factories as made
from tests.cast import CLAIRE, EVERYBODY, NADIA
from tests.factories import identity
from tests.features.writing.conftest import typed
from workflow.catalogue.queries.paper_models import model_in_use
from workflow.db import EVERYTHING, Scope, db, enter_scope
from workflow.errors import NotFound
from workflow.filing import actions as filing_actions
from workflow.filing.models import Paper
from workflow.filing.queries import shelves
from workflow.filing.queries.shelves import Wanted
from workflow.writing.queries import written as found

LIST = "/operations/mistral/papers"


def written(client, path, slug, worked, **more):
    asks = typed(model_in_use("mistral", slug).asks) | {"step": "write"} | more
    sent = client.post(f"{path}/write/{slug}", data=asks, content_type="multipart/form-data")
    assert sent.status_code == 303
    worked()
    return sent.location.rpartition("/")[2]


def seen_by(person, **asked):
    who = identity(person)
    enter_scope(Scope(who.operations))
    try:
        return {line.id: line for line in shelves.on_shelves(who, Wanted("mistral", **asked)) if line.paper}
    finally:
        enter_scope(EVERYTHING)


def has(person, row):
    who = identity(person)
    enter_scope(Scope(who.operations))
    try:
        deed = found.written(who, row.subject.removeprefix("writing:"))
        return row.id in {one.id for one in found.papers_of(who, deed)}
    except NotFound:
        return False
    finally:
        enter_scope(EVERYTHING)


def test_the_list_holds_them_for_exactly_those_who_may_have_them(sign_in, worked):
    home = made.a_household()
    address = f"/households/{home.id}"
    db.session.rollback()
    claire = sign_in(CLAIRE)
    written(claire, address, "convocation", worked)
    written(claire, address, "proposition-de-logement", worked)
    written(sign_in(NADIA), "/operations/mistral", "avenant", worked, readers=["partner"])
    rows = db.session.query(Paper).filter(Paper.subject.startswith("writing:")).all()
    assert len(rows) >= 3
    for person in EVERYBODY:
        assert set(seen_by(person)) == {row.id for row in rows if has(person, row)}, person


def test_a_letter_is_found_by_household_and_taken_in_an_archive(sign_in, worked):
    home = made.a_household()
    name, address = home.name, f"/households/{home.id}"
    db.session.rollback()
    claire = sign_in(CLAIRE)
    written(claire, address, "convocation", worked)
    line = next(iter(seen_by(CLAIRE, words=(name.split()[-1].casefold(),)).values()))
    assert (line.about, line.state) == (name, shelves.AT_HAND)
    assert line.reference in claire.get(LIST).text
    db.session.rollback()
    sent = claire.post(LIST, data={"paper": [line.id], "form": "pdf"})
    with zipfile.ZipFile(io.BytesIO(sent.data)) as archive:
        assert sum(one.endswith(".pdf") for one in archive.namelist()) == 1
        assert name.split()[-1].casefold() not in " ".join(archive.namelist()).casefold()


def test_what_the_list_says_of_a_paper_goes_with_its_subject(sign_in, worked):
    home = made.a_household()
    address = f"/households/{home.id}"
    db.session.rollback()
    deed = written(sign_in(CLAIRE), address, "convocation", worked)
    filing_actions.forget_words(f"writing:{deed}")
    db.session.commit()
    row = db.session.query(Paper).filter_by(subject=f"writing:{deed}").one()
    assert (row.title, row.parties, row.search) == ("", [], "")
