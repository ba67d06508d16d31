"""The models of papers that come with the program are in the catalogue, frozen with all they call for."""

import datetime
import shutil
from pathlib import Path

import pytest
from flask import Flask

from documents import model
from workflow.app import ROOT
from workflow.catalogue import actions
from workflow.catalogue.models import PaperClause, PaperModel
from workflow.catalogue.queries import paper_models
from workflow.db import db
from workflow.errors import NotFound

LIBRARY = ROOT / "templates" / "documents"


def test_every_model_of_the_library_is_in_use_in_every_operation(app: Flask) -> None:
    found = paper_models.models_in_use("mistral")
    assert {one.slug for one in found} == {path.parent.name for path in LIBRARY.glob("*/model.md")}
    assert [one for one in found if not (one.title and one.about and one.examples)] == []
    assert {"Avenant", "Charte de relogement"} <= {one.title for one in found}


def test_a_version_can_be_written_with_nothing_but_what_was_frozen_with_it(app: Flask) -> None:
    for found in paper_models.models_in_use("mistral"):
        made = model.render(
            model.load(found.text, found.library),
            found.example,
            lang="fr",
            reference="X",
            date=datetime.date(2026, 11, 20),
            verify_url=None,
            issuer="Relais",
        )
        assert made.document.title


def test_releasing_again_changes_nothing(app: Flask) -> None:
    assert actions.publish_models(LIBRARY) == []


def test_a_newer_library_gives_new_papers_its_words_and_keeps_the_old_version(app: Flask, tmp_path: Path) -> None:
    before = paper_models.model_in_use("mistral", "avenant")
    _newer(tmp_path, "avenant/model.md", "restent en vigueur", "demeurent en vigueur")
    assert actions.publish_models(tmp_path / "library") == ["avenant"]
    now = paper_models.model_in_use("mistral", "avenant")
    assert (now.number, "demeurent en vigueur" in now.text) == (2, True)
    assert paper_models.frozen(before.hash) == before


def test_a_newer_clause_gives_a_new_version_of_every_model_that_calls_for_it(app: Flask, tmp_path: Path) -> None:
    calling = {one.slug for one in paper_models.models_calling("", "litiges")}
    path = _newer(tmp_path, "clauses/litiges.md", "", "")
    path.write_text(path.read_text("utf-8") + "\nUn dernier mot.\n", "utf-8")
    assert set(actions.publish_models(tmp_path / "library")) == calling != set()


def test_words_somebody_changed_here_are_not_taken_away_by_a_newer_library(app: Flask, tmp_path: Path) -> None:
    row = db.session.get_one(PaperClause, ("litiges", ""))
    row.text, row.changed_by = "Nos mots.", "nadia-ferhat"
    path = _newer(tmp_path, "clauses/litiges.md", "", "")
    path.write_text("Les mots du programme.\n", "utf-8")
    actions.publish_models(tmp_path / "library")
    found = paper_models.models_calling("", "litiges")
    assert {one.library.clauses["litiges"] for one in found} == {"Nos mots."}


def test_a_retired_model_is_offered_to_nobody_and_its_versions_stay(app: Flask) -> None:
    before = paper_models.model_in_use("mistral", "avenant")
    db.session.get_one(PaperModel, ("avenant", "")).retired_at = datetime.datetime.now(datetime.UTC)
    with pytest.raises(NotFound):
        paper_models.model_in_use("mistral", "avenant")
    assert paper_models.frozen(before.hash).title == "Avenant"


def _newer(folder: Path, name: str, old: str, new: str) -> Path:
    shutil.copytree(LIBRARY, folder / "library", dirs_exist_ok=True)
    path = folder / "library" / name
    path.write_text(path.read_text("utf-8").replace(old, new) if old else path.read_text("utf-8"), "utf-8")
    return path
