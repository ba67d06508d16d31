"""One house, one authority, one sealed paper for all tests of this room. Invented people only."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from documents import assembly, fields, model, pdf, signing, stamping
from documents.house import HouseStyle
from documents.personal_keys import PersonalKeys
from documents.signing import Authority
from tests.documents import parties

AT = datetime.datetime(2026, 11, 2, 9, 0, tzinfo=datetime.UTC)
HOUSE = Path(__file__).parents[2] / "templates" / "house-style"
ADDRESS = "https://relais.example.org/verifier/7Q2M"

FICHE = """---
title: "Fiche de diagnostic social"
subtitle: "Relogement du quartier {{ operation }}"
lang: fr
version: "2"
---
# Synthèse

{% keyvalues %}
- Logement recherché : {{ need }}
- Loyer : {{ rent | euro }}
{% endkeyvalues %}

Vu le diagnostic du {{ day | date_longue }}, la famille demande *deux* choses :

1. un ascenseur ;
2. une école à moins de **500 m**.

{% caption "Ressources du ménage" %}
| Nature | Montant |
|:-------|--------:|
{% for r in resources %}
| {{ r.label }} | {{ r.amount | euro }} |
{% endfor %}

{% notice title: "Remarques" %}
{{ remarks }}
{% endnotice %}

## Article – Objet

Les parties conviennent de ce qui suit.

{% signature name: "Claire Lemoine", capacity: "CESF", field: "cesf", place: "Grenoble", date: "23 novembre 2026" %}
{% signature name: "Nadia Besson", capacity: "Locataire", field: "menage" %}
"""

DATA = {
    "operation": "Mistral",
    "need": "T3 avec ascenseur",
    "rent": 520.5,
    "day": "2026-10-28",
    "resources": [{"label": "Salaire", "amount": 1400}, {"label": "Aide au logement", "amount": 180}],
    "remarks": "Nous souhaitons rester près de l’école.",
}


@pytest.fixture(scope="session")
def house() -> HouseStyle:
    address = ("Mission relogement", "38000 Grenoble")
    return HouseStyle.load(HOUSE, organisation="Ville de Grenoble", address=address)


@pytest.fixture(scope="session")
def write_up() -> Callable[..., model.Rendered]:
    """Render a model; the front matter may be left out."""

    def rendered(text: str = FICHE, data: dict[str, object] | None = None, lang: str = "fr") -> model.Rendered:
        whole = text if text.startswith("---") else f'---\ntitle: "Essai"\n---\n{text}'
        given = {"lang": lang, "reference": "MIS-2026-0042", "date": AT.date()}
        loaded = model.load(whole)
        return model.render(loaded, DATA if data is None else data, verify_url=ADDRESS, issuer="Ville", **given)

    return rendered


@pytest.fixture(scope="session")
def fiche(write_up: Callable[..., model.Rendered]) -> model.Rendered:
    return write_up()


@pytest.fixture(scope="session")
def paper(fiche: model.Rendered, house: HouseStyle) -> pdf.PdfResult:
    source = assembly.source_data(DATA, "Données de ce document")
    return pdf.write(fiche.document, house, attachments=[source], date=AT)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.create(tmp_path_factory.mktemp("keys") / "own", name="Ville de Grenoble", now=AT)


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Somebody else's authority that gave itself our name."""
    return Authority.create(tmp_path_factory.mktemp("keys") / "other", name="Ville de Grenoble", now=AT)


@pytest.fixture(scope="session")
def sealed(paper: pdf.PdfResult, authority: Authority) -> bytes:
    return signing.seal(paper.bytes, authority, at=AT, reason="Fiche validée", location="Grenoble")


@pytest.fixture(scope="session")
def convention(write_up: Callable[..., model.Rendered], house: HouseStyle) -> pdf.PdfResult:
    rendered = write_up(parties.CONVENTION)
    return pdf.write(rendered.document, house, attachments=[assembly.source_data(DATA, "Données")], date=AT)


@pytest.fixture(scope="session")
def prepared(convention: pdf.PdfResult) -> bytes:
    """With its places, and one for the seal."""
    return fields.prepare(convention.bytes, convention.fields, seals={fields.SEAL: "Sceau de la Ville"})


@pytest.fixture(scope="session")
def stamps(prepared: bytes, house: HouseStyle) -> dict[str, bytes]:
    """What is seen in each place, once signed."""
    return {
        place: stamping.drawn(
            stamping.Stamp((name, "Signé à l’écran le 2 novembre 2026")), *fields.sizes(prepared)[place], house
        )
        for place, name in (*parties.ON_SCREEN, (parties.CERTIFIED, "David Nguyen"))
    }


@pytest.fixture(scope="session")
def keys() -> PersonalKeys:
    return parties.personal_keys_of()


@pytest.fixture(scope="session")
def signed(prepared: bytes, authority: Authority, keys: PersonalKeys, stamps: dict[str, bytes]) -> bytes:
    """Sealed, then signed by four: the specimen the attacks begin with."""
    return parties.signed_by_all(prepared, authority, keys, stamps)


@pytest.fixture(scope="session")
def archived(signed: bytes, authority: Authority) -> bytes:
    return signing.archive(signed, authority, at=parties.AT + 20 * parties.MINUTE)
