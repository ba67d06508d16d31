"""What a member of a body learns of the dossiers of a sitting: what they may open, as long as they decide on it."""

import re
from html import unescape

from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.cast import BRUNO, FRANCOIS, HELENE, PATRICE
from tests.features.approvals.seating import a_sitting, close, enter, seat_of
from tests.features.conftest import SignIn
from workflow import outbox
from workflow.db import db

TOO_FAR, NEAR, ANSWERS = "Trop loin de l’école.", "Un proche du ménage.", '<dl class="facts"'


def _read(client: FlaskClient, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return unescape(answer.get_data(as_text=True))


def test_members_read_only_of_dossiers_they_may_open_and_the_list_follows_the_same_rule(
    app: Flask, sign_in: SignIn
) -> None:
    mine = factories.a_dossier_before_the_committee(0)
    hidden = factories.a_dossier_before_the_committee(1, agreements=("actis", "cg-isere"))
    row = a_sitting(mine, hidden)
    url, known, kept_from = f"/sittings/{row.id}", mine.reference, hidden.reference
    enter(row, hidden, "send_back", words=TOO_FAR)
    francois, bruno = sign_in(FRANCOIS), sign_in(BRUNO)
    assert ANSWERS in _read(francois, f"{url}/dossiers/{known}")
    _read(francois, f"{url}/dossiers/{kept_from}", 404)
    for page in (url, f"{url}/sheet"):
        told = _read(francois, page)
        assert kept_from in told and TOO_FAR not in told
        assert f'href="/dossiers/{kept_from}"' not in told
        assert TOO_FAR in _read(bruno, page)
    again = factories.dossier_of(known)
    factories.decide(HELENE, again, "SendBack", "validation", reason="Le budget.", sections=("J",))
    db.session.rollback()
    _read(francois, f"{url}/dossiers/{known}", 404)
    assert ANSWERS not in _read(bruno, f"{url}/dossiers/{known}"), "the body has nothing to decide there any more"
    close(row, [factories.dossier_of(kept_from)])
    outbox.drain()
    paper = re.search(r'href="([^"]*\.pdf)"', _read(bruno, f"{url}/sheet"))
    assert paper and bruno.get(paper[1]).status_code == 200
    assert ".pdf" not in _read(francois, f"{url}/sheet")
    _read(francois, paper[1], 404)


def test_who_withdrew_reads_nothing_of_that_dossier_in_the_sitting(app: Flask, sign_in: SignIn) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier)
    page = f"/sittings/{row.id}/dossiers/{dossier.reference}"
    enter(row, dossier, withdrawn={seat_of(PATRICE): NEAR})
    _read(sign_in(PATRICE), page, 404)
    assert ANSWERS in _read(sign_in(HELENE), page)
