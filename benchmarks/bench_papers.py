"""Milliseconds for one fiche: its answers, its DOCX, its PDF, its seal; each beside the bare library below it.

Different households, each fiche written once (Typst remembers what it has set before). The dossiers are played
through the application's own actions, the model is the one of the procedure. The peers write the
same text without anything else: python-docx with the same paragraphs and tables, Typst with one plain page after the
other, pyHanko with the same key and no long-term data.
"""

import io
import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click
import typst
from docx import Document
from flask_babel import force_locale
from ground import database, ground
from installation import Installation
from measuring import Figure, around, show
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from documents import assembly, docx, model, pdf, signing
from documents.as_data import content_hash
from documents.house import HouseStyle
from documents.signers import own_signer
from tests import factories
from workflow import clock
from workflow.db import db
from workflow.dossiers.queries.paper import material
from workflow.filing import actions as filing
from workflow.filing import queries as papers
from workflow.filing.models import Paper
from workflow.filing.rules.papers import Order

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
        return _order(self.paper)

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


def prepared(place: Installation) -> list[Bench]:
    """Dossiers that were handed on, and of each the first paper asked for, as its own job would."""
    authority, at = papers.authority(place.settings), clock.now().replace(microsecond=0)
    benches = []
    for rank in range(TIMES + 1):
        row = factories.a_submitted_dossier(rank)
        document = material.published(row).settings["documents"][0]
        told = {"kind": document["name"], "audience": document["audiences"][0]["name"], "lang": "fr"}
        paper = filing.ask(row.operation_id, row.subject, factories.version(row), **told)
        db.session.commit()
        order = _order(paper)
        style = papers.house_style(order.organisation, order.address)
        benches.append(Bench(paper, order, style, authority, at))
    return benches


def _order(paper: Paper) -> Order:
    with force_locale(paper.lang):
        return material.order_of(paper, "Relais", f"https://relais.example.org/verify/{paper.reference}")


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
    signer = own_signer(authority)
    meta = PdfSignatureMetadata(field_name="Sceau", subfilter=SUBFILTER, md_algorithm="sha256")
    made = PdfSigner(meta, signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(unsealed)))
    return bytes(made.getbuffer())


# -- measuring ----------------------------------------------------------------------------------------------------


class Laps:
    """Seconds of every kind of work, one measure for each fiche."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = {}

    def run(self, what: str, work: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        made = work()
        self.seconds.setdefault(what, []).append(time.perf_counter() - began)
        return made

    def median(self, *kinds: str) -> float:
        """Milliseconds of these kinds together; the first fiche, which pays for what is loaded once, is left out."""
        together = [sum(several) for several in zip(*(self.seconds[kind] for kind in kinds), strict=True)]
        return 1000 * statistics.median(together[1:])


STAGES = ("read", "render", "docx", "pdf", "seal")


def measured(bench: Bench, laps: Laps) -> str:
    """One fiche by us, then the same words by each bare library; how large it is."""
    laps.run("read", bench.read)
    rendered = laps.run("render", bench.render)
    written = laps.run("docx", lambda: bench.docx(rendered))
    unsealed = laps.run("pdf", lambda: bench.pdf(rendered))
    sealed = laps.run("seal", lambda: bench.seal(unsealed))
    plain = Plain.of(written)
    laps.run("bare docx", plain.docx)
    laps.run("bare pdf", plain.pdf)
    laps.run("bare seal", lambda: bare_seal(unsealed, bench.authority))
    cells = sum(len(row) for table in plain.tables for row in table)
    sizes = " / ".join(f"{len(one) // 1024} kB" for one in (written, unsealed, sealed))
    return f"{len(plain.paragraphs)} paragraphs, {cells} cells; DOCX / PDF / sealed: {sizes}; medians of {TIMES} fiches"


def figures(laps: Laps) -> list[Figure]:
    ms = laps.median
    return [
        Figure("answers, cut to their reader", ms("read"), "ms"),
        Figure("model to content", ms("render"), "ms"),
        Figure("DOCX (python-docx)", ms("docx"), "ms", ms("bare docx")),
        Figure("PDF/A-3a + PDF/UA-1 (Typst)", ms("pdf"), "ms", ms("bare pdf")),
        Figure("seal B-LT (pyHanko B-B)", ms("seal"), "ms", ms("bare seal")),
        Figure("one fiche, all of it", ms(*STAGES), "ms"),
    ]


@click.command()
@click.option("--json", "as_json", is_flag=True)
def main(as_json: bool) -> None:
    """Measure papers."""
    with ground() as run:
        place = Installation(run, database(run, "sqlite", "relais"))
        with place.entered():
            place.furnish()
            laps, notes = Laps(), [around()]
            said = [measured(bench, laps) for bench in prepared(place)]
    show("One fiche de diagnostic", figures(laps), [said[-1], *notes], as_json=as_json)


if __name__ == "__main__":
    main()
