"""Models of papers in pages: looked at, written with their pages beside them, published, compared, retired."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import CLAIRE, INES, NADIA
from tests.features.conftest import SignIn
from workflow import clock
from workflow.catalogue.models import PaperDraft
from workflow.catalogue.queries import paper_models
from workflow.catalogue.queries.paper_drafts import written
from workflow.catalogue.queries.paper_models import PaperModelInUse
from workflow.db import db
from workflow.record.queries import facts
from workflow.web.models import WebSession

OWN, COMMON = "/operations/mistral/models/avenant", "/models/avenant"
OLD, NEW = "restent en vigueur", "demeurent en vigueur"


@pytest.fixture
def nadia(sign_in: SignIn) -> FlaskClient:
    """She manages the operation."""
    return sign_in(NADIA)


@pytest.fixture
def ines(sign_in: SignIn) -> FlaskClient:
    """She looks after the installation."""
    return sign_in(INES)


def in_use(operation: str = "mistral") -> PaperModelInUse:
    db.session.expire_all()
    found = paper_models.model_in_use(operation, "avenant")
    db.session.rollback()
    return found


def text(operation: str = "mistral") -> str:
    return in_use(operation).text


def seen(operation: str = "mistral") -> int:
    db.session.expire_all()
    row = db.session.get(PaperDraft, ("avenant", operation))
    version = row.version if row else 0
    db.session.rollback()
    return version


def write(client: FlaskClient, words: str, do: str, where: str = OWN, **typed: str) -> tuple[int, str]:
    told = {"text": words, "do": do, "seen": str(seen(_operation(where))), "case": "", **typed}
    sent = client.post(f"{where}/write", data=told, content_type="multipart/form-data")
    return sent.status_code, unescape(sent.text)


def publish(client: FlaskClient, where: str = OWN) -> tuple[int, str]:
    sent = client.post(
        f"{where}/publish", data={"seen": str(seen(_operation(where))), "note": "Relu avec la préfecture."}
    )
    return sent.status_code, unescape(sent.text)


def _operation(where: str) -> str:
    return "mistral" if "mistral" in where else ""


def test_the_list_shows_every_model_and_can_be_searched_and_filtered(nadia: FlaskClient) -> None:
    page = unescape(nadia.get("/models").text)
    assert "Avenant" in page and "Charte de relogement" in page and f'href="{OWN}"' in page
    kept = unescape(nadia.get("/models?kind=agreement&q=avenant").text)
    assert "Avenant" in kept and "Charte de relogement" not in kept
    assert nadia.get("/models?format=xlsx").mimetype.endswith("sheet")


def test_the_administrator_sees_common_models_and_what_operations_have_of_their_own(
    ines: FlaskClient, nadia: FlaskClient
) -> None:
    assert f'href="{OWN}"' not in ines.get("/models").text
    write(nadia, text().replace(OLD, NEW), "save")
    page = ines.get("/models").text
    assert f'href="{OWN}"' in page and f'href="{COMMON}"' in page
    assert f'href="{COMMON}"' not in ines.get("/models?draft=1").text


def test_whoever_sets_nothing_up_never_sees_them(sign_in: SignIn) -> None:
    claire = sign_in(CLAIRE)
    assert {claire.get(url).status_code for url in ("/models", COMMON, OWN, f"{OWN}/write", "/clauses")} == {404}


def test_the_manager_looks_at_the_common_model_and_changes_only_her_operations_own(nadia: FlaskClient) -> None:
    assert nadia.get(COMMON).status_code == 200
    assert nadia.get(f"{COMMON}/write").status_code == 404
    assert nadia.get(f"{OWN}/write").status_code == 200
    assert nadia.get("/operations/la-duchere/models/avenant").status_code == 404


def test_what_is_typed_is_seen_as_pages_and_nothing_of_it_is_kept(nadia: FlaskClient) -> None:
    status, page = write(nadia, text().replace(OLD, NEW), "see")
    assert status == 200
    assert page.count("data:image/png;base64,") >= 2
    assert NEW in page
    assert seen() == 0


def test_the_pages_alone_are_sent_for_the_script(nadia: FlaskClient) -> None:
    sent = nadia.post(f"{OWN}/proof", data={"text": text(), "case": ""}, headers={"X-Relais": "proof"})
    assert sent.status_code == 200
    assert "<html" not in sent.text and "data-pages" in sent.text


def test_an_unknown_field_is_told_with_its_line_and_what_was_typed_stays(nadia: FlaskClient) -> None:
    wrong = text().replace("{{ asked.motif }}", "{{ menage.nom }}")
    line = wrong.partition("\n---\n")[2].split("\n").index("{{ menage.nom }}") + 1
    status, page = write(nadia, wrong, "see")
    assert status == 200
    assert f'data-line="{line}"' in page and "menage" in page
    assert "{{ menage.nom }}" in page


def test_a_draft_is_saved_and_papers_are_still_written_from_the_version_in_use(nadia: FlaskClient) -> None:
    before = in_use().hash
    status, _page = write(nadia, text().replace(OLD, NEW), "save")
    assert status == 303
    assert NEW in unescape(nadia.get(f"{OWN}/write").text)
    assert in_use().hash == before


def test_publishing_gives_the_operation_its_own_version_and_leaves_the_common_one(nadia: FlaskClient) -> None:
    before = in_use("")
    write(nadia, text().replace(OLD, NEW), "save")
    page = unescape(nadia.get(f"{OWN}/publish").text)
    assert "<del>" in page and "demeurent" in page
    assert publish(nadia)[0] == 303
    own = in_use()
    assert (own.operation, own.number, NEW in own.text) == ("mistral", 1, True)
    assert in_use("") == before
    assert in_use("la-duchere") == before
    assert seen() == 0
    (told,) = [fact for fact in facts("paper-model:avenant") if fact.kind == "PaperModelPublished"]
    assert (told.chain, told.actor) == ("operation:mistral", {"person": NADIA})


def test_a_model_that_cannot_be_written_is_not_published(nadia: FlaskClient) -> None:
    before = in_use().hash
    write(nadia, text().replace("{{ asked.motif }}", "{{ menage.nom }}"), "save")
    status, page = publish(nadia)
    assert status == 200 and "menage" in page
    assert in_use().hash == before


def test_every_example_is_tried_before_publishing(nadia: FlaskClient) -> None:
    wrong = text().replace("{{ asked.motif }}", '{% if asked.menages == "non" %}{{ menage.nom }}{% endif %}')
    write(nadia, wrong, "save")
    assert "menage" in publish(nadia)[1]


def test_of_two_who_write_the_second_sees_both_texts(nadia: FlaskClient) -> None:
    mine, theirs = text().replace(OLD, "valent toujours"), text().replace(OLD, NEW)
    write(nadia, theirs, "save", seen="0")
    status, page = write(nadia, mine, "save", seen="0")
    assert status == 409
    assert "valent toujours" in page and NEW in page
    assert NEW in unescape(nadia.get(f"{OWN}/write").text)
    again = re.search(r'name="seen" value="(\d+)"', page)
    assert again and again[1] == "1"


def test_a_draft_is_thrown_away_after_a_question(nadia: FlaskClient) -> None:
    write(nadia, text().replace(OLD, NEW), "save")
    assert nadia.get(f"{OWN}/discard").status_code == 200
    assert nadia.post(f"{OWN}/discard", data={"version": str(seen())}).status_code == 303
    assert NEW not in unescape(nadia.get(f"{OWN}/write").text)


def test_two_versions_are_compared_and_an_earlier_one_is_used_again(ines: FlaskClient) -> None:
    first = in_use("").hash
    write(ines, text("").replace(OLD, NEW), "save", COMMON)
    publish(ines, COMMON)
    second = in_use("").hash
    page = unescape(ines.get(f"{COMMON}/compare").text)
    assert "restent" in page and "demeurent" in page and "Article – Ce qui ne change pas" in page
    sent = ines.post(f"{COMMON}/use", data={"version": first, "seen": second})
    assert sent.status_code == 303
    assert in_use("").hash == first
    assert ines.post(f"{COMMON}/use", data={"version": second, "seen": second}).status_code == 409


def test_the_manager_is_told_when_the_common_model_changed_since_hers(nadia: FlaskClient, ines: FlaskClient) -> None:
    write(nadia, text().replace(OLD, NEW), "save")
    publish(nadia)
    write(ines, text("").replace(OLD, "restent valables"), "save", COMMON)
    publish(ines, COMMON)
    assert NEW in text()
    page = unescape(nadia.get(OWN).text)
    assert "/operations/mistral/models/avenant/compare?older=" in page


def test_a_version_is_taken_away_as_text_pdf_and_word_file(nadia: FlaskClient) -> None:
    found = in_use()
    where = f"{OWN}/versions/{found.hash}"
    assert nadia.get(f"{where}/modele.md").text == found.text
    assert nadia.get(f"{where}/exemple.pdf").data.startswith(b"%PDF-")
    assert nadia.get(f"{where}/exemple.docx").data.startswith(b"PK")
    assert nadia.get(f"{where}/autre.pdf").status_code == 404
    assert nadia.get(f"{OWN}/versions/{'0' * 64}/modele.md").status_code == 404


def test_what_is_typed_is_taken_away_as_a_file(nadia: FlaskClient) -> None:
    for kind, begins in (("pdf", b"%PDF-"), ("docx", b"PK")):
        sent = nadia.post(f"{OWN}/write", data={"text": text(), "do": kind, "seen": "0", "case": ""})
        assert sent.data.startswith(begins)


def test_an_operation_goes_back_to_the_common_model(nadia: FlaskClient) -> None:
    write(nadia, text().replace(OLD, NEW), "save")
    publish(nadia)
    assert nadia.post(f"{OWN}/retire", data={}).status_code == 303
    assert in_use().operation == ""


def test_a_retired_model_is_brought_back(ines: FlaskClient) -> None:
    assert ines.post(f"{COMMON}/retire", data={}).status_code == 303
    assert "avenant" not in {one.slug for one in paper_models.models_in_use("mistral")}
    db.session.rollback()
    assert ines.get(COMMON).status_code == 200
    assert ines.post(f"{COMMON}/bring-back", data={}).status_code == 303
    assert in_use().number == 1


BAD = {
    "no front matter": "Bonjour",
    "a loop without end": "---\ntitle: T\nlang: fr\n---\n"
    + "{% for i in (1..2000000) %}{% for j in (1..2000000) %}x{% endfor %}{% endfor %}",
    "liquid that cannot be read": "---\ntitle: T\n---\n{% if %}",
    "an unknown clause": '---\ntitle: T\n---\n{% clause "nulle-part" %}',
    "a picture that is nowhere": '---\ntitle: T\n---\n{% figure "plan.png" alt: "Plan" %}',
}


@pytest.mark.parametrize("kind", BAD)
def test_a_text_that_cannot_be_a_paper_is_answered_with_a_sentence_and_stays(nadia: FlaskClient, kind: str) -> None:
    status, page = write(nadia, BAD[kind], "see")
    assert status == 200
    assert 'class="remark' in page
    assert BAD[kind].rpartition("---\n")[2] in page


@pytest.mark.parametrize("do", ["see", "save"])
def test_a_text_of_three_megabytes_comes_back_with_a_sentence(nadia: FlaskClient, do: str) -> None:
    long = "---\ntitle: T\n---\n" + "mot " * 800_000
    status, page = write(nadia, long, do)
    assert status in (200, 409)
    assert "mot mot mot" in page
    assert "trop long" in page or "too long" in page
    assert seen() == 0


def test_pages_of_an_application_without_models_say_so(app: Flask, ines: FlaskClient) -> None:
    from workflow.catalogue.models import PaperModel

    db.session.query(PaperModel).delete()
    db.session.commit()
    assert ines.get("/models").status_code == 200


def test_settings_and_words_are_two_fields_and_each_remark_names_its_own(nadia: FlaskClient) -> None:
    settings, words = text().removeprefix("---\n").split("\n---\n", 1)
    status, page = write(nadia, "{{ menage.nom }}\n" + words, "see", settings=settings + "\nkind: poem")
    assert status == 200
    assert 'data-line="1" data-field="text"' in page
    write(nadia, words, "save", settings=settings)
    assert db.session.get_one(PaperDraft, ("avenant", "mistral")).text == text()


def example(client: FlaskClient, **typed: str) -> tuple[int, str]:
    db.session.rollback()
    page = unescape(client.get(f"{OWN}/example?case={typed.get('case', '')}").text)
    told = dict(re.findall(r'<(?:input|textarea)[^>]* name="(asked\.\w+)"[^>]*?(?: value="([^"]*)")?>', page))
    rest = re.search(r'<textarea id="rest"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    told |= {
        "asked.menages": "oui",
        "asked.signe_le": "2005-10-03",
        "asked.effet_le": "2007-01-01",
        "rest": rest[1] if rest else "",
    }
    sent = client.post(f"{OWN}/example", data={**told, "seen": str(seen()), "case": "", **typed})
    return sent.status_code, unescape(sent.text)


def test_the_data_of_an_example_are_changed_in_fields_and_seen_in_the_document(nadia: FlaskClient) -> None:
    status, _page = example(nadia, **{"asked.motif": "Un retard de chantier.", "asked.numero": "7"})
    assert status == 303
    row = db.session.get_one(PaperDraft, ("avenant", "mistral"))
    assert (row.examples[""]["asked"]["numero"], row.examples[""]["asked"]["motif"]) == (7, "Un retard de chantier.")
    assert row.examples[""]["controller"]["name"] == "Ville de Grenoble"
    assert row.text == text()


def test_another_example_is_added_under_its_own_name(nadia: FlaskClient) -> None:
    assert example(nadia, case="new", name="Grand retard", **{"asked.numero": "2"})[0] == 303
    assert "grand-retard" in db.session.get_one(PaperDraft, ("avenant", "mistral")).examples
    assert example(nadia, case="new", name="", **{"asked.numero": "2"})[0] == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("asked.numero", "sept"),
        ("asked.menages", "peut-être"),
        ("asked.effet_le", "bientôt"),
        ("rest", '{"operation": '),
        ("rest", "[1, 2]"),
        ("rest", "[" * 100_000),
        ("rest", "{}" + " " * 200_001),
    ],
)
def test_data_that_cannot_be_read_are_told_beside_their_field_and_stay(
    nadia: FlaskClient, field: str, value: str
) -> None:
    status, page = example(nadia, **{"asked.numero": "1", field: value})
    assert status == 422
    assert f'id="{field}-error"' in page
    assert value[:50] in page
    assert seen() == 0


def test_a_field_too_high_for_an_audience_and_a_jumping_heading_are_remarks_with_their_lines(
    nadia: FlaskClient,
) -> None:
    words = (
        "---\ntitle: T\nlang: fr\nabout: household\naudiences: [commission]\n---\n"
        'Chez {{ household.display }}.\n\n# Un\n\n### Trois\n\n{% ref "nulle-part" %}\n'
    )
    status, page = write(nadia, words, "see")
    assert status == 200 and "data:image/png" not in page  # the avenant's example knows no household
    page = unescape(
        nadia.post(
            "/operations/mistral/models/bon-de-visite/write", data={"text": words, "do": "see", "seen": "0"}
        ).text
    )
    assert "data:image/png" in page
    assert [one for one in (1, 5) if f'data-line="{one}" data-field="text"' not in page] == []
    assert "household.display" in page and "nulle-part" in page


def test_large_print_takes_more_room(nadia: FlaskClient) -> None:
    pages = [write(nadia, text(), "see", **more)[1].count('class="proof-page"') for more in ({}, {"large": "1"})]
    assert pages[0] < pages[1]


def test_a_text_sent_after_the_end_of_the_session_waits_to_be_saved(nadia: FlaskClient, sign_in: SignIn) -> None:
    words = text().replace(OLD, NEW)
    db.session.query(WebSession).update({WebSession.seen_at: clock.now() - timedelta(hours=13)})
    db.session.commit()
    late = nadia.post(f"{OWN}/write", data={"text": words, "do": "save", "seen": "0", "case": ""})
    assert late.status_code == 303 and "/sign-in" in late.headers["Location"]
    again = sign_in(NADIA)
    assert NEW in unescape(again.get(f"{OWN}/write").text)
    assert write(again, words, "save")[0] == 303
    assert db.session.get_one(PaperDraft, ("avenant", "mistral")).text == words


def test_a_model_that_others_annex_takes_them_along_and_says_so(ines: FlaskClient) -> None:
    before = paper_models.model_in_use("", "charte-de-relogement").number
    guide = written("guide-du-relogement", "").text
    db.session.rollback()
    where, told = "/models/guide-du-relogement", {"text": guide + "\nUn dernier mot.\n", "do": "save", "seen": "0"}
    assert ines.post(f"{where}/write", data=told).status_code == 303
    assert "Charte de relogement" in unescape(ines.get(f"{where}/publish").text)
    assert ines.post(f"{where}/publish", data={"seen": "1"}).status_code == 303
    charter = paper_models.model_in_use("", "charte-de-relogement")
    assert charter.number == before + 1
    assert "Un dernier mot." in charter.library.models["guide-du-relogement"]


def test_a_model_is_not_published_when_one_that_annexes_it_could_not_be_written_any_more(ines: FlaskClient) -> None:
    """What the guide asks, the charter that annexes it does not."""
    before = paper_models.model_in_use("", "charte-de-relogement").number
    guide = written("guide-du-relogement", "")
    words = guide.text + "\n{{ asked.only_here }}\n"
    examples = {name: {**one, "asked": {**one["asked"], "only_here": "x"}} for name, one in guide.examples.items()}
    db.session.rollback()
    where = "/models/guide-du-relogement"
    ines.post(f"{where}/write", data={"text": words, "do": "save", "seen": "0"})
    db.session.get_one(PaperDraft, ("guide-du-relogement", "")).examples = examples
    db.session.commit()
    sent = ines.post(f"{where}/publish", data={"seen": "1"})
    assert sent.status_code == 200
    assert "Charte de relogement" in unescape(sent.text)
    assert paper_models.model_in_use("", "charte-de-relogement").number == before
