"""What can be read of a downloaded paper, with other people's programs."""

import re
import subprocess
import zipfile
from pathlib import Path

REFERENCE = re.compile(r"RL-[0-9A-Z]{4}-[0-9A-Z]{4}")


def told_by(program: str, *words: str | Path) -> str:
    """What a program says of a paper, whatever its exit code."""
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout + done.stderr


def text_of(paper: Path) -> str:
    """Every word of a PDF (text, properties, attached data) or of a DOCX (all its parts)."""
    if paper.suffix == ".pdf":
        return told_by("pdftotext", "-layout", paper, "-") + told_by("pdfinfo", paper) + _attached(paper)
    with zipfile.ZipFile(paper) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def printed_reference(pdf: Path) -> str:
    """The reference printed on the paper."""
    found = REFERENCE.search(told_by("pdftotext", "-layout", pdf, "-"))
    assert found, "no reference is printed"
    return found[0]


def _attached(pdf: Path) -> str:
    folder = pdf.with_suffix(".attached")
    folder.mkdir(exist_ok=True)
    told_by("pdfdetach", "-saveall", "-o", folder, pdf)
    return "\n".join(file.read_text("utf-8", "replace") for file in sorted(folder.iterdir()))
