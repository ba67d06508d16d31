"""A paper that will be signed gets its places before its seal; any other is byte for byte what it was."""

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from documents import fields, signing
from documents.authority import Authority
from documents.house import HouseStyle
from documents.verification import verify
from workflow.filing.rules.papers import Order, compose

AT = datetime.datetime(2026, 11, 2, 9, 0, tzinfo=datetime.UTC)
MODEL = """---
title: "Convention"
lang: fr
---
Le texte.

{% signature name: "Anne Mercier", field: "bailleur" %}
{% signature name: "Bruno Diallo", field: "ville" %}
"""
ORDER = Order(text=MODEL, data={}, lang="fr", day=AT.date(), organisation="Ville", issuer="Ville de Lyon", to_sign=True)


@pytest.fixture(scope="module")
def style() -> HouseStyle:
    return HouseStyle.load(Path(__file__).parents[3] / "templates" / "house-style", organisation="Ville")


def made(order: Order, style: HouseStyle, mark: str | None = None) -> bytes:
    return compose(order, "LYO-2026-0001", AT, style, mark).pdf


def test_the_boxes_become_places_and_the_seals_get_theirs(style: HouseStyle) -> None:
    assert signing.free_fields(made(ORDER, style)) == ("bailleur", "ville", fields.SEAL, fields.LAST_SEAL)


def test_a_paper_nobody_signs_inside_is_the_same_as_before(style: HouseStyle) -> None:
    plain = made(replace(ORDER, to_sign=False), style)
    assert signing.free_fields(plain) == ()
    assert plain == made(replace(ORDER, to_sign=False), style)
    assert b"/AcroForm" not in plain


def test_a_draft_or_an_annulled_copy_has_no_place_to_sign(style: HouseStyle) -> None:
    assert signing.free_fields(made(ORDER, style, mark="draft")) == ()
    assert signing.free_fields(made(ORDER, style, mark="void")) == ()


def test_the_same_order_gives_the_same_places(style: HouseStyle) -> None:
    assert made(ORDER, style) == made(ORDER, style)


def test_it_can_be_sealed_first_or_last(style: HouseStyle, tmp_path: Path) -> None:
    authority = Authority.create(tmp_path / "keys", name="Ville de Lyon", now=AT)
    said = {"at": AT, "reason": "", "location": ""}
    for place in (fields.SEAL, fields.LAST_SEAL):
        sealed = signing.seal(made(ORDER, style), authority, field_name=place, **said)
        verdict = verify(sealed, trust_roots=authority.trust_roots, known=None, at=AT)
        assert verdict.ok
        assert verdict.waiting == (("bailleur", "ville") if place == fields.SEAL else ())
