"""A convention of ten pages: its PDF, and its PDF with its DOCX, beside what others would use.

The convention is the one between landlords, from the library, with other names each time. The peers write the same
words: unoserver converts our DOCX with a LibreOffice that is already warm; WeasyPrint sets the same text as HTML
(PDF/A-3a, tagged); docxtpl fills a template that is our DOCX, and unoserver converts what it filled. Every peer is
timed inside its own process, without its start. They live in an environment of their own:

    python3 -m venv .tools/peers && .tools/peers/bin/pip install weasyprint docxtpl unoserver
    apt-get install --no-install-recommends libreoffice-writer python3-uno

What is not there is said under the table.
"""

import io
import json
import os
import shutil
import statistics
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import click
import pikepdf
from as_html import page
from ground import ROOT, free_port, ground, running
from measuring import Figure, around, show

from documents import docx, fonts, model, pdf
from documents.as_data import content_hash
from documents.house import HouseStyle
from documents.library import Library

LIBRARY = ROOT / "templates" / "documents" / "convention-inter-bailleurs"
PEERS = ROOT / ".tools" / "peers"
DAY, ISSUER = date(2026, 11, 23), "Mission relogement"
OURS = ("content", "docx", "pdf")
TAGGED = ["SelectPdfVersion=3", "PDFUACompliance=true", "UseTaggedPDF=true"]
AIMS = {"unoserver": 4.0, "unoserver, PDF/A-3 + PDF/UA": 4.0, "WeasyPrint": 8.0, "docxtpl + unoserver": 2.0}
Data = dict[str, Any]


@dataclass
class Laps:
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def add(self, what: str, seconds: float, work: float) -> None:
        self.seconds.setdefault(what, []).append(seconds)
        self.seconds.setdefault(f"{what}, at work", []).append(work)

    def run(self, what: str, work: Callable[[], Any]) -> Any:
        began, worked = time.perf_counter(), time.process_time()
        made = work()
        self.add(what, time.perf_counter() - began, time.process_time() - worked)
        return made

    def median(self, what: str) -> float | None:
        """Milliseconds; the first two rounds, which pay for what is loaded once, are left out."""
        told = self.seconds.get(what, [])[2:]
        return 1000 * statistics.median(told) if told else None


class Peer:
    """The process of the other environment; `run`: the folder by which the processes of LibreOffice are known."""

    def __init__(self, process: subprocess.Popen[str], run: Path) -> None:
        self.process, self.run = process, run

    def timed(self, **order: Any) -> tuple[float, float]:
        """Seconds on the clock, and of the processor in every process that worked for it."""
        office = self.office()
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the peer ended at {order}")
        told = json.loads(answer)
        return float(told["seconds"]), float(told["work"]) + self.office() - office

    def office(self) -> float:
        """Processor time of LibreOffice and unoserver so far (Linux)."""
        return sum(_worked(told.parent) for told in Path("/proc").glob("[0-9]*/cmdline") if self._ours(told))

    def _ours(self, told: Path) -> bool:
        try:
            return str(self.run / "office").encode() in told.read_bytes()
        except OSError:
            return False


def _worked(process: Path) -> float:
    try:
        words = (process / "stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def fonts_for_peers(run: Path) -> dict[str, str]:
    """The fonts of the house for programs that ask the machine for theirs."""
    folders = "".join(f"<dir>{folder}</dir>" for folder in fonts.folders())
    told = run / "fonts.conf"
    head = '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
    include = '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
    told.write_text(f"{head}{include}{folders}<cachedir>{run}/fontcache</cachedir></fontconfig>")
    return {**os.environ, "FONTCONFIG_FILE": str(told)}


@contextmanager
def converter(run: Path, environ: dict[str, str], notes: list[str]) -> Iterator[int]:
    """unoserver with a LibreOffice of its own; gives its port, 0 where either is not installed."""
    sites = list(PEERS.glob("lib/python3*/site-packages"))
    here = shutil.which("soffice") and sites and (sites[0] / "unoserver").is_dir()
    if (
        not here
        or subprocess.run(["/usr/bin/python3", "-c", "import uno"], capture_output=True, check=False).returncode
    ):
        notes.append("LibreOffice, python3-uno or unoserver is not installed: not measured.")
        yield 0
        return
    port, inner = free_port(), free_port()
    command = ["/usr/bin/python3", "-m", "unoserver.server", "--port", str(port), "--uno-port", str(inner)]
    command += ["--user-installation", str(run / "office"), "--quiet"]
    with running(command, environ | {"PYTHONPATH": str(sites[0])}, run, port):
        yield port


@contextmanager
def peer(run: Path, notes: list[str]) -> Iterator[tuple[Peer | None, bool]]:
    """The peers that are there, and whether unoserver is among them."""
    if not (PEERS / "bin" / "python").exists():
        notes.append("There is no .tools/peers: no peer was measured. The file says how to make it.")
        yield None, False
        return
    environ = fonts_for_peers(run)
    with ExitStack() as stack:
        port = stack.enter_context(converter(run, environ, notes))
        command = [str(PEERS / "bin" / "python"), str(ROOT / "benchmarks" / "convention_peers.py"), str(port)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        process = stack.enter_context(subprocess.Popen(command, env=environ, cwd=run, **pipes))
        stack.callback(process.kill)
        yield Peer(process, run), bool(port)


def data_of(rank: int) -> Data:
    """The example with other names, so that nothing set before is set again as it was."""
    data: Data = json.loads((LIBRARY / "example.json").read_text("utf-8"))
    text = json.dumps(data, ensure_ascii=False)
    for name in ("Champratel", "Ophys", "Logidôme", "Alliade"):
        text = text.replace(name, f"{name} {rank}")
    return json.loads(text)


def rendered(text: str, library: Library, data: Data, rank: int) -> model.Rendered:
    told = {"lang": "fr", "reference": f"CHA-{rank:04}", "date": DAY, "issuer": ISSUER}
    address = f"https://relais.example.org/verifier/{rank:04}"
    return model.render(model.load(text, library), data, verify_url=address, **told)


def template_of(copy: bytes, run: Path) -> Path:
    """Our DOCX as a template: the names of the landlords are to be filled in."""
    file = run / "template.docx"
    names = {"Ophys 0": "{{ first }}", "Logidôme 0": "{{ second }}", "Champratel 0": "{{ place }}"}
    with zipfile.ZipFile(io.BytesIO(copy)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            held = old.read(part)
            if part == "word/document.xml":
                text = held.decode()
                for name, field_name in names.items():
                    text = text.replace(name, field_name)
                held = text.encode()
            new.writestr(part, held)
    return file


def measured(run: Path, rounds: int, notes: list[str]) -> Laps:
    laps, address = Laps(), ("Mission relogement", "63000 Clermont-Ferrand")
    style = HouseStyle.load(ROOT / "templates" / "house-style", organisation="Ville", address=address)
    text, library = (LIBRARY / "model.md").read_text("utf-8"), Library.beside(LIBRARY / "model.md")
    with peer(run, notes) as (others, has_office):
        for rank in range(rounds + 2):
            made, copy, set_pdf = ours(laps, text, library, style, rank)
            if rank == 0:
                with pikepdf.open(io.BytesIO(set_pdf)) as opened:
                    notes.append(f"{len(opened.pages)} pages, {rounds} rounds; PDF {len(set_pdf) // 1024} kB")
                template = template_of(copy, run)
            if others is not None:
                theirs(laps, others, run, page(made.document, style), copy, template, rank, has_office=has_office)
    return laps


def ours(laps: Laps, text: str, library: Library, style: HouseStyle, rank: int) -> tuple[model.Rendered, bytes, bytes]:
    data = data_of(rank)
    made = laps.run("content", lambda: rendered(text, library, data, rank))
    copy = laps.run("docx", lambda: docx.write(made.document, style, content_hash=content_hash(made.document)))
    done = laps.run("pdf", lambda: pdf.write(made.document, style, date=DAY).bytes)
    return made, copy, done


def theirs(
    laps: Laps, others: Peer, run: Path, html: str, copy: bytes, template: Path, rank: int, *, has_office: bool
) -> None:
    (run / "page.html").write_text(html)
    (run / "copy.docx").write_bytes(copy)
    laps.add("WeasyPrint", *others.timed(do="html", file=str(run / "page.html"), out=str(run / "page.pdf")))
    if has_office:
        laps.add("unoserver", *others.timed(do="convert", file=str(run / "copy.docx"), out=str(run / "copy.pdf")))
        order = {"do": "convert", "file": str(run / "copy.docx"), "out": str(run / "tagged.pdf"), "options": TAGGED}
        laps.add("unoserver, PDF/A-3 + PDF/UA", *others.timed(**order))
        names = {"first": f"Ophys {rank}", "second": f"Logidôme {rank}", "place": f"Champratel {rank}"}
        order = {"file": str(template), "names": names, "out": str(run / "filled.pdf")}
        laps.add("docxtpl + unoserver", *others.timed(do="template", **order))


def figures(laps: Laps) -> list[Figure]:
    """On the clock, then as work of all processes, which others on the machine change less."""
    told = [line(laps, at_work) for at_work in ("", ", at work")]
    return [one for part in told for one in part]


def line(laps: Laps, kind: str) -> list[Figure]:
    def ms(*names: str) -> float | None:
        several = [laps.median(name + kind) for name in names]
        return None if None in several else sum(filter(None, several))

    own = ms("pdf") or 0.0
    return [
        Figure(f"PDF/A-3a + PDF/UA-1 from content (unoserver){kind}", own, "ms", ms("unoserver")),
        Figure(f"the same (unoserver, PDF/A-3 + PDF/UA){kind}", own, "ms", ms("unoserver, PDF/A-3 + PDF/UA")),
        Figure(f"the same (WeasyPrint, PDF/A-3a){kind}", own, "ms", ms("WeasyPrint")),
        Figure(f"model and data to content{kind}", ms("content") or 0.0, "ms"),
        Figure(f"DOCX from content{kind}", ms("docx") or 0.0, "ms"),
        Figure(f"all of it (docxtpl + unoserver){kind}", ms(*OURS) or 0.0, "ms", ms("docxtpl + unoserver")),
    ]


def verdicts(laps: Laps) -> Iterator[str]:
    """How many times as fast, beside the aim."""
    for name, aim in AIMS.items():
        parts = OURS if "docxtpl" in name else ("pdf",)
        for kind in ("", ", at work"):
            own, other = sum(laps.median(part + kind) or 0.0 for part in parts), laps.median(name + kind)
            if own and other:
                yield f"{other / own:.1f} times as fast as {name}{kind} (aim: {aim:.0f})"


@click.command()
@click.option("--json", "as_json", is_flag=True)
@click.option("--rounds", default=12, help="Conventions written, after two that are not counted.")
def main(as_json: bool, rounds: int) -> None:
    """Measure a convention of ten pages."""
    notes = [around()]
    os.environ["RAYON_NUM_THREADS"] = "1"  # as in a worker: workflow/outbox/worker.py
    with ground() as run:
        laps = measured(run, rounds, notes)
    show("A convention of ten pages", figures(laps), [*notes, *verdicts(laps)], as_json=as_json)


if __name__ == "__main__":
    main()
