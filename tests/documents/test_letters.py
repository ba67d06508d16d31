"""A letter in large type: whom to call first, and what it bears is read by a telephone or copied by a hand."""

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from documents.letters.__main__ import written
from documents.letters.letter import Letter

HOUSE = Path(__file__).resolve().parents[2] / "templates" / "house-style"
ADDRESS = "https://relais.example/a/aGVsbG8tZnJvbS1hLWxldHRlcg"


@pytest.fixture
def letter() -> Letter:
    return Letter(
        title="Votre réponse est attendue",
        lang="fr",
        day="2026-11-23",
        organisation="Ville de Grenoble",
        contact=("Votre contact", "Claire Maurin", "Téléphone : 04 65 71 11 01"),
        to=("Famille Repellin", "4 allée des Aulnes", "Logement 12"),
        before=("Bonjour,",),
        after=("Elle sert jusqu’au lundi 7 décembre 2026.",),
    )


def words(made: bytes) -> str:
    return subprocess.run(["pdftotext", "-raw", "-", "-"], input=made, capture_output=True, check=True).stdout.decode()


def test_a_square_never_stands_in_letters(letter: Letter) -> None:
    made = written(replace(letter, square=ADDRESS, square_alt="Carré à lire avec un téléphone"), HOUSE)
    said = words(made)
    assert said.index("Claire Maurin") < said.index("Famille Repellin") < said.index("Bonjour")
    assert "/a/" not in said
    assert ADDRESS.encode() not in made
    with pikepdf.open(io.BytesIO(made)) as paper:
        assert len(paper.pages) == 1


def test_a_code_is_one_piece_and_nobody_is_told_a_reference_that_there_is_not(letter: Letter) -> None:
    said = words(written(replace(letter, sign="3S6H NFB4"), HOUSE))
    assert "\n3S6H NFB4\n" in said
    assert "Référence" not in said
    assert "Référence MIS-0188" in words(written(replace(letter, reference="MIS-0188"), HOUSE))
