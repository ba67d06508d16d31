"""A form, or one of its versions, is retired: nothing new begins on it, what is open goes on, and it may come back."""

import re
from html import unescape

import pytest
from flask import Flask

from tests import factories
from tests.cast import CLAIRE, INES, NADIA
from tests.features.catalogue.test_adopting import MISTRAL, SLUG
from tests.features.catalogue.test_publishing import MORE, propose, release, seen
from tests.features.conftest import SignIn
from workflow.app import ROOT
from workflow.catalogue import actions, queries
from workflow.catalogue.queries import current
from workflow.db import db
from workflow.dossiers import actions as dossiers
from workflow.errors import Forbidden, Refused
from workflow.exchange import actions as exchange


def begins(rank: int) -> bool:
    try:
        dossiers.open_dossier(factories.identity(CLAIRE), factories.a_household(rank), current(SLUG, MISTRAL))
    except Refused as refused:
        db.session.rollback()
        assert refused.code == "retired"
        return False
    db.session.commit()
    return True


@pytest.mark.complaint(31)
@pytest.mark.parametrize(("by", "operation"), [(INES, ""), (NADIA, MISTRAL)])
def test_nothing_begins_on_a_retired_form_and_what_is_open_goes_on(app: Flask, by: str, operation: str) -> None:
    row = factories.a_filled_dossier(0)
    actions.retire(factories.identity(by), SLUG, operation=operation)
    db.session.commit()
    assert not begins(1)
    dossiers.submit(factories.identity(CLAIRE), row.reference, factories.version(row))
    actions.bring_back(factories.identity(by), SLUG, operation=operation)
    db.session.commit()
    assert begins(1)


def test_a_version_in_use_is_not_retired_and_a_retired_one_is_not_put_into_use(app: Flask) -> None:
    ines, old = factories.identity(INES), current(SLUG).hash
    with pytest.raises(Refused, match="put another one into use"):
        actions.retire(ines, SLUG, version=old)
    db.session.rollback()
    newer = release(propose(MORE)).hash
    actions.take_common(factories.identity(NADIA), MISTRAL, SLUG, queries.seen(SLUG, MISTRAL))
    actions.retire(ines, SLUG, version=old)
    db.session.commit()
    with pytest.raises(Refused, match="Bring it back"):
        actions.release(ines, SLUG, old, newer)
    db.session.rollback()
    assert next(one for one in queries.known_versions(SLUG, None) if one.hash == old).retired
    actions.bring_back(ines, SLUG, version=old)
    actions.release(ines, SLUG, old, newer)
    assert current(SLUG).hash == old


def test_nobody_retires_what_is_not_theirs(app: Flask) -> None:
    for by, operation in ((NADIA, ""), (CLAIRE, MISTRAL)):
        with pytest.raises(Forbidden):
            actions.retire(factories.identity(by), SLUG, operation=operation)


def test_lists_say_what_is_retired_and_the_page_confirms_before(app: Flask, sign_in: SignIn) -> None:
    ines = sign_in(INES)
    assert ines.get(f"/forms/{SLUG}/retire").status_code == 200
    assert ines.post(f"/forms/{SLUG}/retire").status_code == 303
    assert "retir" in ines.get("/forms").text
    assert "retir" in ines.get(f"/forms/{SLUG}/uses").text
    assert ines.post(f"/forms/{SLUG}/bring-back").status_code == 303
    assert not queries.retired(SLUG)
    assert sign_in(NADIA).get(f"/forms/{SLUG}/retire").status_code == 404
    assert sign_in(NADIA).get(f"/forms/{SLUG}/retire?operation={MISTRAL}").status_code == 200


def test_a_version_released_where_the_form_is_retired_promises_no_new_file(app: Flask, sign_in: SignIn) -> None:
    actions.retire(factories.identity(NADIA), SLUG, operation=MISTRAL)
    db.session.commit()
    row, nadia = propose(MORE, MISTRAL, NADIA), sign_in(NADIA)
    where = f"/forms/{SLUG}/proposals/{row.id}"
    bring_back = f"/forms/{SLUG}/bring-back?operation={MISTRAL}"
    assert bring_back in nadia.get(where).text
    told = nadia.post(f"{where}/release", data={"seen": seen(SLUG, MISTRAL), "note": ""}, follow_redirects=True).text
    assert "commencent sur elle" not in told
    assert bring_back in told
    assert not begins(1)
    assert "en service" not in cells(nadia.get("/forms").text)
    assert f"/forms/{SLUG}/bring-back" not in sign_in(NADIA).get("/forms/fiche-relais").text


def test_a_form_retired_in_one_of_several_operations_says_where(app: Flask, sign_in: SignIn) -> None:
    exchange.install(exchange.read_operation(ROOT / "templates" / "operations" / "severine.yaml"))
    actions.adopt("severine", SLUG)
    actions.retire(factories.identity(NADIA), SLUG, operation=MISTRAL)
    db.session.commit()
    assert queries.retired_in(factories.identity(NADIA), SLUG) == (["Mistral"], True)
    assert "Mistral" in cells(sign_in(NADIA).get("/forms").text)


def cells(page: str) -> str:
    """The line of the form in the list of all forms."""
    line = re.search(rf"<tr.*?/forms/{SLUG}\".*?</tr>", page, re.S)
    assert line
    return unescape(line[0].rpartition("<tr")[2])
