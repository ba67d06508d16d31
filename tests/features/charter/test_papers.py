"""The text and the table of answers as papers; a Word file that comes in; signature, publication, commitments."""

import io
import re
from html import unescape

import docx
import pytest

from tests.cast import MONIQUE, NADIA, SONIA
from tests.features.charter.conftest import answer, draft_of, in_public, one, read_all, speak, words_of
from tests.features.charter.test_answering import put_off
from workflow.db import db
from workflow.filing import queries as filing

PROMISE = {
    "bearer": "actis",
    "words": "Payer les meubles lourds",
    "article": "frais",
    "due": "2027-06-30",
    "state": "open",
}


def files(client, reference: str) -> list[str]:
    return re.findall(
        rf'href="(/(?:drafts|consultations)/{reference}/papers/[^"]+)"', client.get(f"/drafts/{reference}").text
    )


def written(client, reference: str, worked, kind: str) -> dict[str, bytes]:
    assert client.post(f"/drafts/{reference}/papers", data={"kind": kind}).status_code == 303
    worked()
    found = [url for url in files(client, reference)]
    mine = [url for url in found if filing.by_reference(url.split("/")[-1].split(".")[0]).kind == kind]
    db.session.rollback()
    return {url.rsplit(".", 1)[1]: client.get(url).data for url in mine}


def words_in(data: bytes) -> str:
    told = docx.Document(io.BytesIO(data))
    cells = (cell.text for table in told.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(one.text for one in told.paragraphs), *cells])


def test_the_table_prints_what_was_published_and_its_answers(app, sign_in, reference, worked):
    speak(sign_in(MONIQUE), reference, "Quinze jours pour répondre.")
    speak(sign_in(SONIA), reference, "Ceci reste entre nous.", consent="no")
    in_public(app.test_client(), reference, "Pas encore lu.")
    nadia = sign_in(NADIA)
    answer(nadia, reference, 1, "reworded", "Quinze jours ouvrés.")
    made = written(nadia, reference, worked, "charter-answers")
    assert made["pdf"].startswith(b"%PDF")
    told = words_in(made["docx"])
    for words in ("Quinze jours pour répondre.", "Quinze jours ouvrés.", "Confédération syndicale", "n’a pas souhaité"):
        assert words in told
    assert "Ceci reste entre nous" not in told
    assert "Pas encore lu" not in told
    assert sign_in(SONIA).get(files(nadia, reference)[0]).status_code == 200
    listed = unescape(nadia.get("/operations/mistral/papers").text)
    assert "Contributions et réponses" in listed or "Contributions and answers" in listed


@pytest.fixture
def word(app, sign_in, reference, worked) -> docx.document.Document:
    return docx.Document(io.BytesIO(written(sign_in(NADIA), reference, worked, "charter-text")["docx"]))


def sent(client, reference: str, document) -> tuple[int, str]:
    data = io.BytesIO()
    document.save(data)
    data.seek(0)
    told = {"file": (data, "texte.docx"), "organisation": "csf"}
    answered = client.post(f"/drafts/{reference}/from-word", data=told, content_type="multipart/form-data")
    return answered.status_code, unescape(answered.text)


def typed(page: str) -> dict[str, str]:
    """What the page of the changes holds, to be sent as it is."""
    told = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    told |= dict.fromkeys(re.findall(r'type="checkbox" id="[^"]+" name="([^"]+)"', page), "1")
    told |= dict(re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL))
    return told | {"consent": "named"}


def test_what_a_word_file_says_otherwise_becomes_contributions(app, sign_in, reference, word):
    line = next(each for each in word.paragraphs if each.text.startswith("Le loyer de l’ancien logement"))
    line.text = "Le loyer de l’ancien logement cesse le jour du départ."
    at = next(
        each for each in word.paragraphs if "Modification et adhésion" in each.text and each.style.name != "toc 1"
    )
    at.insert_paragraph_before("Article 20 – Un local", style=at.style)
    at.insert_paragraph_before("Un local est prêté aux associations.")
    monique = sign_in(MONIQUE)
    status, page = sent(monique, reference, word)
    assert status == 200
    assert draft_of(reference).counted == 0  # nothing is recorded before it is looked at
    assert monique.post(f"/drafts/{reference}/from-word", data=typed(page)).status_code == 303
    assert draft_of(reference).counted == 2
    assert (one(reference, 1).kind, one(reference, 1).article, one(reference, 1).source) == ("wording", "frais", "word")
    assert "cesse le jour du départ" in words_of(reference, 1)
    assert (one(reference, 2).kind, words_of(reference, 2)) == ("new", "Un local est prêté aux associations.")


def test_a_word_file_that_is_not_the_draft_is_refused_in_words(app, sign_in, reference, word):
    monique, other = sign_in(MONIQUE), docx.Document()
    other.add_heading("Compte rendu", 1)
    other.add_paragraph("Présents : personne.")
    status, page = sent(monique, reference, other)
    assert status == 422
    assert "aucun de ses articles" in page or "none of its articles" in page
    status, page = sent(monique, reference, word)
    assert status == 422
    assert "la même chose que le texte" in page or "says the same as the text" in page
    bad = {"file": (io.BytesIO(b"PK nothing"), "texte.docx"), "organisation": "csf"}
    assert (
        monique.post(f"/drafts/{reference}/from-word", data=bad, content_type="multipart/form-data").status_code == 422
    )
    assert sign_in(NADIA).get(f"/drafts/{reference}/from-word").status_code == 404
    assert draft_of(reference).counted == 0


@pytest.fixture
def settled(app, sign_in, reference, day) -> str:
    """Version 2, after one contribution of the association and one of an inhabitant."""
    speak(sign_in(MONIQUE), reference, "Trois propositions.", kind="wording")
    in_public(app.test_client(), reference, "Les meubles lourds aussi.")
    nadia = sign_in(NADIA)
    read_all(nadia, reference)
    answer(nadia, reference, 1, "taken", "C’est juste.", put="y")
    answer(nadia, reference, 2, "declined", "Le barème s’applique.")
    day(20)
    assert put_off(sign_in(NADIA), reference, "freeze").status_code == 303
    return reference


def test_the_settled_text_goes_to_signature_with_a_place_for_each_who_signs(settled, sign_in, worked):
    nadia, version = sign_in(NADIA), draft_of(settled).version
    db.session.rollback()
    url = f"/drafts/{settled}/signers"
    who = {
        "organisations": ["grenoble", "actis", "cg-isere"],
        "tenants": "Rose Amblard\nAli Zerrouki",
        "version": version,
    }
    assert nadia.post(url, data=who).status_code == 422  # since when they are mandated is not said
    assert nadia.post(url, data=who | {"mandated_on": "2026-10-05"}).status_code == 303
    worked()
    row = draft_of(settled)
    assert "Rose Amblard" not in str(row.signers)
    [paper] = [each for each in filing.papers(row.subject) if each.kind == "charter-text"]
    reference = paper.reference
    db.session.rollback()
    told = words_in(nadia.get(f"/drafts/{settled}/papers/{reference}.docx").data)
    assert "Trois propositions." in told
    assert "mandaté par les locataires" in told or "mandated by the tenants" in told
    assert f"/papers/{reference}/sign" in nadia.get(f"/drafts/{settled}").text
    room = nadia.post(f"/papers/{reference}/sign").location
    page = unescape(nadia.get(room).text)
    for name in ("Hélène Vasseur", "Patrice Odier", "Mireille Santoni"):
        assert name in page
    assert nadia.post(f"/drafts/{settled}/papers", data={"kind": "charter-text"}).status_code == 409


def test_what_is_published_is_read_by_everybody_with_its_papers(settled, sign_in, worked):
    nadia, anybody = sign_in(NADIA), app_of(sign_in)
    written(nadia, settled, worked, "charter-text")
    assert anybody.get(f"/consultations/{settled}").status_code == 200
    paper = files(nadia, settled)[0].split("/")[-1]
    assert anybody.get(f"/consultations/{settled}/papers/{paper}").status_code == 404
    assert nadia.post(f"/drafts/{settled}/publish").status_code == 303
    page = unescape(anybody.get(f"/consultations/{settled}").text)
    assert "Trois propositions." in page
    assert "Le barème s’applique." in page
    assert anybody.get(f"/consultations/{settled}/papers/{paper}").status_code == 200
    assert len(page.encode()) < 100_000


def app_of(sign_in):
    return sign_in(NADIA).application.test_client()


def test_commitments_are_listed_by_bearer_with_their_day(settled, sign_in):
    nadia = sign_in(NADIA)
    url = f"/drafts/{settled}/commitments"
    assert nadia.post(f"{url}/new", data=PROMISE).status_code == 303
    assert nadia.post(f"{url}/new", data=PROMISE | {"bearer": "-", "words": "Relayer", "due": ""}).status_code == 303
    assert nadia.post(f"{url}/new", data=PROMISE | {"state": "dropped"}).status_code == 422  # nobody says why
    page = unescape(sign_in(MONIQUE).get(url).text)
    assert page.index("Relayer") < page.index("Payer les meubles lourds")
    assert "30 juin 2027" in page
    assert sign_in(MONIQUE).post(f"{url}/new", data=PROMISE).status_code == 404
