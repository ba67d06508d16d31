"""Annexes that are files of their own: they travel inside the PDF, and the paper prints their hashes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from documents.content import AttachedFile, AttachedFiles, Block
from documents.findings import Finding
from documents.numbers import Numbers

Attachment = tuple[str, str, bytes, str]


@dataclass(frozen=True, slots=True)
class AnnexFile:
    """`name`: the name of the file; `title`: what it is, for a file the front matter has no entry for."""

    name: str
    media_type: str
    data: bytes
    title: str = ""


def listed(
    titles: Sequence[str], files: Sequence[AnnexFile], numbers: Numbers, found: list[Finding]
) -> tuple[Block, ...]:
    """The printed list of the files. `titles`: those the front matter announces; one without a file is reported."""
    for title in titles[len(files) :]:
        found.append(Finding("annex_missing", "The annex “%(title)s” is announced, and no file is attached.",
                             {"title": title}))  # fmt: skip
    announced = [*titles, *(one.title or one.name for one in files[len(titles) :])]
    return (AttachedFiles(tuple(map(_listed, announced, files, (numbers.next("annex") for _ in files)))),) * bool(files)


def _listed(title: str, file: AnnexFile, number: int) -> AttachedFile:
    return AttachedFile(number, title, file.name, len(file.data), hashlib.sha256(file.data).hexdigest())


def attachments(files: Sequence[AnnexFile]) -> tuple[Attachment, ...]:
    """The files for `documents.pdf.write`."""
    return tuple((one.name, one.media_type, one.data, one.title or one.name) for one in files)
