"""One letter for many households: looked over before anything leaves, written, printed, handed over."""

import io
from datetime import timedelta

import pikepdf
import pytest
from lxml import html
from openpyxl import Workbook, load_workbook

from tests import factories as made
from tests.cast import BRUNO, CLAIRE, HELENE, NADIA, SONIA
from tests.features.writing.conftest import page_words, today, typed, words_of
from tests.features.writing.letters import LETTERS, answered, asks, begun, lines, started, version, written
from workflow import clock, outbox
from workflow.dashboards.queries.invariants import findings
from workflow.db import database_now, db
from workflow.dossiers import actions as dossiers
from workflow.dossiers.actions import merging
from workflow.dossiers.models import Household
from workflow.filing import queries as filing
from workflow.filing.models import Paper
from workflow.outbox import Outbox
from workflow.people.models import Assignment
from workflow.writing.actions import posting
from workflow.writing.models import LetterRun, Written


@pytest.fixture
def no_address():
    """A household whose address nobody knows."""
    row = db.session.query(Household).order_by(Household.reference).first()
    row.address = ""
    db.session.commit()
    return row.reference


def test_what_hinders_a_letter_is_said_before_anything_leaves(bruno, no_address):
    run = begun(bruno)
    page = page_words(bruno.get(f"{LETTERS}/{run}"))
    assert "L’adresse de ce ménage" in page or "The address of this household is not known" in page
    assert len([one for one in lines(run) if one.problem]) == 1
    assert db.session.query(Written).count() == 0


def test_signs_that_no_typeface_has_are_said_before_anything_leaves(bruno):
    run = begun(bruno)
    assert "李" not in page_words(bruno.get(f"{LETTERS}/{run}"))
    answered(bruno, run, asked_lieu="Salle 李小龍")
    page = page_words(bruno.get(f"{LETTERS}/{run}"))
    assert "小 李 龍" in page or "李" in page


def test_nothing_starts_before_the_questions_are_answered(bruno):
    run = begun(bruno)
    assert started(bruno, run).status_code == 409
    assert db.session.query(Outbox).filter_by(kind="writing.write_letters").count() == 0


def test_any_letter_can_be_seen_before_it_is_written(bruno):
    run = begun(bruno)
    answered(bruno, run, asked_lieu="Maison des habitants")
    line = lines(run)[4]
    home = db.session.get_one(Household, line.household_id)
    name, reference = home.name, home.reference
    db.session.rollback()
    draft = bruno.get(f"{LETTERS}/{run}/draft/{line.rank}")
    said = words_of(draft.data)
    assert name in said
    assert reference in said
    assert "Maison des habitants" in said
    assert db.session.query(Paper).count() == 0


def test_every_household_gets_a_sealed_letter_and_all_print_as_one(bruno, no_address, worked):
    run = written(bruno, worked)
    told = lines(run)
    assert [one.state for one in told if one.chosen] == ["written"] * 11
    papers = db.session.query(Paper).all()
    assert len({one.reference for one in papers}) == 11
    homes = [db.session.get_one(Household, one.household_id).name for one in told if one.chosen]
    one = papers[0]
    sealed = filing.bytes_of(one, "pdf")
    assert b"/ByteRange" in sealed
    db.session.rollback()
    bundle = bruno.get(f"{LETTERS}/{run}/bundle.pdf").data
    said = words_of(bundle)
    places = [said.index(name) for name in homes]
    assert places == sorted(places), "in the order of the addresses"
    with pikepdf.open(io.BytesIO(bundle)) as single:
        count = len(single.pages)
    with pikepdf.open(io.BytesIO(bruno.get(f"{LETTERS}/{run}/bundle.pdf?duplex=1").data)) as double:
        assert count == 11, "one page each"
        assert len(double.pages) in (21, 22), "each begins on a sheet of its own"


def test_the_installation_finds_every_letter_whole(bruno, worked):
    written(bruno, worked)
    db.session.rollback()
    assert {one.name: one.faults for one in findings() if one.faults} == {}


def test_only_those_who_follow_households_write_to_many(sign_in, bruno):
    run = begun(bruno)
    for who in (SONIA, HELENE, NADIA):
        assert sign_in(who).get(f"{LETTERS}/{run}").status_code == 404, who
        assert sign_in(who).post(f"{LETTERS}/new", data={"model": "convocation"}).status_code in (403, 404), who


def test_filters_say_to_whom_it_goes(bruno):
    building = db.session.query(Household).order_by(Household.reference).first().building_id
    there = db.session.query(Household).filter_by(building_id=building).count()
    db.session.rollback()
    assert len(lines(begun(bruno, building=building))) == there
    nobody = bruno.post(f"{LETTERS}/new", data={"model": "convocation", "state": "moved", "day": today()})
    assert nobody.status_code == 422


def test_those_unticked_get_nothing(bruno, worked):
    run = begun(bruno)
    answered(bruno, run)
    shown = [str(one.rank) for one in lines(run)]
    told = {"version": version(run), "shown": shown, "line": shown[2:]}
    assert bruno.post(f"{LETTERS}/{run}/choose", data=told).status_code == 303
    started(bruno, run)
    worked()
    assert [one.state for one in lines(run)][:3] == ["waiting", "waiting", "written"]
    assert db.session.query(Paper).count() == len(shown) - 2


def test_whoever_was_unticked_stays_so_when_what_hindered_their_letter_is_mended(bruno, no_address, worked):
    run = begun(bruno)
    answered(bruno, run)
    [hindered] = [one.household_id for one in lines(run) if one.problem]
    ranks = [one.rank for one in lines(run) if not one.problem]
    out = ranks[1]
    told = {"version": version(run), "shown": [str(one.rank) for one in lines(run)]}
    told["line"] = [str(one) for one in ranks if one != out]
    assert bruno.post(f"{LETTERS}/{run}/choose", data=told).status_code == 303
    answered(bruno, run, asked_lieu="")
    assert all(one.problem for one in lines(run))
    db.session.get_one(Household, hindered).address = "12 rue des Noyers"
    db.session.commit()
    answered(bruno, run)
    assert [one.rank for one in lines(run) if one.problem or not one.chosen] == [out]
    started(bruno, run)
    worked()
    assert {one.rank: one.state for one in lines(run)}[out] == "waiting"
    assert db.session.query(Paper).count() == len(lines(run)) - 1


def test_two_who_prepare_the_same_letters_do_not_overwrite_each_other(sign_in, bruno):
    run = begun(bruno)
    before = version(run)
    answered(sign_in(CLAIRE), run)
    late = bruno.post(f"{LETTERS}/{run}/answers", data=typed(asks()) | {"version": before, "asked_lieu": "Ailleurs"})
    assert late.status_code == 409
    assert 'value="Ailleurs"' in late.text


def test_what_is_left_open_comes_from_a_spreadsheet_and_wrong_rows_are_named(bruno, worked):
    run = begun(bruno)
    answered(bruno, run, asked_heure="")
    assert all(one.problem for one in lines(run)), "a question without an answer hinders the letter"
    db.session.rollback()
    sheet = load_workbook(io.BytesIO(bruno.get(f"{LETTERS}/{run}/rows.xlsx").data)).active
    titles = [cell.value for cell in sheet[1]]
    at = titles.index("Heure") + 1
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, at).value = f"{8 + row} h 00"
    sheet.cell(3, at).value = None
    sheet.cell(4, 1).value = "MIS-9999"
    page = brought(bruno, run, sheet.parent)
    assert page.status_code == 422
    told = page_words(page)
    assert "3, Heure" in told
    assert "MIS-9999" in told
    sheet.cell(3, at).value = "11 h 00"
    sheet.delete_rows(4)
    assert brought(bruno, run, sheet.parent).status_code == 303
    assert sum(bool(one.problem) for one in lines(run)) == 1
    started(bruno, run)
    worked()
    first = next(one for one in lines(run) if one.state == "written")
    reference = db.session.get_one(Household, first.household_id).reference
    hour = next(row[at - 1].value for row in sheet.iter_rows(min_row=2) if row[0].value == reference)
    paper = db.session.query(Paper).filter_by(subject=f"writing:{first.written_id}").one()
    assert hour in words_of(filing.bytes_of(paper, "pdf"))


def brought(client, run, book: Workbook):
    data = io.BytesIO()
    book.save(data)
    told = {"file": (io.BytesIO(data.getvalue()), "reponses.xlsx"), "version": version(run)}
    return client.post(f"{LETTERS}/{run}/rows", data=told, content_type="multipart/form-data")


def rows_sheet(bruno, run):
    db.session.rollback()
    return load_workbook(io.BytesIO(bruno.get(f"{LETTERS}/{run}/rows.xlsx").data)).active


def test_empty_rows_are_left_out_and_counted_and_a_row_without_reference_is_named(bruno):
    run = begun(bruno)
    answered(bruno, run, asked_heure="")
    sheet = rows_sheet(bruno, run)
    at = [cell.value for cell in sheet[1]].index("Heure") + 1
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, at).value = "10 h 00"
    sheet.insert_rows(4, 2)
    sheet.cell(sheet.max_row, 1).value = None
    page = brought(bruno, run, sheet.parent)
    assert page.status_code == 422
    assert str(sheet.max_row) in page_words(page)
    sheet.delete_rows(sheet.max_row)
    assert brought(bruno, run, sheet.parent).status_code == 303
    told = page_words(bruno.get(f"{LETTERS}/{run}"))
    assert "2 empty rows" in told or "2 lignes vides" in told
    assert "11" in told


def test_a_missing_column_is_named_with_its_sheet_and_the_answers_kept_before_stay(bruno):
    run = begun(bruno)
    answered(bruno, run, asked_heure="")
    sheet = rows_sheet(bruno, run)
    at = [cell.value for cell in sheet[1]].index("Heure") + 1
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, at).value = "10 h 00"
    assert brought(bruno, run, sheet.parent).status_code == 303
    sheet.title = "Réponses"
    sheet.cell(1, at).value = "L’heure"
    page = brought(bruno, run, sheet.parent)
    assert page.status_code == 422
    told = page_words(page)
    assert "Réponses" in told
    assert "“Heure”" in told or "« Heure »" in told
    assert all(one.told for one in lines(run))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 nothing", b"reference;heure"])
def test_a_file_that_is_no_spreadsheet_is_refused_with_a_sentence(bruno, data):
    run = begun(bruno)
    answered(bruno, run, asked_heure="")
    told = {"file": (io.BytesIO(data), "x.xlsx"), "version": version(run)}
    page = bruno.post(f"{LETTERS}/{run}/rows", data=told, content_type="multipart/form-data")
    assert page.status_code == 422


def test_stopped_letters_wait_and_are_gone_on_with(bruno, worked):
    run = begun(bruno)
    answered(bruno, run)
    started(bruno, run)
    assert bruno.post(f"{LETTERS}/{run}/stop").status_code == 303
    worked()
    assert db.session.query(Paper).count() == 0
    assert bruno.post(f"{LETTERS}/{run}/go-on").status_code == 303
    worked()
    assert db.session.query(Paper).count() == 12
    assert bruno.post(f"{LETTERS}/{run}/go-on").status_code == 409


def test_a_worker_that_dies_writes_no_letter_twice(bruno, monkeypatch, worked):
    """The same job runs again after half of its letters: those written stay as they are."""
    run = begun(bruno)
    answered(bruno, run)
    started(bruno, run)
    real, done = posting._one, []

    def dying(post, run_id, rank):
        if len(done) == 5:
            raise RuntimeError("killed")
        done.append(rank)
        real(post, run_id, rank)

    with monkeypatch.context() as patched:
        patched.setattr(posting, "_one", dying)
        worked()
    before = {one.rank: one.written_id for one in lines(run) if one.written_id}
    assert len(before) == 5
    db.session.query(Outbox).filter_by(kind="writing.write_letters").update(
        {"next_at": database_now(db.session) - timedelta(seconds=1)}
    )
    worked()
    after = {one.rank: one.written_id for one in lines(run)}
    assert before.items() <= after.items()
    assert db.session.query(Paper).count() == 12
    assert db.session.get_one(LetterRun, run).state == "done"


def test_a_household_erased_meanwhile_gets_nothing_and_the_others_do(bruno, worked):
    run = begun(bruno)
    answered(bruno, run)
    started(bruno, run)
    gone = lines(run)[0].household_id
    dossiers.erase_household(db.session.get_one(Household, gone), CLAIRE)
    worked()
    told = lines(run)
    assert (told[0].state, told[0].problem[0]) == ("failed", "The name of this household is not known.")
    assert {one.state for one in told[1:]} == {"written"}


def test_one_household_erased_the_letters_to_the_others_still_print(bruno, worked):
    run = written(bruno, worked)
    before = bruno.get(f"{LETTERS}/{run}/bundle.pdf")
    gone = lines(run)[0].household_id
    dossiers.erase_household(db.session.get_one(Household, gone), CLAIRE)
    db.session.commit()
    after = bruno.get(f"{LETTERS}/{run}/bundle.pdf")
    assert (before.status_code, after.status_code) == (200, 200)
    assert len(after.data) < len(before.data)


def test_letters_that_were_thrown_away_are_not_gone_on_with(bruno, worked):
    run = begun(bruno)
    assert bruno.post(f"{LETTERS}/{run}/drop", data={"version": version(run)}).status_code == 303
    assert bruno.post(f"{LETTERS}/{run}/go-on", data={"version": version(run)}).status_code == 409
    worked()
    assert db.session.query(Paper).count() == 0


def test_ticks_of_one_page_leave_those_of_the_others(bruno, monkeypatch):
    monkeypatch.setattr("workflow.writing.pages.run.AT_ONCE", 5)
    run = begun(bruno)
    page = html.fromstring(bruno.get(f"{LETTERS}/{run}").text)
    shown = page.xpath("//form[@id='lines']//input[@name='shown']/@value")
    assert len(shown) == 5
    bruno.post(f"{LETTERS}/{run}/choose", data={"version": version(run), "shown": shown, "line": shown[:4]})
    assert sum(one.chosen for one in lines(run)) == len(lines(run)) - 1


def test_ticks_are_carried_from_page_to_page_and_kept_together(bruno, monkeypatch):
    monkeypatch.setattr("workflow.writing.pages.run.AT_ONCE", 5)
    run = begun(bruno)

    def sent(page):
        form = html.fromstring(page.text)
        fields = form.xpath("//form[@id='lines']//input[@type='hidden'] | //input[@form='lines'][@checked]")
        told = {}
        for one in fields:
            told.setdefault(one.get("name"), []).append(one.get("value"))
        return {name: values for name, values in told.items() if name in ("shown", "line", "version")}

    told = sent(bruno.get(f"{LETTERS}/{run}"))
    unticked = told["shown"][1]
    told["line"].remove(unticked)
    told = sent(bruno.post(f"{LETTERS}/{run}?page=2", data=told | {"turn": "page"}))
    assert len(set(told["shown"])) == 10
    assert unticked not in told["line"]
    assert bruno.post(f"{LETTERS}/{run}/choose", data=told).status_code == 303
    assert [one.rank for one in lines(run) if not one.chosen] == [int(unticked)]
    db.session.rollback()
    assert bruno.post(f"{LETTERS}/{run}", data={}).status_code == 404, "nothing is done there"


def test_whoever_lost_the_right_meanwhile_writes_to_nobody(bruno, worked):
    run = begun(bruno)
    answered(bruno, run)
    started(bruno, run)
    db.session.query(Assignment).filter_by(person_id=BRUNO).update({"ended_at": clock.now()})
    worked()
    assert {one.state for one in lines(run)} == {"failed"}
    assert db.session.query(Paper).count() == 0


def test_handing_over_is_ticked_for_several_taken_back_and_listed(bruno, worked):
    run = written(bruno, worked)
    ranks = [str(one.rank) for one in lines(run)]
    at = f"{LETTERS}/{run}/handed-over"
    assert bruno.post(at, data={"how": "box", "day": today()}).status_code == 422
    assert bruno.post(at, data={"how": "box", "day": today(), "line": ranks[:3]}).status_code == 303
    assert bruno.post(at, data={"how": "post", "day": today(), "all": "1"}).status_code == 303
    assert bruno.post(at, data={"undo": "1", "line": ranks[:1]}).status_code == 303
    how = [one.handed_how for one in db.session.query(Written).all()]
    assert sorted(how) == sorted(["", "box", "box", *["post"] * 9])
    db.session.rollback()
    book = load_workbook(io.BytesIO(bruno.get(f"{LETTERS}/{run}?format=xlsx").data)).active
    assert (
        sum("boîte aux lettres" in str(cell.value) or "letter box" in str(cell.value) for row in book for cell in row)
        == 2
    )


def test_a_household_entered_twice_is_written_to_once(bruno):
    kept, gone = (made.a_household(rank) for rank in (0, 1))
    told = {kept.id: kept.version, gone.id: gone.version}
    merging.merge(made.identity(CLAIRE), kept.id, gone.id, frozenset(), told)
    db.session.commit()
    assert len(lines(begun(bruno))) == 11


def test_the_list_of_letters_says_how_far_each_is(bruno, worked):
    run = written(bruno, worked)
    page = page_words(bruno.get(LETTERS))
    assert "12" in page
    assert page_words(bruno.get(f"{LETTERS}/{run}/progress"))
    assert outbox.given_up("writing.write_letters", [f"letters:{run}"]) in (False, [], set(), {})
