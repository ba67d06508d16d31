"""Milliseconds for one fiche: its answers, its DOCX, its PDF, its seal; each beside the bare library that does the work.

The dossier is played through the application's own actions, the model is the one of the procedure. The peers write the
same text without anything else: python-docx with the same paragraphs and tables, Typst with one plain page after the
other, pyHanko with the same key and no long-term data.
"""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import click
import typst
from docx import Document
from flask_babel import force_locale
from ground import database, ground
from installation import Installation
from measuring import Figure, median_ms, show
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from documents import assembly, docx, model, pdf, signing
from documents.as_data import content_hash
from documents.house import HouseStyle
from tests import factories
from workflow import clock
from workflow.db import db
from workflow.dossiers.jobs import material
from workflow.filing import actions as filing
from workflow.filing import queries as papers
from workflow.filing.models import Paper
from workflow.filing.rules.papers import Order, compose

TIMES = 20
SUBFILTER = SigSeedSubFilter.PADES


@dataclass(frozen=True)
class Bench:
    """A paper asked for, what it is made from, and what makes it."""

    paper: Paper
    order: Order
    style: HouseStyle
    authority: signing.Authority
    at: datetime

    def read(self) -> Order:
        with force_locale(self.paper.lang):
            return material.order_of(self.paper, "Relais", f"https://relais.example.org/verify/{self.paper.reference}")

    def render(self) -> model.Rendered:
        order = self.order
        told = {"lang": order.lang, "reference": self.paper.reference, "date": order.day, "issuer": order.issuer}
        return model.render(model.load(order.text), dict(order.data), verify_url=order.verify_url, **told)

    def docx(self, rendered: model.Rendered) -> bytes:
        return docx.write(rendered.document, self.style, content_hash=content_hash(rendered.document))

    def pdf(self, rendered: model.Rendered) -> bytes:
        source = assembly.source_data(self.order.source, self.style.says(self.order.lang, "data_attachment"))
        return pdf.write(rendered.document, self.style, attachments=[source], date=self.at).bytes

    def seal(self, unsealed: bytes) -> bytes:
        order = self.order
        return signing.seal(unsealed, self.authority, at=self.at, reason=order.reason, location=order.place)

    def whole(self) -> bytes:
        return self.seal(compose(self.read(), self.paper.reference, self.at, self.style).pdf)


def prepared(place: Installation) -> Bench:
    """A validated dossier, and its first paper asked for as its own job would."""
    row = factories.a_validated_dossier()
    document = material.published(row).settings["documents"][0]
    audience = document["audiences"][0]["name"]
    version = factories.version(row)
    paper = filing.ask(row.operation_id, row.subject, version, kind=document["name"], audience=audience, lang="fr")
    db.session.commit()
    with force_locale("fr"):
        order = material.order_of(paper, "Relais", f"https://relais.example.org/verify/{paper.reference}")
    style = papers.house_style(order.organisation, order.address)
    return Bench(paper, order, style, papers.authority(place.settings), clock.now().replace(microsecond=0))


# -- peers --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plain:
    """The words of a paper, without their looks."""

    paragraphs: list[str]
    tables: list[list[list[str]]]

    @classmethod
    def of(cls, written: bytes) -> "Plain":
        found = Document(io.BytesIO(written))
        tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in found.tables]
        return cls([one.text for one in found.paragraphs if one.text], tables)

    def docx(self) -> bytes:
        made = Document()
        for words in self.paragraphs:
            made.add_paragraph(words)
        for rows in self.tables:
            table = made.add_table(len(rows), len(rows[0]))
            for row, texts in zip(table.rows, rows, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    cell.text = text
        target = io.BytesIO()
        made.save(target)
        return target.getvalue()

    def pdf(self) -> bytes:
        return typst.compile("\n".join(self._typst()).encode(), format="pdf")

    def _typst(self) -> Iterator[str]:
        for words in self.paragraphs:
            yield f"#par({_string(words)})"
        for rows in self.tables:
            cells = ", ".join(_string(text) for row in rows for text in row)
            yield f"#table(columns: {len(rows[0])}, {cells})"


def _string(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def bare_seal(unsealed: bytes, authority: signing.Authority) -> bytes:
    """PAdES B-B: the signature alone, no time-stamp, nothing that lets it be judged in ten years."""
    signer = signing.CachedKeySigner(authority.seal, (authority.root,))
    meta = PdfSignatureMetadata(field_name="Sceau", subfilter=SUBFILTER, md_algorithm="sha256")
    made = PdfSigner(meta, signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(unsealed)))
    return bytes(made.getbuffer())


# -- measuring ----------------------------------------------------------------------------------------------------


def figures(bench: Bench) -> tuple[list[Figure], list[str]]:
    rendered = bench.render()
    written, unsealed = bench.docx(rendered), bench.pdf(rendered)
    plain = Plain.of(written)

    def ms(work: Callable[[], object]) -> float:
        return median_ms(work, TIMES)

    found = [
        Figure("answers, cut to their reader", ms(bench.read), "ms"),
        Figure("model to content", ms(bench.render), "ms"),
        Figure("DOCX (python-docx)", ms(lambda: bench.docx(rendered)), "ms", ms(plain.docx)),
        Figure("PDF/A-3a + PDF/UA-1 (Typst)", ms(lambda: bench.pdf(rendered)), "ms", ms(plain.pdf)),
        Figure(
            "seal B-LT (pyHanko B-B)",
            ms(lambda: bench.seal(unsealed)),
            "ms",
            ms(lambda: bare_seal(unsealed, bench.authority)),
        ),
        Figure("one fiche, all of it", ms(bench.whole), "ms"),
    ]
    cells = sum(len(row) for table in plain.tables for row in table)
    sizes = (
        f"DOCX {len(written) // 1024} kB, PDF {len(unsealed) // 1024} kB, sealed {len(bench.seal(unsealed)) // 1024} kB"
    )
    return found, [f"{len(plain.paragraphs)} paragraphs, {cells} cells; {sizes}; medians of {TIMES}"]


@click.command()
@click.option("--json", "as_json", is_flag=True)
def main(as_json: bool) -> None:
    """Measure papers."""
    with ground() as run:
        place = Installation(run, database(run, "sqlite", "relais"))
        with place.entered():
            place.furnish()
            found, notes = figures(prepared(place))
    show("One fiche de diagnostic", found, notes, as_json=as_json)


if __name__ == "__main__":
    main()
