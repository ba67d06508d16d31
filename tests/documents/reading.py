"""The words of a paper, read back out of its files."""

import io
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docx import Document as open_docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

# Millimetres of the page between header and footer, in points at 72 per inch.
BODY = ["-x", "0", "-y", "50", "-W", "596", "-H", "726"]


def words_of_pdf(made: bytes, folder: Path) -> list[str]:
    file = folder / "paper.pdf"
    file.write_bytes(made)
    said = subprocess.run(["pdftotext", "-raw", *BODY, file, "-"], capture_output=True, check=True, text=True).stdout
    return words_in(said)


def words_of_docx(made: bytes) -> list[str]:
    return words_in(" ".join(lines_in(open_docx(io.BytesIO(made)))))


def words_in(said: str) -> list[str]:
    """Poppler takes the narrow space before ; ! ? for none."""
    return re.sub(r"\s+(?=[;!?])", "", re.sub(r"[\s•–]+", " ", said)).split()


def lines_in(place: Any) -> Iterator[str]:
    for block in place.iter_inner_content():
        if isinstance(block, Paragraph):
            yield from (f"{number_of(block)} {block.text}").split("\n")
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row.cells:
                    yield from lines_in(cell)


def number_of(line: Paragraph) -> str:
    """Word counts the items itself; so does this, for lists of ten items at most."""
    identity = line._p.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
    if identity is None:
        return ""
    numbering = line.part.numbering_part.element
    (abstract,) = numbering.xpath(f"w:num[@w:numId='{identity.val}']/w:abstractNumId/@w:val")
    ordered = numbering.xpath(f"w:abstractNum[@w:abstractNumId='{abstract}']/w:lvl[1]/w:numFmt/@w:val") == ["decimal"]
    before = line._p.xpath(f"preceding-sibling::w:p[w:pPr/w:numPr/w:numId/@w:val='{identity.val}']")
    return f"{len(before) + 1}." if ordered else ""
