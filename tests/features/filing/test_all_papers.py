"""All papers of an operation in one list: what is there, what waits for whom, and only what its reader may have."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import event

from tests import factories
from tests.cast import CLAIRE, EVERYBODY, HELENE, INES, MONIQUE, NADIA, SONIA
from tests.factories import identity
from tests.features.conftest import SignIn
from tests.features.dossiers.playing import Played, a_second_landlord, scenario
from workflow import outbox
from workflow.db import EVERYTHING, Scope, db, enter_scope, new_id
from workflow.dossiers import queries as dossiers
from workflow.dossiers.queries.whom import may_have_paper
from workflow.errors import NotFound
from workflow.filing import queries
from workflow.filing.models import MAKING, Paper
from workflow.filing.pages import archive
from workflow.filing.queries import shelves
from workflow.filing.queries.shelves import Wanted
from workflow.record import actions as record

LIST = "/operations/mistral/papers"


@pytest.fixture
def made(app: Flask) -> list[Paper]:
    """The papers of one validated file of a household."""
    subject = factories.a_validated_dossier().subject
    db.session.rollback()
    outbox.drain()
    return queries.papers(subject)


@pytest.fixture
def convention(app: Flask) -> Played:
    """An agreement whose parties are asked to sign."""
    a_second_landlord()
    played = Played("convention")
    played.play(scenario("convention", "signed-together"), until="signer")
    return played


@pytest.fixture
def signed(app: Flask) -> Played:
    """An agreement that everybody signed."""
    a_second_landlord()
    played = Played("convention")
    played.play(scenario("convention", "signed-together"))
    db.session.rollback()
    outbox.drain()
    return played


def seen_by(person: str, **asked: object) -> shelves.Found:
    who = identity(person)
    enter_scope(Scope(who.operations))
    try:
        return shelves.on_shelves(who, Wanted("mistral", **asked))
    finally:
        enter_scope(EVERYTHING)


@contextmanager
def statements() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_more) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_a_paper_is_found_by_its_reference_title_and_household(made: list[Paper], sign_in: SignIn) -> None:
    reference = made[0].reference
    home = dossiers.by_subject(made[0].subject).household
    name, household = home.name.split()[-1], home.reference
    db.session.rollback()
    client = sign_in(CLAIRE)
    for words in (reference, reference.lower()[3:7], "fiche", name, household):
        page = client.get(LIST, query_string={"q": words})
        assert page.status_code == 200
        assert reference in page.text, words
    assert reference not in client.get(LIST, query_string={"q": "introuvable"}).text


def test_nobody_finds_a_paper_that_they_may_not_have(made: list[Paper], signed: Played) -> None:
    """The list, asked of the database at once, says what the door of one paper says."""
    rows = db.session.query(Paper).all()
    for person in EVERYBODY:
        who = identity(person)
        told = {line.id for line in seen_by(person) if line.paper}
        assert told == {row.id for row in rows if _may_have(who, row)}, person


def _may_have(who, row: Paper) -> bool:
    if row.operation_id not in who.operations or not row.subject.startswith("dossier:"):
        return False
    try:
        file = dossiers.dossier(who, dossiers.by_subject(row.subject).reference)
    except NotFound:
        return False
    return may_have_paper(who, file, row.audience)


def test_who_reads_no_name_finds_the_household_by_its_reference_only(made: list[Paper]) -> None:
    home = dossiers.by_subject(made[0].subject).household
    lines = list(seen_by(HELENE))
    assert lines
    assert all(line.about != home.name for line in lines)
    assert not seen_by(HELENE, words=(home.name.split()[-1].casefold(),))


def test_what_waits_for_signatures_says_whose(convention: Played, sign_in: SignIn) -> None:
    line = next(iter(seen_by(NADIA, state=shelves.SIGNING)))
    assert line.reference == convention.reference
    waited = set(line.waits)
    assert len(waited) > 1
    convention.act(next(one for one in scenario("convention", "signed-together")["steps"] if one["do"] == "sign"))
    db.session.rollback()
    left = seen_by(NADIA, state=shelves.SIGNING)
    assert not left or set(left[0].waits) < waited
    assert sign_in(NADIA).get(LIST, query_string={"state": "signing"}).status_code == 200


def test_once_signed_it_is_a_signed_paper_with_its_parties_and_its_scan(signed: Played) -> None:
    line = next(line for line in seen_by(NADIA, kind="convention") if line.paper)
    assert (line.state, line.signed) == (shelves.SIGNED, True)
    assert len(line.parties) > 1
    assert not seen_by(NADIA, kind="convention", state=shelves.AT_HAND)
    assert seen_by(NADIA, kind="convention", state=shelves.SIGNED, words=(line.parties[0].split()[0].casefold(),))


def test_each_state_of_a_paper_is_a_filter(made: list[Paper]) -> None:
    """What the filter finds and what the line says are one."""
    row = made[0]
    db.session.add_all(_copies(row, 3))
    older = db.session.get(Paper, "copy-0-".ljust(32, "0"))
    older.state = MAKING
    db.session.get(Paper, "copy-1-".ljust(32, "0")).void_at = row.made_at
    newer = db.session.get(Paper, "copy-2-".ljust(32, "0"))
    newer.version = row.version + 5
    db.session.commit()
    every = list(seen_by(CLAIRE))
    for state in (shelves.WRITING, shelves.STUCK, shelves.AT_HAND, shelves.SIGNED, shelves.REPLACED, shelves.VOID):
        filtered = {line.id for line in seen_by(CLAIRE, state=state)}
        assert filtered == {line.id for line in every if line.state == state}, state
    assert {line.state for line in every} >= {shelves.WRITING, shelves.SIGNED, shelves.REPLACED, shelves.VOID}


def _copies(row: Paper, count: int) -> list[Paper]:
    columns = {name: getattr(row, name) for name in Paper.__table__.columns.keys()}  # noqa: SIM118
    told = ("id", "reference", "version")
    return [
        Paper(**{name: value for name, value in columns.items() if name not in told}, id=f"copy-{rank}-".ljust(32, "0"),
              reference=f"RL-COPY-{rank:04}", version=row.version - 1 - rank)
        for rank in range(count)
    ]  # fmt: skip


def test_ticked_papers_come_as_one_archive_with_their_list_and_fingerprints(made: list[Paper], sign_in: SignIn) -> None:
    ids = [row.id for row in made]
    wanted = {row.id: queries.bytes_of(row, "pdf") for row in made}
    db.session.rollback()
    sent = sign_in(CLAIRE).post(LIST, data={"paper": ids, "form": "both"})
    assert sent.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(sent.data)) as found:
        assert found.testzip() is None
        names = found.namelist()
        assert len(names) == len(set(names)) == 2 * len(ids) + 2
        assert all(re.fullmatch(r"[A-Za-z0-9.-]+", name) for name in names)
        assert set(wanted.values()) <= {found.read(name) for name in names if name.endswith(".pdf")}
        for line in found.read("SHA256SUMS.txt").decode().splitlines():
            told, name = line.split("  ")
            assert told == sha256(found.read(name)).hexdigest()
        sheet = load_workbook(io.BytesIO(found.read(next(name for name in names if name.endswith(".xlsx"))))).active
    assert sheet.max_row == 1 + len(ids)


def test_an_archive_holds_nothing_that_its_taker_may_not_have(made: list[Paper], sign_in: SignIn) -> None:
    household = next(row.id for row in made if row.audience == "household")
    db.session.rollback()
    sent = sign_in(HELENE).post(LIST, data={"paper": [household], "form": "pdf"})
    assert sent.status_code == 422


def test_nothing_ticked_or_too_much_is_said_on_the_list(
    made: list[Paper], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids, client = [row.id for row in made], sign_in(CLAIRE)
    db.session.rollback()
    nothing = client.post(f"{LIST}?q=fiche", data={})
    assert (nothing.status_code, nothing.text.count("notice-late")) == (422, 1)
    assert 'value="fiche"' in nothing.text
    monkeypatch.setattr(archive, "MOST_BYTES", 10)
    much = client.post(LIST, data={"paper": ids[:1]})
    assert (much.status_code, much.text.count("notice-late")) == (422, 1)
    assert re.search(rf'value="{ids[0]}"[^>]* checked', much.text), "what was ticked stays so"


def test_what_is_ticked_stays_so_on_the_other_pages_of_the_list(
    made: list[Paper], sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for row in _copies(made[0], 60):
        db.session.add(row)
    db.session.commit()
    client = sign_in(CLAIRE)
    first = client.get(LIST).text
    boxes = re.findall(r'name="paper" value="([^"]+)"', first)
    assert re.search(r'formaction="[^"]*page=2"[^>]* name="turn"', first)
    second = client.post(f"{LIST}?page=2", data={"paper": boxes[:3], "turn": "page"})
    assert second.status_code == 200
    told = re.findall(r'<input type="hidden" name="paper" value="([^"]+)">', second.text)
    assert sorted(told) == sorted(boxes[:3])
    back = client.post(f"{LIST}?page=1", data={"paper": told, "turn": "page"}).text
    assert all(re.search(rf'value="{one}"[^>]* checked', back) for one in boxes[:3])
    assert len(re.findall(r'name="paper"[^>]* checked', back)) == 3
    every = client.post(f"{LIST}?page=2&tick=all", data={"paper": boxes[:3], "turn": "all"}).text
    assert len(re.findall(r'name="paper"[^>]* checked', every)) == len(
        re.findall(r'type="checkbox"[^>]*name="paper"', every)
    )


def test_the_list_is_a_workbook_too(made: list[Paper], sign_in: SignIn) -> None:
    references = {row.reference for row in made}
    db.session.rollback()
    sheet = load_workbook(io.BytesIO(sign_in(CLAIRE).get(LIST, query_string={"format": "xlsx"}).data)).active
    assert references <= {row[1].value for row in sheet.iter_rows(min_row=2)}


def test_however_many_papers_the_database_is_asked_as_often(made: list[Paper], sign_in: SignIn) -> None:
    client = sign_in(CLAIRE)
    client.get(LIST)
    with statements() as few:
        client.get(LIST)
    row = db.session.get(Paper, made[0].id)
    columns = {name: getattr(row, name) for name in Paper.__table__.columns.keys()}  # noqa: SIM118
    for rank in range(300):
        told = columns | {"id": new_id(), "reference": f"RL-{rank:04}-MANY", "version": 100 + rank}
        db.session.add(Paper(**told))
    db.session.commit()
    with statements() as many:
        assert client.get(LIST).status_code == 200
    assert len(many) <= len(few) + 1


def test_who_works_elsewhere_or_only_administers_comes_to_no_list(made: list[Paper], sign_in: SignIn) -> None:
    assert sign_in(INES).get(LIST).status_code == 404
    assert sign_in(CLAIRE).get("/operations/ailleurs/papers").status_code == 404
    assert sign_in(MONIQUE).get(LIST).status_code == 200
    assert sign_in(SONIA).get(LIST).status_code == 200


def test_a_paper_still_being_made_is_listed_and_cannot_be_taken(app: Flask, sign_in: SignIn) -> None:
    subject = factories.a_validated_dossier().subject
    db.session.commit()
    outbox.drain()
    row = queries.papers(subject)[0]
    row.state = MAKING
    told = row.id
    db.session.commit()
    line = next(line for line in seen_by(CLAIRE) if line.id == told)
    assert (line.state, dict(line.files)) == (shelves.WRITING, {})
    db.session.rollback()
    assert sign_in(CLAIRE).post(LIST, data={"paper": [told]}).status_code == 422


def test_the_one_search_finds_papers_too_for_those_who_may_have_them(signed: Played, sign_in: SignIn) -> None:
    title, reference = (getattr(queries.papers(signed.row.subject)[0], name) for name in ("title", "reference"))
    word = max(re.findall(r"\w+", title), key=len)
    db.session.rollback()
    found = sign_in(NADIA).get("/search", query_string={"q": word})
    assert reference in found.text
    assert sign_in(NADIA).get("/search", query_string={"q": reference}).location.startswith("/dossiers/")
    for stranger in (MONIQUE, HELENE):
        told = {line.id for line in seen_by(stranger) if line.paper}
        answer = sign_in(stranger).get("/search", query_string={"q": reference})
        assert bool(told) == (answer.status_code == 303)


def test_apostrophes_and_dashes_are_no_part_of_what_is_searched(signed: Played, sign_in: SignIn) -> None:
    reference = queries.papers(signed.row.subject)[0].reference
    db.session.rollback()
    client = sign_in(NADIA)
    for words in (reference.replace("-", " "), reference.replace("-", "–"), f"« {reference} »"):
        assert reference in client.get(LIST, query_string={"q": words}).text.partition("<table")[2], words


def test_once_they_are_erased_papers_can_no_longer_be_taken(made: list[Paper], sign_in: SignIn) -> None:
    ids = [row.id for row in made]
    record.forget(made[0].subject)
    db.session.commit()
    assert all(dict(line.files) == {} for line in seen_by(CLAIRE) if line.id in ids)
    db.session.rollback()
    assert sign_in(CLAIRE).post(LIST, data={"paper": ids}).status_code == 422
