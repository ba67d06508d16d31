"""The evidence beside a signed document: everything told, to people and to machines, under a seal of its own."""

import json
import re
import subprocess

import pytest

from documents import evidence_file
from documents.verification import verify
from tests.documents.parties import AT, MINUTE

HOUSE_FOLDER = "templates/house-style"
FIRST, LAST = "a3f1" * 16, "0b9c" * 16
TOLD = {
    "document": {
        "title": "Convention de relogement",
        "reference": "CHA-2026-0012",
        "pages": 12,
        "medium": "mixed",
        "first": FIRST,
        "last": LAST,
    },
    "acts": [
        {
            "number": 1,
            "name": "Anne Mercier",
            "capacity": "Présidente",
            "organisation": "Office public de l’habitat",
            "mandate": "Délibération n° 2026-14",
            "at": "2026-11-02T09:01:00+00:00",
            "channel": "screen",
            "level": "simple",
            "identity": "Lien personnel et code reçu par courriel",
            "before": FIRST,
            "after": LAST,
        },
        {"number": 2, "name": "Chloé Vidal", "at": "2026-11-04T09:01:00+00:00", "channel": "paper", "level": "paper"},
        {"number": 3, "name": "David *Nguyen* {{ x }}", "at": None, "channel": "certificate", "level": "qualified"},
    ],
    "views": [{"at": "2026-11-02T08:50:00+00:00", "who": "Anne Mercier", "pages": 12, "sha256": FIRST}],
    "codes": [{"at": "2026-11-02T08:55:00+00:00", "who": "Anne Mercier", "how": "mail", "used_at": None}],
    "chain": [{"number": 41, "at": "2026-11-02T08:55:00+00:00", "said": "Signature demandée", "hash": LAST}],
}


@pytest.fixture(scope="module")
def compose(house, request):
    folder = request.config.rootpath / HOUSE_FOLDER

    def made(told=TOLD, lang="fr"):
        around = {"lang": lang, "reference": "CHA-2026-0012", "made_at": AT, "zone": "Europe/Paris", "issuer": "Ville"}
        text = evidence_file.model_of(folder, lang)
        return evidence_file.composed(
            told, text, house, verify_url="https://relais.example.org/verifier/7Q2M", **around
        )

    return made


def words(made, folder) -> str:
    (folder / "evidence.pdf").write_bytes(made)
    run = subprocess.run(
        ["pdftotext", "-layout", folder / "evidence.pdf", "-"], capture_output=True, check=True, text=True
    )
    return re.sub(r"\s+", " ", run.stdout)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "fr",
            (
                "Présidente",
                "2 novembre 2026 à 10:01:00",
                "à l’écran",
                "signature sur papier",
                "ne prouve pas à lui seul",
            ),
        ),
        (
            "en",
            ("Présidente", "2 November 2026 at 10:01:00", "on the screen", "signature on paper", "does not by itself"),
        ),
    ],
)
def test_it_says_who_signed_how_when_and_what_that_proves(compose, tmp_path, lang, said):
    found = words(compose(lang=lang), tmp_path)
    assert [one for one in said if one not in found] == []
    assert FIRST[:16] in found
    assert "David *Nguyen* {{ x }}" in found


def test_what_it_tells_machines_is_all_that_was_told(compose, authority):
    made = evidence_file.sealed(compose(), authority, at=AT, reason="Preuve", location="Lyon")
    assert evidence_file.told_in(made) == json.loads(json.dumps(TOLD))


def test_it_is_sealed_and_closed_like_the_document_itself(compose, authority):
    made = evidence_file.sealed(compose(), authority, at=AT, reason="Preuve", location="Lyon")
    verdict = verify(made, trust_roots=authority.trust_roots, known=None, at=AT + MINUTE)
    assert (verdict.ok, [one.level for one in verdict.signatures]) == (True, ["B-LTA", ""])
    assert list(verdict.attachments) == ["preuve.json"]


def test_the_same_facts_give_the_same_file(compose):
    assert compose() == compose()


def test_what_nobody_did_is_said_to_be_missing(compose, tmp_path):
    found = words(compose({"document": TOLD["document"]}), tmp_path)
    for said in ("Personne n’a encore signé", "Aucune consultation", "Aucun code", "Aucune ligne"):
        assert said in found


def test_a_fingerprint_may_end_a_line_whatever_its_figures(compose, tmp_path):
    """Typography keeps "1 354" together: a long number would run out of its column."""
    mark = "7eb7b1d578bbc881354dabbc57ee82833d45577692d9ebe9e0657eb05a23f00f"
    found = words(compose({"document": TOLD["document"] | {"first": mark}}), tmp_path)
    assert "7eb7b1d578bbc 881354dabbc57ee" in found
