"""Files as answers: kept encrypted beside the draft, opened by who may read the answer, gone when taken away."""

from __future__ import annotations

import io
import zipfile

import pikepdf
import pytest
from flask_babel import force_locale, gettext
from lxml import html
from PIL import Image

from forms.pages import name_of
from forms.visibility import view
from tests import factories, museum
from tests.cast import CLAIRE, OLIVIER, SONIA
from workflow import clock, outbox
from workflow.access import LENSES
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.actions.uploading import UNTYPED
from workflow.dossiers.models import Agreement
from workflow.dossiers.queries.paper import material
from workflow.dossiers.queries.paper.laying import Laying
from workflow.filing import queries as filing
from workflow.filing.actions.files import erase
from workflow.filing.models import KeptFile
from workflow.filing.rules.answers import EMPTY, NOT_OF_THIS_KIND
from workflow.web.models import SensitiveRead

DAMAGED = "This picture is damaged and cannot be read. Take it again, or scan the paper."
PHOTO, HEALTH, LEASE, SIGNED = (name_of(f"/data/files/{name}") for name in ("photo", "health", "lease", "signed"))
SWAP, AUTOSAVE = {"X-Relais": "swap"}, {"X-Relais": "autosave"}


@pytest.fixture
def row(app, tmp_path):
    return museum.a_museum(tmp_path / "museum")


def in_french(message):
    """A sentence as the pages say it, with its spaces as `text` folds them."""
    with force_locale("fr"):
        return " ".join(gettext(message).split())


def sent(data: bytes, name: str):
    return (io.BytesIO(data), name)


def answered(row, name):
    db.session.rollback()
    found = queries.opened(row, queries.present_set(row))[0].get(f"/data/files/{name}")
    db.session.rollback()
    return found


def kept(row):
    found = [one for one in filing.files_of([row.subject]) if one.part == "answer" and not one.erased_at]
    return found


def submitted(row):
    """Filled as far as it must be, and handed on to the landlord, to whom the household agreed."""
    file = queries.file(factories.identity(CLAIRE), row.reference)
    stored = actions.filling.draft_to_write(file, CLAIRE)
    instance, provenance = queries.opened(row, stored)
    instance.set("/data/words/plain", "Awa")
    instance.set("/data/tables/noise", "good")
    actions.writing.write(row, stored, instance, provenance, CLAIRE)
    db.session.commit()
    actions.submit(factories.identity(CLAIRE), row.reference, factories.version(row))
    agreed = Agreement(operation_id=row.operation_id, dossier_id=row.id, organisation="actis", since=clock.now())
    db.session.add(agreed)
    db.session.commit()


def test_a_photograph_goes_with_the_page_and_stands_in_it_and_on_the_check_page(desk, row):
    claire = desk(CLAIRE, row).get("/fill/files")
    claire.send("/fill/files", **{PHOTO: sent(museum.photograph(), "Entrée du 12.JPG")}).follow()
    name = answered(row, "photo")
    assert name.startswith("Entrée-du-12-")
    assert name.endswith(".jpg")
    claire.get("/fill/files")
    tree = html.fromstring(claire.last.text)
    [shown] = tree.xpath("//img[@class='kept-image']")
    assert shown.get("alt") == "Photo de l’entrée"
    assert claire.client.get(shown.get("src")).mimetype == "image/jpeg"
    claire.get("/check")
    assert "Entrée-du-12.jpg" in claire.text
    assert shown.get("src") in claire.last.text


def test_a_photograph_is_kept_without_what_the_camera_noted(desk, row):
    assert b"45.18N" in museum.photograph()
    desk(CLAIRE, row).get("/fill/files").send("/fill/files", **{PHOTO: sent(museum.photograph(), "a.jpg")})
    [file] = kept(row)
    data = filing.bytes_of_file(file)
    assert b"45.18N" not in data
    assert not Image.open(io.BytesIO(data)).getexif()


def test_without_a_file_the_page_keeps_the_one_it_has(desk, row):
    claire = desk(CLAIRE, row).get("/fill/files")
    claire.send("/fill/files", **{LEASE: sent(museum.lease(), "bail.pdf")})
    before = answered(row, "lease")
    claire.get("/fill/files").send("/fill/files", update="1")
    assert answered(row, "lease") == before
    assert len(kept(row)) == 1


def test_a_text_posted_in_place_of_a_file_is_not_taken(desk, row):
    claire = desk(CLAIRE, row).get("/fill/files")
    claire.send("/fill/files", **{HEALTH: sent(museum.picture(), "certificat.png")})
    stolen = answered(row, "health")
    claire.get("/fill/files").send("/fill/files", update="1", **{PHOTO: stolen})
    assert answered(row, "photo") == ""


def test_the_level_of_the_question_says_who_opens_its_file(desk, row):
    claire = desk(CLAIRE, row).get("/fill/files")
    claire.send(
        "/fill/files",
        **{HEALTH: sent(museum.picture(), "certificat.png"), PHOTO: sent(museum.photograph(), "porte.jpg")},
    )
    submitted(row)
    sonia = desk(SONIA, row).get()
    assert "porte.jpg" in sonia.text
    assert "certificat" not in sonia.text
    assert sonia.get(f"/answers/{PHOTO}").status == 200
    assert sonia.get(f"/answers/{HEALTH}").status == 404
    assert desk(OLIVIER, row).get(f"/answers/{PHOTO}").status == 404
    assert claire.get(f"/answers/{HEALTH}").status == 200


def test_reading_a_confidential_file_is_noted(desk, row):
    claire = desk(CLAIRE, row).get("/fill/files")
    claire.send("/fill/files", **{HEALTH: sent(museum.picture(), "certificat.png")})
    claire.get(f"/answers/{HEALTH}")
    db.session.rollback()
    assert "dossiers.answer_file" in {one.page for one in db.session.query(SensitiveRead)}
    db.session.rollback()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        (PHOTO, museum.lease(), NOT_OF_THIS_KIND["image"]),
        (PHOTO, b"", EMPTY),
        (PHOTO, museum.picture()[:60] + b"IEND", DAMAGED),
        (LEASE, museum.table("xl/vbaProject.bin"), NOT_OF_THIS_KIND["file"]),
        (LEASE, b"MZ\x90\x00 a program", NOT_OF_THIS_KIND["file"]),
        (LEASE, b"PK\x03\x04 cut short", NOT_OF_THIS_KIND["file"]),
        (name_of("/data/files/voice"), museum.film()[:4], NOT_OF_THIS_KIND["audio"]),
        (name_of("/data/files/film"), museum.recording(), NOT_OF_THIS_KIND["video"]),
    ],
)
def test_a_file_that_cannot_be_kept_says_why_beside_its_question_and_the_rest_is_saved(desk, row, name, data, said):
    claire = desk(CLAIRE, row).get("/fill/files")
    claire.send("/fill/files", **{name: sent(data, "x.bin"), SIGNED: sent(museum.picture(), "main.png")})
    assert claire.status == 422
    assert in_french(said) in claire.text
    tree = html.fromstring(claire.last.text)
    [field] = tree.xpath(f"//input[@name='{name}']")
    assert field.get("aria-invalid") == "true"
    assert f"{name}-error" in field.get("aria-describedby")
    assert answered(row, "signed").startswith("main-")


@pytest.mark.parametrize(
    ("name", "data", "ending"),
    [
        ("lease", museum.lease(), ".pdf"),
        ("lease", museum.table(), ".xlsx"),
        ("voice", museum.recording(), ".wav"),
        ("film", museum.film(), ".mp4"),
    ],
)
def test_documents_sounds_and_films_are_kept_under_what_they_really_are(desk, row, name, data, ending):
    claire = desk(CLAIRE, row).get("/fill/files")
    claire.send("/fill/files", **{name_of(f"/data/files/{name}"): sent(data, "../../evil.exe")})
    told = answered(row, name)
    assert told.startswith("evil-")
    assert told.endswith(ending)
    claire.get(f"/answers/{name_of(f'/data/files/{name}')}")
    assert claire.last.data == data
    assert claire.last.headers["Content-Disposition"].startswith("attachment")


def test_a_replaced_or_removed_file_is_out_of_sight_and_its_bytes_go(desk, row):
    claire = desk(CLAIRE, row).get("/fill/files")
    claire.send("/fill/files", **{PHOTO: sent(museum.photograph(), "a.jpg")})
    [first] = kept(row)
    claire.get("/fill/files").send("/fill/files", **{PHOTO: sent(museum.picture(), "b.png")})
    [second] = kept(row)
    assert second.id != first.id
    claire.get("/fill/files").send("/fill/files", remove_file="/data/files/photo").follow()
    assert answered(row, "photo") == ""
    assert kept(row) == []
    assert claire.get(f"/answers/{PHOTO}").status == 404


def test_a_file_of_a_version_that_was_handed_on_stays_with_that_version(desk, row):
    claire = desk(CLAIRE, row).get("/fill/files")
    claire.send("/fill/files", **{PHOTO: sent(museum.photograph(), "a.jpg")})
    submitted(row)
    factories.decide(SONIA, row, "SendBack", "reading", reason="Une photo plus nette.", sections=())
    claire.get("/fill/files").send("/fill/files", remove_file="/data/files/photo")
    assert answered(row, "photo") == ""
    assert len(kept(row)) == 1
    assert desk(SONIA, row).get(f"/answers/{PHOTO}").status == 200


def test_a_removed_row_takes_its_files_along(desk, row):
    portrait = name_of("/data/people/person[1]/child[1]/portrait")
    claire = desk(CLAIRE, row).get("/fill/people")
    claire.send("/fill/people", **{portrait: sent(museum.picture(), "enfant.png")})
    assert len(kept(row)) == 1
    claire.get("/fill/people").send("/fill/people", remove_row="/data/people/person[1]")
    assert kept(row) == []


def test_files_follow_their_row_when_the_one_before_is_removed(desk, row):
    claire = desk(CLAIRE, row).get("/fill/people").send("/fill/people", add_row="/data/people/person").follow()
    second = name_of("/data/people/person[2]/child[1]/portrait")
    claire.send("/fill/people", **{second: sent(museum.picture(), "enfant.png")})
    claire.get("/fill/people").send("/fill/people", remove_row="/data/people/person[1]")
    assert claire.get(f"/answers/{name_of('/data/people/person[1]/child[1]/portrait')}").status == 200


def test_a_typed_name_is_kept_as_the_picture_of_a_signature(desk, row):
    claire = desk(CLAIRE, row).get("/fill/files")
    claire.send("/fill/files", **{f"{SIGNED}!typed": "Awa Koné", f"{SIGNED}!mine": "1"})
    assert answered(row, "signed").startswith("Awa-Koné-")
    claire.get(f"/answers/{SIGNED}")
    assert claire.last.mimetype == "image/png"
    assert Image.open(io.BytesIO(claire.last.data)).size == (600, 200)


def test_a_box_ticked_without_a_name_says_what_to_do(desk, row):
    claire = desk(CLAIRE, row).get("/fill/files").send("/fill/files", **{f"{SIGNED}!mine": "1"})
    assert claire.status == 422
    assert in_french(UNTYPED) in claire.text


def test_autosave_sends_no_file_and_loses_none(desk, row):
    claire = desk(CLAIRE, row).get("/fill/files")
    claire.send("/save/files", form="/fill/files", headers=SWAP, **{PHOTO: sent(museum.photograph(), "a.jpg")})
    assert "kept-image" in claire.last.text
    before = answered(row, "photo")
    claire.get("/fill/files")
    claire.send("/save/files", form="/fill/files", headers=AUTOSAVE, **{PHOTO: sent(museum.picture(), "b.png")})
    assert claire.status == 204
    assert answered(row, "photo") == before


def test_a_change_elsewhere_on_the_page_tells_a_refused_file_beside_its_question(desk, row):
    claire = desk(CLAIRE, row).get("/fill/files")
    claire.send("/save/files", form="/fill/files", headers=SWAP, **{PHOTO: sent(b"not a picture", "a.jpg")})
    assert claire.status == 200
    assert in_french(NOT_OF_THIS_KIND["image"]) in claire.text


def test_pictures_of_the_form_are_shown_with_its_choices(desk, row):
    claire = desk(CLAIRE, row).get("/fill/choices")
    tree = html.fromstring(claire.last.text)
    found = tree.xpath("//label//img[@class='choice-image']")
    assert [one.get("alt") for one in found] == ["", ""]
    assert claire.client.get(found[0].get("src")).mimetype == "image/png"
    assert claire.get("/media/nothing.png").status == 404


def test_the_bytes_of_an_answer_are_encrypted_in_the_store(desk, row, app):
    desk(CLAIRE, row).get("/fill/files").send("/fill/files", **{LEASE: sent(museum.lease(), "bail.pdf")})
    [file] = db.session.query(KeptFile).filter_by(part="answer").all()
    folder = app.config["RELAIS"].storage_url.removeprefix("file://")
    with open(f"{folder}/{file.name}", "rb") as stored:
        assert b"%PDF" not in stored.read()


def papered(row):
    """The paper of the dossier, made as its job makes it, and what it is made from."""
    factories.decide(SONIA, row, "Approve", "reading")
    subject = row.subject
    db.session.rollback()
    outbox.drain()
    [paper] = filing.papers(subject)
    assert paper.state == "ready"
    return paper, material.order_of(paper, "", "")


def test_on_paper_a_file_is_named_with_its_size_and_a_hidden_one_is_not(desk, row):
    claire = desk(CLAIRE, row).get("/fill/files")
    photo, health = sent(museum.photograph(), "porte.jpg"), sent(museum.picture(), "certificat.png")
    claire.send("/fill/files", **{PHOTO: photo, HEALTH: health})
    submitted(row)
    order = papered(row)[1]
    rows = {line["label"]: line["value"] for section in order.data["sections"] for line in section["rows"]}
    assert rows["Photo de l’entrée"] == "porte.jpg (1\u00a0ko)"
    assert "Certificat" not in rows
    assert "certificat" not in str(order.data)


def test_on_paper_a_file_in_a_row_is_named_with_its_size(desk, row):
    portrait = name_of("/data/people/person[1]/child[1]/portrait")
    claire = desk(CLAIRE, row).get("/fill/people")
    claire.send("/fill/people", **{portrait: sent(museum.picture(), "enfant.png")})
    submitted(row)
    order = papered(row)[1]
    cells = str([table["rows"] for section in order.data["sections"] for table in section["tables"]])
    assert "enfant.png (1\\xa0ko)" in cells
    [picture] = [one for section in order.data["sections"] for one in section["pictures"]]
    assert picture["alt"] == "Personne 1 – Portrait"


def test_a_picture_stands_on_paper_only_where_its_level_may_be_read(desk, row):
    claire = desk(CLAIRE, row).get("/fill/files")
    claire.send(
        "/fill/files",
        **{
            PHOTO: sent(museum.picture(size=(64, 48)), "porte.png"),
            HEALTH: sent(museum.picture("red", size=(33, 77)), "certificat.png"),
            f"{SIGNED}!typed": "Awa Koné",
            f"{SIGNED}!mine": "1",
        },
    )
    submitted(row)
    paper, order = papered(row)
    shown = [one["alt"] for section in order.data["sections"] for one in section["pictures"]]
    assert shown == ["Photo de l’entrée", "Signature"]
    with pikepdf.open(io.BytesIO(filing.bytes_of(paper, "pdf"))) as made:
        sizes = {(int(one.Width), int(one.Height)) for page in made.pages for one in page.images.values()}
    with zipfile.ZipFile(io.BytesIO(filing.bytes_of(paper, "docx"))) as made:
        media = [made.read(name) for name in made.namelist() if name.startswith("word/media/")]
    expected = {(64, 48), (600, 200)}
    assert sizes == expected
    assert expected <= {Image.open(io.BytesIO(one)).size for one in media}
    assert (33, 77) not in {Image.open(io.BytesIO(one)).size for one in media}


@pytest.mark.parametrize("reader", ["landlord", "household", "commission", "desk", "coordination", "aggregates"])
def test_no_reader_below_its_level_gets_a_confidential_picture(desk, row, reader):
    claire = desk(CLAIRE, row).get("/fill/files")
    claire.send("/fill/files", **{HEALTH: sent(museum.picture(), "certificat.png")})
    db.session.rollback()
    instance = queries.opened(row, queries.present_set(row))[0]
    laying = Laying(row.subject)
    for name, found in ((reader, []), ("author", ["Certificat"])):
        sections = view(instance, LENSES[name], "Français (fr)", laying.named).sections
        laid = [laying.section(one) for one in sections]
        assert [one["alt"] for section in laid for one in section["pictures"]] == found
    db.session.rollback()


def test_an_erased_picture_is_only_named(desk, row):
    claire = desk(CLAIRE, row).get("/fill/files")
    claire.send("/fill/files", **{PHOTO: sent(museum.picture(), "porte.png")})
    [file] = kept(row)
    erase(file, CLAIRE, "wrong place")
    db.session.commit()
    submitted(row)
    order = papered(row)[1]
    rows = {line["label"]: line["value"] for section in order.data["sections"] for line in section["rows"]}
    assert rows["Photo de l’entrée"] == "porte.png"
    assert not any(section["pictures"] for section in order.data["sections"])


def test_the_sound_and_the_film_of_a_question_have_players(desk, app, tmp_path):
    claire = desk(CLAIRE, museum.a_museum(tmp_path / "museum", form=museum.spoken())).get("/fill/files")
    tree = html.fromstring(claire.last.text)
    [sound] = tree.xpath("//audio[@controls]")
    [film] = tree.xpath("//video[@controls]")
    assert "Votre voix" in sound.get("aria-label")
    assert claire.last.headers["Content-Security-Policy"].count("media-src 'self'") == 1
    whole = claire.client.get(sound.get("src"))
    assert (whole.status_code, whole.mimetype, whole.data) == (200, "audio/wav", museum.recording())
    part = claire.client.get(film.get("src"), headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.mimetype, part.data) == (206, "video/mp4", b"ftyp")
