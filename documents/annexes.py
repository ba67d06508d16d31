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
    """`name`: the name of the file; `title`: what it is, for a file the front matter has no entry for; `audiences`: who
    gets it, every reader where none is named.
    """

    name: str
    media_type: str
    data: bytes
    title: str = ""
    audiences: Sequence[str] = ()


def for_reader(
    announced: Sequence[tuple[str, bool]], files: Sequence[AnnexFile], audience: str
) -> tuple[list[str], list[AnnexFile]]:
    """(titles, files) of what one reader gets. announced: (title, whether it is for that reader) of the front matter.

    What is not for the reader is neither attached nor named.
    """
    withheld = [title for title, given in announced if not given]
    pairs, _others = _paired([title for title, _given in announced], files)
    kept_back = [file for title, file in pairs if title in withheld]
    given = [one for one in files if one not in kept_back and (not audience or _is_for(one, audience))]
    gone = [title for title, file in pairs if file not in given]
    return [title for title, _given in announced if title not in (*withheld, *gone)], given


def _is_for(file: AnnexFile, audience: str) -> bool:
    return not file.audiences or audience in file.audiences


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
