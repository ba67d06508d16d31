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
    pairs, others = _paired(titles, files)
    for title in titles:
        if title not in {announced for announced, _file in pairs}:
            found.append(Finding("annex_missing", "The annex “%(title)s” is announced, and no file is attached.",
                                 {"title": title}))  # fmt: skip
    pairs += [(one.title or one.name, one) for one in others]
    return (AttachedFiles(tuple(_listed(title, file, numbers.next("annex")) for title, file in pairs)),) * bool(files)


def _paired(titles: Sequence[str], files: Sequence[AnnexFile]) -> tuple[list[tuple[str, AnnexFile]], list[AnnexFile]]:
    """Each announced title with the file that bears it, else with the next one that bears none; and the other files."""
    rest, pairs = list(files), []
    for title in titles:
        fitting = next((one for one in rest if one.title == title), None) or next(
            (one for one in rest if not one.title), None
        )
        if fitting is not None:
            rest.remove(fitting)
            pairs.append((title, fitting))
    return pairs, rest


def _listed(title: str, file: AnnexFile, number: int) -> AttachedFile:
    return AttachedFile(number, title, file.name, len(file.data), hashlib.sha256(file.data).hexdigest())


def attachments(files: Sequence[AnnexFile]) -> tuple[Attachment, ...]:
    """The files for `documents.pdf.write`."""
    return tuple((one.name, one.media_type, one.data, one.title or one.name) for one in files)
