"""The list of all papers says who still has to sign, and finds papers by their names."""

import io
import zipfile

import pytest
from openpyxl import load_workbook

from tests.cast import FRANCOIS, HELENE, MIREILLE, NADIA, PATRICE
from tests.factories import identity
from tests.features.signing.conftest import (
    a_convention,
    a_mandate,
    opened,
    room_of,
    signatory,
    signing,
    types_the_code,
)
from tests.features.signing.test_many_rooms import asked_for, rooms_of_many
from tests.features.signing.test_the_last_day import PATRICES
from tests.features.writing.conftest import page_words
from workflow.db import EVERYTHING, Scope, enter_scope
from workflow.filing.queries.shelves import AT_HAND, SIGNED, SIGNING, Wanted, on_shelves
from workflow.signing.queries import revisions

LIST = "/operations/mistral/papers"
WITHOUT_NAMES = (PATRICE, FRANCOIS, MIREILLE, HELENE)


@pytest.fixture
def reference(app):
    return a_convention()


def line(reference, person=NADIA, **wanted):
    """What the list says of the paper, as wanted; None where it is not in it."""
    enter_scope(Scope(frozenset(("mistral",))))
    found = list(on_shelves(identity(person), Wanted("mistral", **wanted)))
    enter_scope(EVERYTHING)
    return next((one for one in found if one.reference == reference), None)


def test_the_list_follows_the_room_of_a_paper(sign_in, reference, worked):
    assert line(reference).state == AT_HAND
    second = signatory("Hélène Vasseur", rank="2", organisation="grenoble") | a_mandate()
    path = opened(sign_in(NADIA), reference, signatory("Rose Garnier"), second)
    told = line(reference)
    assert (told.state, set(told.waits)) == (SIGNING, {"Patrice Odier", "Rose Garnier"})
    assert told.files, "its file is there all the same"
    patrice, party = sign_in(PATRICE), room_of(reference).parties[0].id
    types_the_code(patrice, f"{path}/signatories/{party}", PATRICES)
    assert patrice.post(f"{path}/signatories/{party}/sign", data=signing(reference)).status_code == 303
    assert line(reference).waits == ("Rose Garnier",)
    assert line(reference, state=SIGNING) is not None
    assert line(reference, state=AT_HAND) is None
    assert line(reference, state=SIGNED) is None
    assert line(reference, words=("garnier",)) is not None
    assert line(reference, words=("odier",)) is None, "he has signed"
    assert line(reference, words=("vasseur",)) is None, "nobody has asked her yet"
    page = sign_in(NADIA).get(f"{LIST}?q=rose&state=signing")
    assert "Rose Garnier" in page.text
    assert reference in page.text
    book = load_workbook(io.BytesIO(sign_in(NADIA).get(f"{LIST}?format=xlsx").data)).worksheets[0]
    assert any("Rose Garnier" in str(row) for row in book.iter_rows(values_only=True))
    assert sign_in(NADIA).post(f"{path}/withdraw", data={"reason": "Plus d’objet."}).status_code == 303
    assert (line(reference).state, line(reference).waits) == (AT_HAND, ())


def test_signed_by_everybody_it_is_found_as_signed(sign_in, reference, worked):
    path = opened(sign_in(NADIA), reference)
    patrice, party = sign_in(PATRICE), room_of(reference).parties[0].id
    types_the_code(patrice, f"{path}/signatories/{party}", PATRICES)
    assert patrice.post(f"{path}/signatories/{party}/sign", data=signing(reference)).status_code == 303
    assert (line(reference).state, line(reference).waits) == (SIGNED, ())
    assert line(reference, state=SIGNED) is not None
    assert line(reference, state=AT_HAND) is None
    nadia, known = sign_in(NADIA), room_of(reference)
    whole = revisions.bytes_of(known.row, revisions.present(known.row))
    assert f"{path}/file.pdf" in nadia.get(LIST).text, "the list leads to the file with its signatures"
    taken = nadia.post(LIST, data={"paper": known.paper.id, "form": "pdf"})
    archive = zipfile.ZipFile(io.BytesIO(taken.data))
    assert whole in [archive.read(name) for name in archive.namelist()]


def test_somebody_who_signs_for_themself_is_named_to_those_who_read_names(sign_in, reference):
    opened(sign_in(NADIA), reference, signatory("Lise Fontenay", capacity="locataire", organisation=""))
    assert "Lise Fontenay" in line(reference).waits
    reads_no_names = next(one for one in WITHOUT_NAMES if line(reference, one) is not None)
    told = line(reference, reads_no_names)
    assert "Lise Fontenay" not in told.waits
    assert "locataire" in told.waits
    assert line(reference, reads_no_names, words=("fontenay",)) is None


def test_names_are_as_many_as_fit_and_take_no_more_questions(sign_in, reference):
    nadia = sign_in(NADIA)
    rooms_of_many(reference, 3)
    few = asked_for(nadia, f"{LIST}?q=signataire")[1]
    rooms_of_many(reference, 30)
    page, many = asked_for(nadia, f"{LIST}?q=signataire")
    assert many == few, "the names are read once, not room by room"
    assert "Signataire" in page_words(page)


def test_of_many_names_the_page_says_a_few(sign_in, reference):
    opened(sign_in(NADIA), reference, *(signatory(f"Rose {letter}", channel="paper") for letter in "ABCD"))
    words = page_words(sign_in(NADIA).get(LIST))
    assert "Rose A" in words
    assert "Rose D" not in words
    assert len(line(reference).waits) == 5
