"""Pages of the catalogue: versions of a form, what changed between two, and a form tried before it is published."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import CLAIRE, INES, NADIA
from tests.features.catalogue.test_adopting import MISTRAL, SLUG, partner
from tests.features.conftest import SignIn
from workflow import clock
from workflow.catalogue import actions, queries
from workflow.catalogue.models import ProcedureVersion
from workflow.db import db
from workflow.operations.actions import put_operation

FORM = """
| survey |
| | type | name | label::Français (fr) | label::English (en) | relevant | required | LEVEL | CONSEQUENCE |
| | begin group | A | Le ménage | The household | | | V1 | |
| | text | nom | Nom | Name | | yes | V1 | |
| | text | maladie | Une maladie ? | An illness? | | | V3 | |
| | text | besoin | Besoin du logement | Need | | | V1 | maladie |
| | begin repeat | enfant | Enfant | Child | | | V1 | |
| | text | prenom | Prénom | First name | | | V1 | |
| | end repeat | | | | | | | |
| | end group | | | | | | | |
| | begin group | B | La suite | What follows | ${nom} != '' | | | |
| | integer | loyer | Loyer | Rent | | | V2 | |
| | end group | | | | | | | |
""".replace("LEVEL", "bind::relais:level").replace("CONSEQUENCE", "bind::relais:consequence")


@pytest.fixture
def ines(sign_in: SignIn) -> FlaskClient:
    """Whoever looks after the installation."""
    return sign_in(INES)


def send(client: FlaskClient, text: str, name: str = "essai.md", **beside: str) -> tuple[int, str]:
    files = {"file": (io.BytesIO(text.encode()), name)}
    if beside:
        files["beside"] = [(io.BytesIO(content.encode()), f"{stem}.csv") for stem, content in beside.items()]
    answer = client.post("/forms/try", data=files, content_type="multipart/form-data")
    return answer.status_code, unescape(answer.text)


def again(client: FlaskClient, page: str, **typed: str) -> str:
    """Send the page that is shown, with what was typed."""
    draft = re.search(r'name="draft" value="([^"]+)"', page)
    assert draft
    answer = client.post("/forms/try", data={"draft": draft[1], **typed})
    assert answer.status_code == 200
    return unescape(answer.text)


# -- versions


def test_the_published_forms_are_listed_with_their_versions(ines: FlaskClient) -> None:
    assert f"/forms/{SLUG}" in ines.get("/forms").text
    page = ines.get(f"/forms/{SLUG}").text
    assert "/compare?" in page or "première version" in page.lower() or "first version" in page


def test_two_versions_are_compared_in_words(app: Flask, ines: FlaskClient) -> None:
    older = queries.current(SLUG, MISTRAL).hash
    partner(MISTRAL, "logis-du-drac", "Logis du Drac")
    actions.refit(MISTRAL)
    db.session.commit()
    newer = queries.current(SLUG, MISTRAL).hash
    page = unescape(ines.get(f"/forms/{SLUG}/compare?older={older}&newer={newer}").text)
    assert "Logis du Drac" in page
    same = ines.get(f"/forms/{SLUG}/compare?older={newer}&newer={newer}").text
    assert "Logis du Drac" not in same


def test_a_version_nobody_knows_is_not_found(ines: FlaskClient) -> None:
    for path in ("/forms/nothing", f"/forms/{SLUG}/compare?older=0&newer=1", f"/forms/{SLUG}/try/0"):
        assert ines.get(path).status_code == 404


def test_lists_fitted_to_another_operation_are_not_shown(app: Flask, sign_in: SignIn) -> None:
    put_operation({"slug": "ailleurs", "name": {"fr": "Ailleurs"}, "city": "Voiron", "owner": "actis"})
    partner("ailleurs", "bailleur-secret", "Bailleur Secret")
    theirs = actions.adopt("ailleurs", SLUG).hash
    db.session.commit()
    nadia = sign_in(NADIA)
    assert theirs not in nadia.get(f"/forms/{SLUG}").text
    assert nadia.get(f"/forms/{SLUG}/try/{theirs}").status_code == 404
    assert nadia.get(f"/forms/{SLUG}/compare?newer={theirs}").status_code == 404


def test_who_sets_nothing_up_finds_no_forms(sign_in: SignIn) -> None:
    claire = sign_in(CLAIRE)
    assert claire.get("/forms").status_code == claire.get("/forms/try").status_code == 404


# -- trying


def test_a_form_with_faults_says_where_and_what_to_do(ines: FlaskClient) -> None:
    status, page = send(ines, FORM.replace("${nom} != ''", "${personne} != ‘’"))
    assert status == 422
    assert "<span>10</span>" in page
    assert "relevant" in page


def test_a_file_that_is_no_form_is_refused_with_a_sentence(ines: FlaskClient) -> None:
    for name, text in (("essai.xlsx", "junk"), ("essai.pdf", "junk"), ("essai.md", "")):
        status, page = send(ines, text, name)
        assert status == 422
        assert "essai" in page


def test_a_form_is_filled_page_by_page_with_its_rules_and_nothing_is_stored(app: Flask, ines: FlaskClient) -> None:
    before = db.session.query(ProcedureVersion).count()
    db.session.rollback()
    status, page = send(ines, FORM)
    assert status == 200
    assert "data:A:nom" in page
    page = again(ines, page, **{"data:A:nom": "Belkacem", "check": "1"})
    assert 'value="Belkacem"' in page
    page = again(ines, page, **{"data:A:nom": "Belkacem", "add_row": "/data/A/enfant"})
    assert "data:A:enfant~1:prenom" in page
    page = again(ines, page, **{"data:A:nom": "Belkacem", "data:A:enfant~1:prenom": "Lina", "go": "B"})
    assert "data:B:loyer" in page
    page = again(ines, page, **{"data:B:loyer": "beaucoup"})
    assert 'value="beaucoup"' in page
    assert "error" in page
    assert db.session.query(ProcedureVersion).count() == before


def test_a_form_under_trial_is_seen_as_each_reader_would(ines: FlaskClient) -> None:
    page = send(ines, FORM)[1]
    typed = {"data:A:nom": "Belkacem", "data:A:maladie": "Fibrose", "data:A:besoin": "Air sain"}
    seen = again(ines, page, **typed, seen_as="landlord")
    assert "Air sain" in seen
    assert "Belkacem" in seen
    assert "Fibrose" not in seen
    assert "maladie" not in seen.replace(re.search(r'name="draft" value="([^"]+)"', seen)[1], "")
    back = again(ines, seen, seen_as="")
    assert "Fibrose" in back


@pytest.mark.complaint(33)
def test_an_author_reads_which_rule_leaves_a_question_out_and_what_it_read(ines: FlaskClient) -> None:
    form = FORM.replace("Besoin du logement | Need | | |", "Besoin du logement | Need | ${nom} = 'x' | |")
    page = again(ines, send(ines, form)[1], **{"data:A:nom": "Belkacem"})
    told = page[page.index("left-out") :]
    assert "${nom} = 'x'" in told
    assert "<strong>Belkacem</strong>" in told
    page = again(ines, page, **{"data:A:nom": "x"})
    assert "left-out" not in page
    page = again(ines, page, **{"data:A:nom": "", "go": "B"})
    assert "${nom} != ''" in page


def test_words_copied_from_the_cause_are_pointed_out_on_the_page(ines: FlaskClient) -> None:
    page = again(ines, send(ines, FORM)[1], **{"data:A:maladie": "Fibrose", "data:A:besoin": "Fibrose"})
    assert 'id="data:A:besoin-caution"' in page
    page = again(ines, page, **{"data:A:maladie": "Fibrose", "data:A:besoin": ""})
    assert 'id="data:A:besoin-none"' in page


def test_a_list_in_another_file_is_tried_with_it(ines: FlaskClient) -> None:
    form = "| survey |\n| | type | name | label |\n| | select_one_from_file villes.csv | ville | Ville |\n"
    assert send(ines, form)[0] == 422
    status, page = send(ines, form, villes="name,label\ng,Grenoble\n")
    assert (status, "Grenoble" in page) == (200, True)


def test_a_form_that_asks_nothing_says_so(ines: FlaskClient) -> None:
    form = "| survey |\n| | type | name | label | calculation |\n| | calculate | two | | 1 + 1 |\n"
    assert send(ines, form)[0] == 200


def test_a_draft_that_this_server_did_not_sign_is_not_read(ines: FlaskClient) -> None:
    assert ines.post("/forms/try", data={"draft": "abc.def"}).status_code == 404


def test_a_published_version_can_be_tried_too(app: Flask, ines: FlaskClient) -> None:
    version = queries.current(SLUG).hash
    db.session.rollback()
    page = ines.get(f"/forms/{SLUG}/try/{version}")
    assert (page.status_code, "data:A:" in page.text) == (200, True)


ARABIC = """
| survey |
| | type | name | label::Français (fr) | label::العربية (ar) | default |
| | begin group | A | Le foyer | الأسرة | |
| | text | name | Votre nom | اسمك | |
| | dateTime | hour | Heure | الساعة | now() |
| | end group | | | | |
"""


def test_a_try_in_arabic_is_written_from_the_right_and_the_page_around_it_stays(ines: FlaskClient) -> None:
    page = again(ines, send(ines, ARABIC)[1], lang="ar", show="1")
    assert '<html lang="fr" dir="ltr">' in page
    assert re.search(r'data-section lang="ar" dir="rtl"', page)
    assert "اسمك" in page
    assert ">العربية</option>" in page


def test_a_try_speaks_the_language_of_the_page(ines: FlaskClient) -> None:
    ines.set_cookie("lang", "en")
    assert "The household" in send(ines, FORM)[1]


def test_now_is_what_the_clock_on_the_wall_says(ines: FlaskClient) -> None:
    with clock.at(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)):
        page = send(ines, ARABIC)[1]
    assert 'value="02/07/2026 00:30"' in page
